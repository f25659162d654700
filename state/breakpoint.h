/*
 * Breakpoints: steps whose end is held until it is released, for tests of what happens meanwhile.
 *
 * The rule: a breakpoint takes the next `times` steps that fit it and are due; of several that fit, the one
 * that spells out most of the ARN, and of those the oldest. A step that is held has no due time any
 * more; what it awaits is in its timer.
 */
#ifndef STATE_BREAKPOINT_H
#define STATE_BREAKPOINT_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/* A row, as it was read; its texts live until the step ends. */
struct breakpoint {
    int64_t id;
    const char *resource; /* a glob of ARNs */
    const char *event;    /* a step of lifecycle.def */
    int64_t times, hits;  /* the steps that it is for, and those it has had */
};

/* Adds one, which has had no step yet; its id. */
int64_t breakpoint_add(struct store *, const struct breakpoint *);

/* The next after `*after`, oldest first, which it moves on. */
bool breakpoint_next(struct store *, int64_t *after, struct breakpoint *);

/* The next ARN behind `after` (of kind and ARN; "" before the first) whose step it holds. */
struct timer;
bool breakpoint_holds(struct store *, int64_t id, const struct timer *after, struct timer *);

/* What it holds ends now. False when there is no such breakpoint. */
bool breakpoint_release(struct store *, int64_t id);

/* Likewise, and it is gone. */
bool breakpoint_remove(struct store *, int64_t id);

/* Those that are for the account, the region, or both alone (NULL: any); how many there were. */
int breakpoint_remove_all(struct store *, const char *account, const char *region);

/* For state/ only. */
bool breakpoint_exists(struct store *, int64_t id);

/* For state/ only: whether the end of this step is held, from now on. */
bool breakpoint_takes(struct store *, const char *event, const struct timer *);

#endif
