/*
 * Work: what the program has to do, in real time, before a timer of the world may fire.
 *
 * The rule: a row is all there is to know of it. Whoever finds it begins from nothing, undoing
 * what was left half done; so a crash costs time only. Rows are made and ended by lifecycle_hold()
 * and lifecycle_release().
 */
#ifndef STATE_WORK_H
#define STATE_WORK_H

#include <stdbool.h>
#include <stdint.h>

struct store;
struct timer;

struct work {
    int64_t id; /* of no other work, ever */
    const char *kind, *arn, *task, *what;
};

/* The first behind the id `after`; false when there is none. */
bool work_next(struct store *, int64_t after, struct work *);

/*
 * Whether there may be other rows than when `*seen`, 0 at first, was left by this: so that asking
 * often costs nothing.
 */
bool work_may_be_new(struct store *, int *seen);
bool work_is(struct store *, int64_t id); /* still to be done */

/* For state/ only. */
void work_add(struct store *, const char *kind, const char *arn, const char *task,
    const char *what);
bool work_timer(struct store *, const char *kind, const char *arn, struct timer *);
void work_tell(struct store *, const struct timer *); /* its end is another now */
void work_remove(struct store *, const char *kind, const char *arn);

#endif
