#include "world.h"

#include "base/array.h"
#include "breakpoint.h"
#include "clock.h"
#include "clocks.h"
#include "base/ids.h"
#include "query.h"
#include "setting.h"
#include "store.h"

#define SECRET_DIGITS 64

/*
 * Words of the seed's sequence: how many are written down as given out before they are, so that
 * few calls have to, and how many may be given out between two steps.
 */
#define IDS_RESERVED 4096
#define IDS_BETWEEN_STEPS 64

/* A moment of the wall clock, as it is written down: 0 is none, but says that a clock is paused. */
static int64_t
not_paused(int64_t wall_ms)
{
    return wall_ms == 0 ? 1 : wall_ms;
}

int64_t
world_wall_now(void)
{
    return not_paused(clock_real_ms());
}

static void
make(struct store *store, bool frozen)
{
    char secret[SECRET_DIGITS + 1];
    int64_t wall_ms = world_wall_now();
    struct query q = query(store, SQL_WORLD_MAKE);

    ids_hex(store_ids(store), secret, SECRET_DIGITS);
    query_text(&q, ":mode", frozen ? "frozen" : "real");
    query_int(&q, ":base_ms", wall_ms < CLOCK_BEGIN_MS ? CLOCK_BEGIN_MS : wall_ms);
    query_int(&q, ":wall_ms", wall_ms);
    query_text(&q, ":secret", secret);
    query_run(&q);
}

bool
world_make(struct store *store, bool frozen)
{
    struct query q;
    int64_t drawn;

    store_begin(store, "start");
    q = query(store, SQL_WORLD_DRAWN);
    drawn = query_int_value(&q, -1);
    if (drawn == -1)
        make(store, frozen);
    else
        store_ids(store)->drawn = (uint64_t)drawn;
    if (drawn != -1) {
        q = query(store, SQL_WORLD_IS_WHOLE);
        query_run(&q);
    }
    return store_commit(store) && world_resume_clock(store);
}

static void
keep_drawn(struct store *store, uint64_t drawn)
{
    struct query q = query(store, SQL_WORLD_KEEP_DRAWN);

    query_int(&q, ":drawn", (int64_t)drawn);
    query_run(&q);
    store_ids(store)->kept = drawn;
}

void
world_reserve_ids(struct store *store)
{
    const struct ids *ids = store_ids(store);

    if (ids->seeded && ids->drawn + IDS_BETWEEN_STEPS > ids->kept)
        keep_drawn(store, ids->drawn + IDS_RESERVED);
}

bool
world_leave(struct store *store)
{
    if (!world_follow_wall(store))
        return false;
    store_begin(store, "leave");
    if (store_ids(store)->seeded)
        keep_drawn(store, store_ids(store)->drawn);
    return store_commit(store);
}

struct clock
world_clock(struct store *store)
{
    clocks_read(store);
    return clocks_of(store, store_clock(store))->clock;
}

bool
world_set_clock(struct store *store, bool frozen, double scale, int64_t now_ms)
{
    if (now_ms < store_now(store) || now_ms > CLOCK_END_MS)
        return false;
    clocks_read(store);
    clocks_write(store, clocks_of(store, store_clock(store)),
        &(struct clock){ .frozen = frozen,
            .scale = scale,
            .base_ms = now_ms,
            .wall_ms = world_wall_now() });
    return true;
}

/* Does it to the world's and to every account's, in a step of its own. */
static bool
change_clocks(struct store *store, const char *cause, bool (*change)(struct clock *))
{
    struct clocks *clocks = store_clocks(store);

    store_begin(store, cause);
    clocks_read(store);
    for (size_t i = 0; i <= clocks->count; i++) {
        struct own_clock *own = i == 0 ? &clocks->world : &clocks->own[i - 1];
        struct clock clock = own->clock;

        if (change(&clock))
            clocks_write(store, own, &clock);
    }
    return store_commit(store);
}

static bool
follow_wall(struct clock *clock)
{
    if (clock->paused || clock->frozen)
        return false;
    clock->base_ms = clock_now(clock);
    clock->wall_ms = not_paused(clock_wall_ms());
    return true;
}

