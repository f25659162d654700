#include "step.h"

#include "clock.h"
#include "lifecycle.h"
#include "store.h"
#include "world.h"

/* A store that failed is tried again after this long. */
#define RETRY_MS 1000

/* Timers fired in one step: enough to be quick, few enough that no caller waits for long. */
#define TIMERS_PER_STEP 1000

/* Whether nothing has changed since `quiet` was made, and nothing is due yet at its clock's moment. */
static bool
is_quiet(const struct store *store, const struct quiet *quiet)
{
    return quiet->known && quiet->changes == store_changes(store) &&
           clock_now(&quiet->clock) < quiet->due_ms;
}

/* Fires what is due; true when there was anything. */
static bool
begin(struct store *store, const char *cause)
{
    struct quiet *quiet = store_quiet(store);
    bool fired = false;

    store_begin(store, "timer");
    if (!is_quiet(store, quiet)) {
        quiet->clock = world_clock(store);
        store_set_now(store, clock_now(&quiet->clock));
        fired = lifecycle_run(store, TIMERS_PER_STEP);
        quiet->due_ms = lifecycle_next_due(store);
        quiet->changes = store_changes(store);
        quiet->known = !store_failed(store);
    } else {
        store_set_now(store, clock_now(&quiet->clock));
    }
    store_set_cause(store, store_keep(store, cause));
    return fired;
}

void
step_begin(struct store *store, const char *cause)
{
    /* Without a savepoint, what step_end() drops is the whole transaction: nothing was fired. */
    if (begin(store, cause))
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
    const struct quiet *quiet = store_quiet(store);

    if (!is_quiet(store, quiet)) {
        begin(store, "timer");
        if (!store_commit(store))
            return RETRY_MS;
    }
    return clock_wait(&quiet->clock, quiet->due_ms);
}

bool
step_is_caught_up(struct store *store)
{
    return step_idle(store) > 0;
}
