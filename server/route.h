/* Which door a request goes through: the API, the control API, or none. */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

struct exchange;
struct server;

void route(struct server *, struct exchange *);

#endif
