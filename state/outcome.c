#include "outcome.h"

#include "base/glob.h"
#include "query.h"
#include "store.h"

int64_t
outcome_add(struct store *store, const struct outcome *outcome)
{
    struct query q = query(store, SQL_OUTCOME_ADD);

    query_text(&q, ":resource", outcome->resource);
    query_text(&q, ":event", outcome->event);
    query_text(&q, ":message", outcome->message);
    if (outcome->after_ms != OUTCOME_AS_USUAL)
        query_int(&q, ":after_ms", outcome->after_ms);
    query_int(&q, ":times", outcome->times);
    return query_insert(&q);
}

static void
read_row(struct query *q, struct outcome *outcome)
{
    outcome->id = query_column_int(q, COLUMN_OUTCOME_ID);
    outcome->resource = query_column_text(q, COLUMN_OUTCOME_RESOURCE);
    outcome->event = query_column_text(q, COLUMN_OUTCOME_EVENT);
    outcome->message = query_column_text(q, COLUMN_OUTCOME_MESSAGE);
    outcome->after_ms = query_column_int(q, COLUMN_OUTCOME_AFTER_MS); /* NULL is OUTCOME_AS_USUAL */
    outcome->times = query_column_int(q, COLUMN_OUTCOME_TIMES);
    outcome->hits = query_column_int(q, COLUMN_OUTCOME_HITS);
}

bool
outcome_find(struct store *store, int64_t id, struct outcome *outcome)
{
    struct query q = query(store, SQL_OUTCOME_FIND);

    query_int(&q, ":id", id);
    if (!query_row(&q))
        return false;
    read_row(&q, outcome);
    query_done(&q);
    return true;
}

bool
outcome_next(struct store *store, int64_t *after, struct outcome *outcome)
{
    struct query q = query(store, SQL_OUTCOME_NEXT);

    query_int(&q, ":after", *after);
    if (!query_row(&q))
        return false;
    read_row(&q, outcome);
    query_done(&q);
    *after = outcome->id;
    return true;
}

bool
outcome_remove(struct store *store, int64_t id)
{
    struct query q = query(store, SQL_OUTCOME_REMOVE);

    query_int(&q, ":id", id);
    return query_run(&q) != 0;
}

int
outcome_remove_all(struct store *store, const char *account, const char *region)
{
    struct query q = query(store, SQL_OUTCOME_RESET);

    query_text(&q, ":account", account);
    query_text(&q, ":region", region);
    return query_run(&q);
}

void
outcome_hit(struct store *store, const struct outcome *outcome)
{
    struct query q = query(store, SQL_OUTCOME_HIT);

    query_int(&q, ":id", outcome->id);
    query_run(&q);
}

bool
outcome_take(struct store *store, const char *event, const char *arn, struct outcome *outcome)
{
    struct query q = query(store, SQL_OUTCOME_WAITING);
    struct outcome row;
    size_t most = 0;
    bool found = false;

    query_text(&q, ":event", event);
    while (query_row(&q)) {
        read_row(&q, &row);
        if (!glob_matches(row.resource, arn) || (found && glob_weight(row.resource) <= most))
            continue;
        *outcome = row;
        most = glob_weight(row.resource);
        found = true;
    }
    if (found)
        outcome_hit(store, outcome);
    return found;
}
