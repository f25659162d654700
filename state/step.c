#include "step.h"

#include "clock.h"
#include "fault.h"
#include "history.h"
#include "lifecycle.h"
#include "store.h"
#include "world.h"

/* A store that failed is tried again after this long. */
#define RETRY_MS 1000

/* The machine's clock may be set while the loop sleeps: so it does not sleep for longer than this. */
#define SLEEP_MS 60000

/* Timers fired in one step: enough to be quick, few enough that no caller waits for long. */
#define TIMERS_PER_STEP 200

/* Whether nothing has changed since `quiet` was made, and nothing is due yet at its clock's moment. */
static bool
is_quiet(const struct store *store, const struct quiet *quiet)
{
    return quiet->known && quiet->changes == store_changes(store) &&
           clock_now(&quiet->clock) < quiet->due_ms && !clock_is_ahead();
}

static void
read_clock(struct store *store, struct quiet *quiet)
{
    if (!quiet->clock_known)
        quiet->clock = world_clock(store);
    quiet->clock_known = !store_failed(store);
}

/* Fires what is due at the moment of the step, and finds out for how long nothing will be. */
static bool
settle(struct store *store)
{
    struct quiet *quiet = store_quiet(store);
    bool fired;

    quiet->known = false;
    quiet->faults = quiet->faults && fault_exists(store);
    fired = lifecycle_run(store, TIMERS_PER_STEP, &quiet->due_ms);
    read_clock(store, quiet);
    quiet->changes = store_changes(store);
    quiet->known = !store_failed(store);
    return fired;
}

/* True when something was due, and was fired. */
static bool
begin(struct store *store)
{
    struct quiet *quiet = store_quiet(store);

    if (clock_is_ahead())
        world_follow_wall(store);
    store_begin(store, "timer");
    if (is_quiet(store, quiet)) {
        store_set_now(store, clock_now(&quiet->clock));
        return false;
    }
    read_clock(store, quiet);
    store_set_now(store, clock_now(&quiet->clock));
    return settle(store);
}

static bool
commit(struct store *store)
{
    world_reserve_ids(store);
    return store_commit(store);
}

void
step_begin(struct store *store, const char *cause)
{
    /* Without a savepoint, what step_end() drops is the whole transaction: nothing was fired. */
    if (begin(store))
        store_savepoint(store);
    store_set_cause(store, store_keep(store, cause));
}

bool
step_end(struct store *store, bool keep)
{
    bool changed = store_quiet(store)->changes != store_changes(store);

    if (!keep && changed) {
        store_drop(store);
    } else if (changed) {
        /* What takes no time is over at once: that saves the next step a transaction. */
        store_set_cause(store, "timer");
        settle(store);
    }
    return commit(store);
}

int64_t
step_idle(struct store *store)
{
    const struct quiet *quiet = store_quiet(store);
    int64_t wait_ms;

    if (!is_quiet(store, quiet)) {
        begin(store);
        if (!commit(store))
            return RETRY_MS;
    }
    wait_ms = clock_wait(&quiet->clock, quiet->due_ms);
    return wait_ms == INT64_MAX || wait_ms < SLEEP_MS ? wait_ms : SLEEP_MS;
}

bool
step_is_caught_up(struct store *store)
{
    return step_idle(store) > 0;
}

void
step_look(struct store *store)
{
    store_begin(store, "look");
}

bool
step_looked(struct store *store)
{
    return commit(store);
}

int64_t
step_mark(const struct store *store)
{
    return store_changes(store);
}
