/* Which door a request goes through: the API, the control API, or none. */
#ifndef SERVER_ROUTE_H
#define SERVER_ROUTE_H

struct exchange;
struct server;

void route(struct server *, struct exchange *);

/* The same for a request that is refused before it is one; see http.h. */
void route_refuse(struct server *, struct exchange *, unsigned status, const char *why);

#endif
