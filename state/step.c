#include "step.h"

#include <string.h>

#include "clock.h"
#include "clocks.h"
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

/* Whether nothing has changed since the last look, and nothing is due yet at the clock's moment. */
static bool
is_quiet(struct store *store, const struct own_clock *own)
{
    const struct quiet *quiet = store_quiet(store);

    return quiet->known && quiet->changes == store_changes(store) && !own->stale &&
           store_now(store) < own->due_ms;
}

/* Fires what is due at the moment of the step, and finds out for how long nothing will be. */
static bool
settle(struct store *store)
{
    struct quiet *quiet = store_quiet(store);
    int64_t due_ms;
    bool fired;

    quiet->known = false;
    quiet->faults = quiet->faults && fault_exists(store);
    fired = lifecycle_run(store, TIMERS_PER_STEP, &due_ms);
    clocks_read(store);
    clocks_settle(store, due_ms);
    quiet->changes = store_changes(store);
    quiet->known = !store_failed(store);
    return fired;
}

/* What has begun is of the account. True when something was due, and was fired. */
static bool
fire(struct store *store, const char *account)
{
    struct own_clock *own;

    clocks_read(store);
    step_enter(store, account);
    own = clocks_of(store, account);
    store_set_now(store, clock_now(&own->clock));
    return !is_quiet(store, own) && settle(store);
}

static bool
begin(struct store *store, const char *account)
{
    if (clock_is_ahead())
        world_follow_wall(store);
    store_begin(store, "timer");
    return fire(store, account);
}

static bool
commit(struct store *store)
{
    world_reserve_ids(store);
    return store_commit(store);
}

void
step_enter(struct store *store, const char *account)
{
    const struct own_clock *own = clocks_of(store, account);

    if (strcmp(own->account, store_clock(store)) != 0)
        store_set_now(store, clock_now(&own->clock));
    store_set_account(store, account, own->account);
}

void
step_begin_of(struct store *store, const char *cause, const char *account)
{
    /* Without a savepoint, what step_end() drops is the whole transaction: nothing was fired. */
    if (begin(store, account))
        store_savepoint(store);
    store_set_cause(store, store_keep(store, cause));
}

void
step_begin(struct store *store, const char *cause)
{
    step_begin_of(store, cause, "");
}

void
step_begin_at(struct store *store, const char *cause, const char *arn)
{
    struct scope scope = { "", "" };

    arn_read(arn, &scope);
    step_begin_of(store, cause, scope.account);
}

bool
step_fire(struct store *store, const char *account)
{
    begin(store, account);
    return commit(store);
}

/* Fires what takes no time at once: that saves the next step a transaction. */
static void
settle_what_changed(struct store *store)
{
    struct quiet *quiet = store_quiet(store);

    if (quiet->known && quiet->at_once == NULL && !store_clocks(store)->stale) {
        quiet->changes = store_changes(store); /* no timer did */
        return;
    }
    store_set_cause(store, "timer");
    settle(store);
}

/* What is left of a step is its commit. */
static void
complete(struct store *store, bool keep)
{
    bool changed = store_quiet(store)->changes != store_changes(store);

    if (!keep && changed)
        store_drop(store);
    else if (changed)
        settle_what_changed(store);
    store_quiet(store)->at_once = NULL; /* what became of it, too, was dropped */
}

bool
step_end(struct store *store, bool keep)
{
    complete(store, keep);
    return commit(store);
}

/* ---- shared ------------------------------------------------------------- */

void
step_share(struct store *store, void (*tell)(void *context, bool kept), void *context)
{
    store_share(store, tell, context);
}

void
step_begin_shared(struct store *store, const char *cause, const char *account)
{
    if (clock_is_ahead())
        world_follow_wall(store);
    store_begin_shared(store, "timer");
    if (fire(store, account) || store_shares(store))
        store_savepoint(store);
    store_set_cause(store, store_keep(store, cause));
}

bool
step_end_shared(struct store *store, bool keep)
{
    complete(store, keep);
    world_reserve_ids(store);
    return store_commit_shared(store);
}

bool
step_is_shared(const struct store *store)
{
    return store_shares(store);
}

void
step_settle(struct store *store)
{
    store_settle(store);
}

/* ---- idle --------------------------------------------------------------- */

/* Whether it is known when the first of all clocks will have something to do. */
static bool
is_settled(struct store *store)
{
    const struct quiet *quiet = store_quiet(store);
    const struct clocks *clocks = store_clocks(store);

    return quiet->known && quiet->changes == store_changes(store) && clocks->known &&
           !clocks->stale && !clock_is_ahead();
}

int64_t
step_idle(struct store *store)
{
    char account[ACCOUNT_SIZE];
    int64_t wait_ms;

    if (!is_settled(store) && !step_fire(store, ""))
        return RETRY_MS;
    wait_ms = clocks_wait(store, account);
    if (wait_ms == 0) {
        if (!step_fire(store, account))
            return RETRY_MS;
        wait_ms = clocks_wait(store, account);
    }
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
