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
 * Should the server end before, `give_up` is called instead: it joins and frees what is the job's
 * (NULL: nothing is). Its exchange is then broken off.
 */
void job_add(struct server *, bool (*work)(void *context), void (*give_up)(void *context),
    void *context);

/*
 * For work that cannot stop half way: `work` is done on a thread of its own, which has the store to
 * itself. Until it is done no other job has a turn, no timer fires, and calls that could begin a
 * step are put aside (see route.c). Then the loop calls `end`, and they come back. There can be one
 * of these at a time.
 */
void job_add_alone(struct server *, void (*work)(void *context), void (*end)(void *context),
    void *context);
bool jobs_are_alone(const struct server *); /* such work is going on, or is about to */

/*
 * Said by a job in its turn: it has nothing to do until something happens, here or elsewhere. It
 * still gets a turn with all others, but nobody hurries for it.
 */
void job_wait(struct server *);

/* ---- for the loop ------------------------------------------------------- */

/* Ends work that was alone and is done; false while it goes on. */
bool jobs_have_store(struct server *);

/* Gives each job a turn, and the store its checkpoint; true while there is one that does not wait.
 */
bool jobs_run(struct server *);

/* At the end of a turn: begins work that is to be alone. True when there is any: from now on its
   thread has the store, and wakes the loop when it is done. */
bool jobs_leave_store(struct server *);

/* The server ends: work that is alone is interrupted, and ended; all other is given up. True when
   there was some alone: who was put aside for it came back. */
bool jobs_close(struct server *);

#endif
