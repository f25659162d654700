/* Outcomes (outcome.h) meet the steps that they are for. */
#ifndef STATE_LIFECYCLE_OUTCOME_H
#define STATE_LIFECYCLE_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/* How far a search of the steps under way has come; begins as zeros. */
struct steps_seen {
    int64_t due_ms;
    char clock[13], kind[32], arn[2049];
};

/*
 * Lets an outcome that was just added take the steps under way that fit it, those that would end
 * first before others, as if it had been there when they began; where its `after` has passed
 * already, they end now. Looks at up to `budget` steps behind those that were seen; false when it
 * is done.
 */
bool lifecycle_tell_pending(struct store *, int64_t outcome_id, struct steps_seen *, int budget);

/* For state/ only: a step begins, with this timer, and may be told its end at once. */
struct timeout;
struct timer;
void lifecycle_ask_outcomes(struct store *, const struct timeout *, struct timer *);

#endif
