#include "history.h"

#include "query.h"
#include "setting.h"
#include "store.h"

/* How many rows may stand above the limit before they are trimmed: one trim serves many adds. */
#define SLACK 64

void
history_add(struct store *store, const struct event *event)
{
    struct quiet *quiet = store_quiet(store);
    struct query q = query(store, SQL_HISTORY_ADD);
    int64_t id;

    query_int(&q, ":at_ms", store_now(store));
    query_text(&q, ":kind", event->kind);
    query_text(&q, ":arn", event->arn);
    query_text(&q, ":event", event->event);
    query_text(&q, ":from", event->from);
    query_text(&q, ":to", event->to);
    query_text(&q, ":cause", store_cause(store));
    quiet->event = id = query_insert(&q);
    quiet->event_known = !store_failed(store);
    if (id % SLACK == 0) {
        q = query(store, SQL_HISTORY_TRIM);
        query_int(&q, ":id", id - setting_int(store, SETTING_HISTORY_SIZE));
        query_run(&q);
    }
}

bool
history_knows(struct store *store, const char *arn)
{
    struct query q = query(store, SQL_HISTORY_KNOWS);

    query_text(&q, ":arn", arn);
    return query_int_value(&q, 0) != 0;
}

int64_t
history_last(struct store *store)
{
    struct quiet *quiet = store_quiet(store);
    struct query q;

    if (quiet->event_known)
        return quiet->event;
    q = query(store, SQL_HISTORY_LAST);
    quiet->event = query_int_value(&q, 0);
    quiet->event_known = !store_failed(store);
    return quiet->event;
}

void
history_go_on(struct store *store, int64_t id)
{
    struct query q = query(store, SQL_HISTORY_GO_ON);

    store_quiet(store)->event_known = false;
    query_int(&q, ":id", id);
    if (query_run(&q) > 0)
        return;
    q = query(store, SQL_HISTORY_BEGIN); /* a history without an event yet */
    query_int(&q, ":id", id);
    query_run(&q);
}

bool
history_next(struct store *store, const char *arn, int64_t *after, struct event *event)
{
    struct query q = query(store, arn == NULL ? SQL_HISTORY_NEXT : SQL_HISTORY_NEXT_OF_ARN);

    query_int(&q, ":after", *after);
    if (arn != NULL)
        query_text(&q, ":arn", arn);
    if (!query_row(&q))
        return false;
    event->id = *after = query_column_int(&q, COLUMN_HISTORY_ID);
    event->at_ms = query_column_int(&q, COLUMN_HISTORY_AT_MS);
    event->kind = query_column_text(&q, COLUMN_HISTORY_KIND);
    event->arn = query_column_text(&q, COLUMN_HISTORY_ARN);
    event->event = query_column_text(&q, COLUMN_HISTORY_EVENT);
    event->from = query_column_text(&q, COLUMN_HISTORY_FROM);
    event->to = query_column_text(&q, COLUMN_HISTORY_TO);
    event->cause = query_column_text(&q, COLUMN_HISTORY_CAUSE);
    query_done(&q);
    return true;
}
