/* Timers: rows that say what will happen by itself. For lifecycle.c and inference.c. */
#ifndef STATE_TIMER_H
#define STATE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct store;

struct timer {
    const char *kind, *arn, *event;
    const char *message; /* the status message to leave; NULL for the usual one */
    int64_t due_ms;
};

void timer_arm(struct store *, const struct timer *);
void timer_disarm(struct store *, const char *kind, const char *arn);
bool timer_next(struct store *, struct timer *); /* the one due first; false when there is none */

#endif
