#include "world.h"

#include "base/array.h"
#include "clock.h"
#include "base/ids.h"
#include "query.h"
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

static void
make(struct store *store, bool frozen)
{
    char secret[SECRET_DIGITS + 1];
    int64_t wall_ms = not_paused(clock_real_ms());
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
    struct clock clock = { .scale = 1, .base_ms = 0 };
    struct query q = query(store, SQL_CLOCK_GET);

    if (query_row(&q)) {
        clock.frozen = query_column_int(&q, 0) != 0;
        clock.base_ms = query_column_int(&q, 1);
        clock.wall_ms = query_column_int(&q, 2);
        clock.scale = query_column_number(&q, 3);
        clock.paused = clock.wall_ms == 0;
        query_done(&q);
    }
    return clock;
}

static void
write_clock(struct store *store, const struct clock *clock)
{
    struct query q = query(store, SQL_CLOCK_SET);

    store_quiet(store)->clock_known = false;
    query_text(&q, ":mode", clock->frozen ? "frozen" : "real");
    query_int(&q, ":base_ms", clock->base_ms);
    query_int(&q, ":wall_ms", clock->wall_ms);
    query_number(&q, ":scale", clock->scale);
    query_run(&q);
}

bool
world_set_clock(struct store *store, bool frozen, double scale, int64_t now_ms)
{
    if (now_ms < store_now(store) || now_ms > CLOCK_END_MS)
        return false;
    write_clock(store, &(struct clock){ .frozen = frozen,
                           .scale = scale,
                           .base_ms = now_ms,
                           .wall_ms = not_paused(clock_real_ms()) });
    return true;
}

bool
world_follow_wall(struct store *store)
{
    struct clock clock;

    store_begin(store, "clock");
    clock = world_clock(store);
    if (!clock.paused && !clock.frozen) {
        clock.base_ms = clock_now(&clock);
        clock.wall_ms = not_paused(clock_wall_ms());
        write_clock(store, &clock);
    }
    if (!store_commit(store))
        return false;
    if (!clock.paused) /* else it is a copy: the world itself has still to follow */
        clock_follow_wall();
    return true;
}

bool
world_pause_clock(struct store *store)
{
    struct clock clock;

    store_begin(store, "pause");
    clock = world_clock(store);
    if (!clock.paused) {
        clock.base_ms = clock_now(&clock);
        clock.wall_ms = 0;
        write_clock(store, &clock);
    }
    return store_commit(store);
}

bool
world_resume_clock(struct store *store)
{
    int64_t wall_ms = not_paused(clock_real_ms());
    struct clock clock;
    bool was_behind;

    store_begin(store, "resume");
    clock = world_clock(store);
    was_behind = !clock.paused && !clock.frozen && clock.wall_ms > wall_ms;
    if (was_behind)
        clock_note_back(clock.wall_ms - wall_ms);
    if (clock.paused || was_behind) {
        clock.wall_ms = wall_ms;
        write_clock(store, &clock);
    }
    return store_commit(store);
}

/* In this order: what refers comes before what it refers to. */
static const enum sql resets[] = {
    SQL_TIMER_RESET,
    SQL_HISTORY_RESET,
    SQL_OUTCOME_RESET,
    SQL_FAULT_RESET,
    SQL_DETECTION_RESET,
};

/* Likewise from its end. */
static const enum sql resource_resets[] = {
#define RESOURCE(name, arn, key, tags) SQL_##name##_reset,
#define LIFECYCLE(kind, resource)
#include "resources.def"
#undef RESOURCE
#undef LIFECYCLE
};

static void
reset(struct store *store, enum sql sql, const char *account, const char *region)
{
    struct query q = query(store, sql);

    query_text(&q, ":account", account);
    query_text(&q, ":region", region);
    query_run(&q);
}

void
world_reset(struct store *store, const char *account, const char *region)
{
    for (size_t i = 0; i < COUNT(resets); i++)
        reset(store, resets[i], account, region);
    for (size_t i = COUNT(resource_resets); i-- > 0;)
        reset(store, resource_resets[i], account, region);
    reset(store, SQL_USAGE_RESET, account, region); /* what versions used is kept when they go */
}
