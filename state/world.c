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
