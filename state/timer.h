/*
 * Timers: rows that say what will happen by itself. They are set by lifecycle.c and inference.c
 * only; others may look.
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
};

void timer_arm(struct store *, const struct timer *); /* due at the end of time at the latest */
void timer_disarm(struct store *, const char *kind, const char *arn);
bool timer_next(struct store *, struct timer *); /* the one due first; false when there is none */
bool timer_after(struct store *, const struct timer *, struct timer *); /* the next in that order */

int64_t timer_count(struct store *);

/* What `arn` waits for; false: nothing of this kind. */
bool timer_find(struct store *, const char *kind, const char *arn, struct timer *);

#endif
