/*
 * Work: what the program has to do, in real time, before a timer of the world may fire.
 *
 * The rule: a row is all there is to know of it. Whoever finds it begins from nothing, undoing
 * what was left half done; so a crash costs time only, and a step whose work it delays ends late.
 * Rows are made and ended by lifecycle_work.c, and go with their timers.
 */
#ifndef STATE_WORK_H
#define STATE_WORK_H

#include <stdbool.h>
#include <stdint.h>

struct store;

struct work {
    int64_t id;              /* of no other work, ever */
    const char *kind, *arn;  /* of the timer */
    const char *task, *what; /* what is to be done, with what; task NULL: it is done */
    const char *undo;        /* the task that takes back what was done; NULL: none is needed */
    const char *partner;     /* the ARN of another, whose step is the same; or NULL */
};

/* The first to be done behind the id `after`, without its undo; false when there is none. */
bool work_next(struct store *, int64_t after, struct work *);

/*
 * Whether there may be other rows than when `*seen`, 0 at first, was left by this: so that asking
 * often costs nothing.
 */
bool work_may_be_new(struct store *, int *seen);
bool work_is(struct store *, int64_t id); /* still to be done */

/* For state/ only. */
void work_add(struct store *, const struct work *);
bool work_find(struct store *, const char *kind, const char *arn,
    struct work *);                                                /* without `what` */
void work_undo(struct store *, const char *kind, const char *arn); /* is now to be done, instead */
/* It is done; nothing is kept of what can't be taken back. */
void work_done(struct store *, const char *kind, const char *arn);

#endif
