/*
 * Jobs: work too long for one turn of the loop, done a piece at a time so that
 * nobody else has to wait for it.
 */
#ifndef SERVER_JOB_H
#define SERVER_JOB_H

#include <stdbool.h>

struct server;

/*
 * `work` is called once a turn, and does at most a few milliseconds of it; false when it is done.
 */
void job_add(struct server *, bool (*work)(void *context), void *context);

/*
 * The same for work that is in the middle of a step between its turns: until it is done no other
 * job has a turn, no timer fires, and calls that could begin a step are put aside (see route.c).
 */
void job_add_alone(struct server *, bool (*work)(void *context), void *context);
bool jobs_are_alone(const struct server *); /* such work is going on */

/* Gives each job a turn; true while there is one left. */
bool jobs_run(struct server *);

#endif
