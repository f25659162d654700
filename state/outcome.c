#include "outcome.h"

#include <stdlib.h>

#include "base/glob.h"
#include "base/ids.h"
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
    query_number(&q, ":probability", outcome->probability);
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
    outcome->probability = query_column_number(q, COLUMN_OUTCOME_PROBABILITY);
    outcome->matches = query_column_int(q, COLUMN_OUTCOME_MATCHES);
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
    return query_reset(store, SQL_OUTCOME_RESET, account, region);
}

/* Streams of chance: a fault has that of its id, so outcomes are told apart from them. */
#define STREAM(id) (~(uint64_t)(id))

bool
outcome_strikes(struct store *store, struct outcome *outcome)
{
    bool hit = outcome->probability >= 1 || ids_chance(store_ids(store), STREAM(outcome->id),
                                                (uint64_t)outcome->matches) < outcome->probability;
    struct query q = query(store, SQL_OUTCOME_COUNT);

    query_int(&q, ":id", outcome->id);
    query_int(&q, ":hit", hit);
    query_run(&q);
    outcome->matches++;
    outcome->hits += hit;
    return hit;
}

/* The most specific first, and then the oldest. */
static int
compare(const void *one, const void *two)
{
    const struct outcome *a = one, *b = two;
    size_t weight = glob_weight(a->resource), other = glob_weight(b->resource);

    if (weight != other)
        return weight > other ? -1 : 1;
    return a->id < b->id ? -1 : 1;
}

bool
outcome_take(struct store *store, const char *event, const char *arn, struct outcome *outcome)
{
    struct query q = query(store, SQL_OUTCOME_WAITING);
    struct outcome row, *fitting = NULL;
    size_t count = 0;

    query_text(&q, ":event", event);
    while (query_row(&q)) {
        read_row(&q, &row);
        if (!glob_matches(row.resource, arn))
            continue;
        fitting = store_more(store, fitting, count, sizeof *fitting);
        fitting[count++] = row;
    }
    if (count > 1)
        qsort(fitting, count, sizeof *fitting, compare);
    for (size_t i = 0; i < count; i++)
        if (outcome_strikes(store, &fitting[i])) {
            *outcome = fitting[i];
            return true;
        }
    return false;
}
