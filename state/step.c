#include "step.h"

#include "clock.h"
#include "lifecycle.h"
#include "store.h"

/* Timers fired in one step: enough to be quick, few enough that no caller waits for long. */
#define TIMERS_PER_STEP 1000

static bool
begin(struct store *store, const char *cause, struct clock *clock)
{
    bool fired;

    store_begin(store, "timer");
    *clock = clock_get(store);
    store_set_now(store, clock_now(clock));
    fired = lifecycle_run(store, TIMERS_PER_STEP);
    store_set_cause(store, store_keep(store, cause));
    return fired;
}

void
step_begin(struct store *store, const char *cause)
{
    struct clock clock;

    /* Without a savepoint, what step_end() drops is the whole transaction: nothing was fired. */
    if (begin(store, cause, &clock))
        store_savepoint(store);
}

bool
step_end(struct store *store, bool keep)
{
    if (!keep)
        store_drop(store);
    return store_commit(store);
}

int64_t
step_idle(struct store *store)
{
    struct clock clock;
    int64_t wait;

    begin(store, "timer", &clock);
    wait = clock_wait(&clock, lifecycle_next_due(store));
    return store_commit(store) ? wait : 1000;
}
