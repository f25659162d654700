/*
 * Timers: rows that say what will happen by itself, each of one kind. Those of a lifecycle are set
 * by lifecycle*.c; those of timers.def by the resource that fires them. Others may look.
 */
#ifndef STATE_TIMER_H
#define STATE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct store;

struct timer {
    const char *kind, *arn, *event;
    const char *message; /* the status message to leave; NULL for the usual one */
    int64_t begun_ms;    /* when the waiting began */
    int64_t due_ms;
    const char *clock;  /* by which it is due, as it was read: "" the world's, or an account's */
    int64_t polls;      /* so many answers that show it end it, and it has no due time; 0: it has */
    int64_t breakpoint; /* that holds it, or has held it; 0: none */
};

void timer_arm(struct store *, const struct timer *); /* due at the end of time at the latest */

/*
 * Of a status that was just entered, which has no timer yet. What is due at once mostly fires before
 * the step ends: it is a row only when something else is asked of timers meanwhile.
 */
void timer_arm_new(struct store *, const struct timer *);
void timer_write_down(struct store *); /* is asked */

void timer_disarm(struct store *, const char *kind, const char *arn);

/* Whether it awaits work (work.h): then it does not fire. */
void timer_await(struct store *, const char *kind, const char *arn, bool awaits);

/* Whether it is held by a breakpoint: then neither. Released, it is due now. */
void timer_hold(struct store *, const char *kind, const char *arn, int64_t breakpoint);
void timer_release(struct store *, const char *kind, const char *arn);

/* The next that a breakpoint holds, in the order of kind and arn. */
bool timer_held(struct store *, int64_t breakpoint, const struct timer *after, struct timer *);

/* An answer showed its step, which may have been one of those that it waits for. */
void timer_poll(struct store *, const char *kind, const char *arn);

/* The next that waits for answers, in the order of kind and arn. */
bool timer_that_polls(struct store *, const struct timer *after, struct timer *);

/* The one that fires first by the clock of the step; false when there is none. */
bool timer_next(struct store *, struct timer *);
/* The next after one, in the order of clock, due_ms, kind and arn, also of those that do not fire. */
bool timer_after(struct store *, const struct timer *, struct timer *);

/* When the first that is not to forget is due by the clock of the step; INT64_MAX: never. */
int64_t timer_next_end(struct store *);

int64_t timer_count(struct store *); /* of those that will fire by themselves */

/* What `arn` waits for; false: nothing of this kind. */
bool timer_find(struct store *, const char *kind, const char *arn, struct timer *);

#endif
