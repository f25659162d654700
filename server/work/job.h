/*
 * Jobs: work too long for one turn of the loop, done a piece at a time so that
 * nobody else has to wait for it.
 */
#ifndef SERVER_WORK_JOB_H
#define SERVER_WORK_JOB_H

#include <stdbool.h>

struct server;

/*
 * `work` is called once a turn, and does at most a few milliseconds of it; false when it is done.
 */
void job_add(struct server *, bool (*work)(void *context), void *context);

/*
 * For work that cannot stop half way: `work` is done on a thread of its own, which has the store to
 * itself. Until it is done no other job has a turn, no timer fires, and calls that could begin a
 * step are put aside (see route.c). Then the loop calls `end`, if there is one.
 */
void job_add_alone(struct server *, void (*work)(void *context), void (*end)(void *context),
    void *context);
bool jobs_are_alone(const struct server *); /* such work is going on */

/*
 * Said by a job in its turn: it has nothing to do until something happens, here or elsewhere. It
 * still gets a turn with all others, but nobody hurries for it.
 */
void job_wait(struct server *);

/* Gives each job a turn; true while there is one that does not wait. */
bool jobs_run(struct server *);

/* The server stops: work that is alone is given up, and ended. */
void jobs_stop(struct server *);

void jobs_close(struct server *); /* forgets those left; what they work on is not theirs to free */

#endif
