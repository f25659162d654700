#include "breakpoint.h"

#include <stddef.h>

#include "base/glob.h"
#include "query.h"
#include "store.h"
#include "timer.h"

static struct breakpoint
read_row(struct query *q)
{
    return (struct breakpoint){ .id = query_column_int(q, COLUMN_BREAKPOINT_ID),
        .resource = query_column_text(q, COLUMN_BREAKPOINT_RESOURCE),
        .event = query_column_text(q, COLUMN_BREAKPOINT_EVENT),
        .times = query_column_int(q, COLUMN_BREAKPOINT_TIMES),
        .hits = query_column_int(q, COLUMN_BREAKPOINT_HITS) };
}

static bool
read_one(struct query *q, struct breakpoint *breakpoint)
{
    if (!query_row(q))
        return false;
    *breakpoint = read_row(q);
    query_done(q);
    return true;
}

int64_t
breakpoint_add(struct store *store, const struct breakpoint *breakpoint)
{
    struct query q = query(store, SQL_BREAKPOINT_ADD);

    query_text(&q, ":resource", breakpoint->resource);
    query_text(&q, ":event", breakpoint->event);
    query_int(&q, ":times", breakpoint->times);
    return query_insert(&q);
}

bool
breakpoint_next(struct store *store, int64_t *after, struct breakpoint *breakpoint)
{
    struct query q = query(store, SQL_BREAKPOINT_NEXT);

    query_int(&q, ":after", *after);
    if (!read_one(&q, breakpoint))
        return false;
    *after = breakpoint->id;
    return true;
}

bool
breakpoint_holds(struct store *store, int64_t id, const struct timer *after, struct timer *timer)
{
    return timer_held(store, id, after, timer);
}

bool
breakpoint_exists(struct store *store, int64_t id)
{
    struct query q = query(store, SQL_BREAKPOINT_FIND);
    struct breakpoint breakpoint;

    query_int(&q, ":id", id);
    return read_one(&q, &breakpoint);
}

bool
breakpoint_release(struct store *store, int64_t id)
{
    struct timer at = { .kind = "", .arn = "" }, timer;

    if (!breakpoint_exists(store, id))
        return false;
    for (; timer_held(store, id, &at, &timer); at = timer)
        timer_release(store, timer.kind, timer.arn);
    return true;
}

bool
breakpoint_remove(struct store *store, int64_t id)
{
    struct query q;

    if (!breakpoint_release(store, id))
        return false;
    q = query(store, SQL_BREAKPOINT_REMOVE);
    query_int(&q, ":id", id);
    query_run(&q);
    return true;
}

int
breakpoint_remove_all(struct store *store, const char *account, const char *region)
{
    struct query q = query(store, SQL_BREAKPOINT_IN_SCOPE);
    int64_t *ids = NULL;
    size_t count = 0;

    query_text(&q, ":account", account);
    query_text(&q, ":region", region);
    while (query_row(&q)) {
        ids = store_more(store, ids, count, sizeof *ids);
        ids[count++] = query_column_int(&q, 0);
    }
    for (size_t i = 0; i < count; i++)
        breakpoint_remove(store, ids[i]);
    return (int)count;
}

bool
breakpoint_takes(struct store *store, const char *event, const struct timer *timer)
{
    struct query q = query(store, SQL_BREAKPOINT_WAITING);
    struct breakpoint row, best = { .id = 0 };

    query_text(&q, ":event", event);
    while (query_row(&q)) {
        row = read_row(&q);
        if (glob_matches(row.resource, timer->arn) &&
            (best.id == 0 || glob_weight(row.resource) > glob_weight(best.resource)))
            best = row;
    }
    if (best.id == 0)
        return false;
    q = query(store, SQL_BREAKPOINT_HIT);
    query_int(&q, ":id", best.id);
    query_run(&q);
    timer_hold(store, timer->kind, timer->arn, best.id);
    return true;
}
