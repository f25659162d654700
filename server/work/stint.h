/*
 * Stints: work written as one function, done a piece at a time. It runs on a stack of its own, a
 * thread, but only ever while its job has a turn and the loop waits for it: so it may touch
 * whatever the loop may.
 */
#ifndef SERVER_WORK_STINT_H
#define SERVER_WORK_STINT_H

#include <stdbool.h>

struct server;
struct stint;

/*
 * `work` is begun at the next turn of jobs; once it has returned `end` is called, by the loop.
 * Should the server end before, `work` is told so, and `end` comes at once.
 */
void stint_add(struct server *, void (*work)(struct stint *, void *context),
    void (*end)(struct stint *, void *context), void *context);

/* For the work: whether it has gone on for as long as others may wait for it. */
bool stint_is_long(const struct stint *);

/* Gives others their turn. It has nothing open then that they could be in the way of. */
void stint_rest(struct stint *);

/* The server ends: nothing is waited for, and the work has to end, too. */
bool stint_is_over(const struct stint *);

#endif
