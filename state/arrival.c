#include "arrival.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arn.h"
#include "base/array.h"
#include "history.h"
#include "parts.h"
#include "query.h"
#include "store.h"
#include "world.h"

/* ---- a rehearsal -------------------------------------------------------- */

struct store *
arrival_rehearsal(struct store *store)
{
    const struct store_options options = { .path = ":memory:",
        .profile = store_options(store)->profile,
        .plain = true };
    char why[256];
    struct store *rehearsal = store_open(&options, why, sizeof why);

    if (rehearsal == NULL)
        return NULL;
    if (parts_copy_frame(store_db(store), store_db(rehearsal)) && world_pause_clock(rehearsal))
        return rehearsal;
    store_close(rehearsal);
    return NULL;
}

/* ---- coming ------------------------------------------------------------- */

bool
arrival_is_possible(struct store *store, const char *account)
{
    static const enum sql scopes[] = {
#define LISTED(name, list) SQL_##name##_next_scope,
#include "resources.def"
    };
    bool has_any = false;

    for (size_t i = 0; i < COUNT(scopes) && !has_any; i++) {
        struct query q = query(store, scopes[i]);

        query_text(&q, ":account", "");
        query_text(&q, ":region", "");
        query_text(&q, ":of_account", account);
        has_any = query_row(&q);
        query_done(&q);
    }
    return !has_any;
}

void
arrival_begin(struct store *store, const char *account)
{
    struct query q = query(store, SQL_ARRIVAL_BEGIN);

    query_text(&q, ":account", account);
    query_int(&q, ":event", history_last(store));
    query_run(&q);
}

void
arrival_end(struct store *store)
{
    struct query q = query(store, SQL_ARRIVAL_END);

    query_run(&q);
}

/* ---- going -------------------------------------------------------------- */

struct arrival {
    char account[ACCOUNT_SIZE];
    int64_t event, usage, image, video, person;
};

static bool
next_arrival(struct store *store, struct arrival *arrival)
{
    struct query q = query(store, SQL_ARRIVAL_NEXT);

    query_text(&q, ":after", arrival->account);
    if (!query_row(&q))
        return false;
    snprintf(arrival->account, sizeof arrival->account, "%s", query_column_text(&q, 0));
    arrival->event = query_column_int(&q, 1);
    arrival->usage = query_column_int(&q, 2);
    arrival->image = query_column_int(&q, 3);
    arrival->video = query_column_int(&q, 4);
    arrival->person = query_column_int(&q, 5);
    query_done(&q);
    return true;
}

/* Of an account, or of everybody: NULL. */
static void
remove_behind(struct store *store, enum sql sql, int64_t last, const char *account)
{
    struct query q = query(store, sql);

    query_int(&q, ":last", last);
    if (account != NULL)
        query_text(&q, ":account", account);
    query_run(&q);
}

bool
arrival_take_back(struct store *store)
{
    struct arrival arrival = { .account = "" };

    store_begin(store, "load");
    while (next_arrival(store, &arrival)) {
        world_remove_resources(store, arrival.account);
        remove_behind(store, SQL_ARRIVAL_UNDO_HISTORY, arrival.event, arrival.account);
        remove_behind(store, SQL_ARRIVAL_UNDO_USAGE, arrival.usage, arrival.account);
        remove_behind(store, SQL_ARRIVAL_UNDO_IMAGES, arrival.image, NULL);
        remove_behind(store, SQL_ARRIVAL_UNDO_VIDEOS, arrival.video, NULL);
        remove_behind(store, SQL_ARRIVAL_UNDO_PEOPLE, arrival.person, NULL);
    }
    if (*arrival.account != '\0')
        arrival_end(store);
    return store_commit(store);
}
