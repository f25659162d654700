/*
 * Gathering: a step of the world cannot wait for another server, so what a call names in S3 is
 * read before its step begins. gather.def says which calls name what.
 */
#ifndef SERVER_CALL_GATHER_H
#define SERVER_CALL_GATHER_H

#include <stdbool.h>

struct call;
struct server;

/*
 * False: there is nothing to wait for. True: `gathered` is called, later, when call->object is
 * there, read or not; until then the call must stay where it is.
 */
bool gather(struct server *, struct call *, void (*gathered)(void *context), void *context);

/* Frees call->object. */
void gather_free(struct call *);

#endif
