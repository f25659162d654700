#include "lifecycle_outcome.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/glob.h"
#include "clocks.h"
#include "lifecycle_table.h"
#include "lifecycle_work.h"
#include "outcome.h"
#include "store.h"
#include "timer.h"

/* The step ends as the outcome says, but never in the past. */
static void
set_end(struct store *store, const struct timeout *step, const struct outcome *outcome,
    struct timer *timer)
{
    int64_t now = clocks_now_at(store, timer->arn);

    timer->event = step->otherwise;
    timer->message = outcome->message;
    if (outcome->after_ms != OUTCOME_AS_USUAL)
        timer->due_ms = timer->begun_ms + outcome->after_ms, timer->polls = 0;
    if (timer->due_ms < now)
        timer->due_ms = now;
}

void
lifecycle_ask_outcomes(struct store *store, const struct timeout *step, struct timer *timer)
{
    struct outcome outcome;

    if (lifecycle_can_fail(step) && outcome_take(store, step->step, timer->arn, &outcome))
        set_end(store, step, &outcome, timer);
}

static void
tell_if_it_fits(struct store *store, struct timer *timer, struct outcome *outcome)
{
    const struct timeout *step = lifecycle_find_step(timer->kind, timer->event);

    if (step == NULL || strcmp(step->step, outcome->event) != 0 ||
        !glob_matches(outcome->resource, timer->arn))
        return;
    if (!outcome_strikes(store, outcome))
        return;
    set_end(store, step, outcome, timer);
    lifecycle_tell(store, timer);
}

/* A whole ARN needs no search. */
static void
tell_the_one(struct store *store, struct outcome *outcome)
{
    struct timer timer;

    for (size_t i = 0; i < lifecycle_timeout_count && outcome->hits < outcome->times; i++)
        if (strcmp(lifecycle_timeouts[i].step, outcome->event) == 0 &&
            timer_find(store, lifecycle_timeouts[i].kind, outcome->resource, &timer))
            tell_if_it_fits(store, &timer, outcome);
}

bool
lifecycle_tell_pending(struct store *store, int64_t outcome_id, struct steps_seen *seen, int budget)
{
    struct timer at = { .kind = seen->kind,
        .arn = seen->arn,
        .due_ms = seen->due_ms,
        .clock = seen->clock },
                 timer;
    struct outcome outcome;

    if (!outcome_find(store, outcome_id, &outcome))
        return false; /* it was removed meanwhile */
    if (glob_is_literal(outcome.resource)) {
        tell_the_one(store, &outcome);
        return false;
    }
    while (outcome.hits < outcome.times && timer_after(store, &at, &timer)) {
        at = timer;
        tell_if_it_fits(store, &timer, &outcome);
        if (--budget == 0) {
            seen->due_ms = at.due_ms;
            snprintf(seen->clock, sizeof seen->clock, "%s", at.clock);
            snprintf(seen->kind, sizeof seen->kind, "%s", at.kind);
            snprintf(seen->arn, sizeof seen->arn, "%s", at.arn);
            return outcome.hits < outcome.times;
        }
    }
    return false;
}