bool
world_follow_wall(struct store *store)
{
    if (!change_clocks(store, "clock", follow_wall))
        return false;
    clocks_touch_all(store);
    if (!store_clocks(store)
             ->world.clock.paused) /* else it is a copy: the world has still to follow */
        clock_follow_wall();
    return true;
}

static bool
pause_clock(struct clock *clock)
{
    if (clock->paused)
        return false;
    clock->base_ms = clock_now(clock);
    clock->wall_ms = 0;
    return true;
}

bool
world_pause_clock(struct store *store)
{
    return change_clocks(store, "pause", pause_clock);
}

static bool
resume_clock(struct clock *clock)
{
    int64_t wall_ms = world_wall_now();
    bool was_behind = !clock->paused && !clock->frozen && clock->wall_ms > wall_ms;

    if (was_behind)
        clock_note_back(clock->wall_ms - wall_ms);
    if (!clock->paused && !was_behind)
        return false;
    clock->wall_ms = wall_ms;
    return true;
}

bool
world_resume_clock(struct store *store)
{
    return change_clocks(store, "resume", resume_clock);
}

static const enum sql resets[] = {
    SQL_HISTORY_RESET,
    SQL_DELIVERY_RESET,
    SQL_OUTCOME_RESET,
    SQL_FAULT_RESET,
    SQL_DETECTION_RESET,
    SQL_KNOWN_IMAGE_RESET,
    SQL_PERSON_RESET,
    SQL_KNOWN_VIDEO_RESET,
    SQL_LIVENESS_END_RESET,
    SQL_TOKEN_RESET,
};

/* From its end: what refers comes before what it refers to. */
static const enum sql resource_resets[] = {
#define RESOURCE(name, arn, key, tags) SQL_##name##_reset,
#include "resources.def"
};

static void
reset(struct store *store, enum sql sql, const char *account, const char *region)
{
    struct query q = query(store, sql);

    query_text(&q, ":account", account);
    query_text(&q, ":region", region);
    query_run(&q);
}

static void
reset_resources(struct store *store, const char *account, const char *region)
{
    reset(store, SQL_TIMER_RESET, account, region);
    for (size_t i = COUNT(resource_resets); i-- > 0;)
        reset(store, resource_resets[i], account, region);
}

void
world_remove_resources(struct store *store, const char *account)
{
    reset_resources(store, account, NULL);
    clocks_touch_all(store);
}

void
world_reset(struct store *store, const char *account, const char *region)
{
    breakpoint_remove_all(store, account, region);
    for (size_t i = 0; i < COUNT(resets); i++)
        reset(store, resets[i], account, region);
    reset_resources(store, account, region);
    reset(store, SQL_USAGE_RESET, account, region); /* what versions used is kept when they go */
    clocks_touch_all(store);
    store_quiet(store)->works++; /* what collections leave is to be removed */
}

void
world_forget(struct store *store, const char *account)
{
    struct query q = query(store, SQL_ACCOUNT_CLOCK_REMOVE_ALL);

    world_reset(store, account, NULL);
    setting_remove_all_own(store, account);
    query_text(&q, ":account", account);
    query_run(&q);
    store_clocks(store)->known = false;
    clocks_read(store);
    store_clocks(store)->written = true;
}

void
world_begin_again(struct store *store, bool frozen)
{
    int64_t wall_ms = world_wall_now();

    world_forget(store, NULL);
    setting_restore_all(store);
    clocks_write(store, &store_clocks(store)->world,
        &(struct clock){ .frozen = frozen,
            .scale = 1,
            .base_ms = wall_ms < CLOCK_BEGIN_MS ? CLOCK_BEGIN_MS : wall_ms,
            .wall_ms = wall_ms });
}

unsigned
world_stays(struct store *store, const char *account)
{
    struct query q = query(store, SQL_WORLD_STAYS);

    query_text(&q, ":account", account);
    return (unsigned)query_int_value(&q, 0);
}
