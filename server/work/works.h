/*
 * Works: what state/work.h says is to be done gets done, a piece in each turn of the loop.
 *
 * works.def has who does what. A worker is begun in a step, goes on in steps, and ends by saying
 * that the work is done or can't be (lifecycle_work.h); when its row is gone, or the world is
 * another, or the store failed, it is ended without, and what is still to be done is begun anew.
 * Work of a step that was told to fail is broken off: a worker need not ask.
 */
#ifndef SERVER_WORK_WORKS_H
#define SERVER_WORK_WORKS_H

#include <stdint.h>

struct server;
struct works;
struct work;
struct store;

/* What one turn of the loop gives to one worker. */
#define WORK_TURN_US 5000

enum worked {
    WORKED_SOME,    /* and there is more to do at once */
    WORKED_WAITING, /* for another server */
    WORKED_ALL,     /* it is done, or can't be */
};

#define WORK(task, begin, go_on, end)                                  \
    void *begin(struct server *, const struct work *);                 \
    enum worked go_on(void *worker, struct store *, int64_t until_us); \
    void end(void *worker);
#define UNDO WORK
#include "works.def"
#undef UNDO
#undef WORK

/* From now on, as a job; with what was left when the program ended last. */
struct works *works_open(struct server *);
void works_close(struct works *); /* ends the workers; their rows stay for the next time */

#endif
