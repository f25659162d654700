#include "fault.h"

#include "base/ids.h"
#include "query.h"
#include "store.h"

int64_t
fault_add(struct store *store, const struct fault *fault)
{
    struct query q = query(store, SQL_FAULT_ADD);

    store_quiet(store)->faults = true;
    query_text(&q, ":operation", fault->operation);
    query_text(&q, ":account", fault->account);
    query_text(&q, ":region", fault->region);
    query_text(&q, ":resource", fault->resource);
    query_int(&q, ":skip", fault->skip);
    if (fault->times != FAULT_ALWAYS)
        query_int(&q, ":times", fault->times);
    query_number(&q, ":probability", fault->probability);
    query_int(&q, ":delay_ms", fault->delay_ms);
    query_text(&q, ":error", fault->error);
    query_text(&q, ":message", fault->message);
    if (fault->status != 0)
        query_int(&q, ":status", fault->status);
    query_text(&q, ":wire", fault->wire);
    return query_insert(&q);
}

static struct fault
read_row(struct query *q)
{
    return (struct fault){ .id = query_column_int(q, COLUMN_FAULT_ID),
        .operation = query_column_text(q, COLUMN_FAULT_OPERATION),
        .account = query_column_text(q, COLUMN_FAULT_ACCOUNT),
        .region = query_column_text(q, COLUMN_FAULT_REGION),
        .resource = query_column_text(q, COLUMN_FAULT_RESOURCE),
        .skip = query_column_int(q, COLUMN_FAULT_SKIP),
        .times = query_column_int(q, COLUMN_FAULT_TIMES),
        .probability = query_column_number(q, COLUMN_FAULT_PROBABILITY),
        .delay_ms = query_column_int(q, COLUMN_FAULT_DELAY_MS),
        .error = query_column_text(q, COLUMN_FAULT_ERROR),
        .message = query_column_text(q, COLUMN_FAULT_MESSAGE),
        .status = query_column_int(q, COLUMN_FAULT_STATUS),
        .wire = query_column_text(q, COLUMN_FAULT_WIRE),
        .matches = query_column_int(q, COLUMN_FAULT_MATCHES),
        .hits = query_column_int(q, COLUMN_FAULT_HITS) };
}

bool
fault_next(struct store *store, int64_t *after, struct fault *fault)
{
    struct query q = query(store, SQL_FAULT_NEXT);

    query_int(&q, ":after", *after);
    if (!query_row(&q))
        return false;
    *fault = read_row(&q);
    *after = fault->id;
    query_done(&q);
    return true;
}

bool
fault_exists(struct store *store)
{
    struct query q = query(store, SQL_FAULT_EXISTS);

    return query_int_value(&q, 1) != 0;
}

struct fault *
fault_live(struct store *store, const char *operation, const struct scope *scope, size_t *count)
{
    struct fault *faults = NULL;
    struct query q;

    *count = 0;
    if (!store_quiet(store)->faults)
        return NULL;
    q = query(store, SQL_FAULT_LIVE);
    query_text(&q, ":operation", operation);
    query_scope(&q, scope);
    while (query_row(&q)) {
        faults = store_more(store, faults, *count, sizeof *faults);
        faults[(*count)++] = read_row(&q);
    }
    return faults;
}

static bool
strikes(struct store *store, const struct fault *fault)
{
    if (fault->matches < fault->skip)
        return false;
    return fault->probability >= 1 || ids_chance(store_ids(store), (uint64_t)fault->id,
                                          (uint64_t)fault->matches) < fault->probability;
}

bool
fault_meets(struct store *store, const struct fault *fault)
{
    bool struck = strikes(store, fault);
    struct query q = query(store, SQL_FAULT_COUNT);

    query_int(&q, ":id", fault->id);
    query_int(&q, ":struck", struck);
    query_run(&q);
    store_savepoint(store);
    return struck;
}

bool
fault_remove(struct store *store, int64_t id)
{
    return query_remove(store, SQL_FAULT_REMOVE, id);
}

int
fault_remove_all(struct store *store, const char *account, const char *region)
{
    return query_reset(store, SQL_FAULT_RESET, account, region);
}
