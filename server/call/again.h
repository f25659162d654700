/*
 * Calls that are made again with the ClientRequestToken of one that was answered.
 *
 * The rule: the same request gets the same answer, and nothing happens a second time; another request with the token is
 * refused.
 */
#ifndef SERVER_CALL_AGAIN_H
#define SERVER_CALL_AGAIN_H

#include <stdbool.h>

struct call;

/* Answers the call as it was answered before, or else by its function, whose answer is kept. */
bool again_or(struct call *, bool (*answer)(struct call *));

#endif
