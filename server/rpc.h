/* The road of an API call: admit, gather, perform unless a fault strikes, answer, record, send. */
#ifndef SERVER_RPC_H
#define SERVER_RPC_H

#include <stdbool.h>

struct exchange;
struct server;

/* Takes the exchange over and ends it. */
void rpc_serve(struct server *, struct exchange *);

/* Ends a request that was not let in, for the reason `why`. */
void rpc_shut_out(struct server *, struct exchange *, const char *why);

/*
 * Ends a request that never became a call, with `status` and, but for 413, an error of the front
 * door's parser.
 */
void rpc_refuse(struct server *, struct exchange *, unsigned status, const char *why);

/* The steps that the calls of a turn shared are kept, or undone: answers those calls. `context` is the
   server. See step.h. */
void rpc_settled(void *context, bool kept);

#endif
