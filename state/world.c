#include "world.h"

#include "clock.h"
#include "ids.h"
#include "query.h"
#include "store.h"

#define SECRET_DIGITS 64

bool
world_make(struct store *store, bool frozen)
{
    char secret[SECRET_DIGITS + 1];
    struct query q;

    store_begin(store, "start");
    ids_hex(store_ids(store), secret, SECRET_DIGITS);
    q = query(store, SQL_WORLD_MAKE);
    query_text(&q, ":mode", frozen ? "frozen" : "real");
    query_int(&q, ":now", clock_wall_ms());
    query_text(&q, ":secret", secret);
    query_run(&q);
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
        query_done(&q);
    }
    return clock;
}

bool
world_set_clock(struct store *store, bool frozen, double scale, int64_t now_ms)
{
    struct query q;

    if (now_ms < store_now(store) || now_ms > CLOCK_END_MS)
        return false;
    q = query(store, SQL_CLOCK_SET);
    query_text(&q, ":mode", frozen ? "frozen" : "real");
    query_int(&q, ":base_ms", now_ms);
    query_int(&q, ":wall_ms", clock_wall_ms());
    query_number(&q, ":scale", scale);
    query_run(&q);
    return true;
}

/* In this order: what refers comes before what it refers to. */
static const enum sql resets[] = {
    SQL_TIMER_RESET,
    SQL_HISTORY_RESET,
    SQL_PROJECT_VERSION_RESET,
    SQL_PROJECT_RESET,
};

void
world_reset(struct store *store, const char *account, const char *region)
{
    for (size_t i = 0; i < sizeof resets / sizeof resets[0]; i++) {
        struct query q = query(store, resets[i]);

        query_text(&q, ":account", account);
        query_text(&q, ":region", region);
        query_run(&q);
    }
}
