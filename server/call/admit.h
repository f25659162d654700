/* Whether a request is a call that the service would look at. */
#ifndef SERVER_CALL_ADMIT_H
#define SERVER_CALL_ADMIT_H

#include <stdbool.h>

struct call;
struct exchange;
struct operation;
struct server;

/* The operation that the request names; NULL: none. */
const struct operation *admit_target(const struct exchange *);

/* Reads the call: what it asks for, who asks, and its input. Else it has failed. */
bool admit(struct call *, const struct server *, const struct exchange *);

#endif
