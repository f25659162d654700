#include "work.h"

#include "query.h"
#include "store.h"

bool
work_next(struct store *store, int64_t after, struct work *work)
{
    struct query q = query(store, SQL_WORK_NEXT);

    query_int(&q, ":after", after);
    if (!query_row(&q))
        return false;
    work->id = query_column_int(&q, COLUMN_WORK_ID);
    work->kind = query_column_text(&q, COLUMN_WORK_KIND);
    work->arn = query_column_text(&q, COLUMN_WORK_ARN);
    work->task = query_column_text(&q, COLUMN_WORK_TASK);
    work->what = query_column_text(&q, COLUMN_WORK_WHAT);
    work->partner = query_column_text(&q, COLUMN_WORK_PARTNER);
    work->undo = NULL;
    query_done(&q);
    return true;
}

bool
work_may_be_new(struct store *store, int *seen)
{
    int works = store_quiet(store)->works;
    bool new = works != *seen;

    *seen = works;
    return new;
}

bool
work_is(struct store *store, int64_t id)
{
    struct query q = query(store, SQL_WORK_IS);

    query_int(&q, ":id", id);
    return query_int_value(&q, 0) != 0;
}

static void
bind_key(struct query *q, const char *kind, const char *arn)
{
    query_text(q, ":kind", kind);
    query_text(q, ":arn", arn);
}

static void
run_for(struct store *store, enum sql sql, const char *kind, const char *arn)
{
    struct query q = query(store, sql);

    bind_key(&q, kind, arn);
    query_run(&q);
}

void
work_add(struct store *store, const struct work *work)
{
    struct query q = query(store, SQL_WORK_SET);

    store_quiet(store)->works++;
    bind_key(&q, work->kind, work->arn);
    query_text(&q, ":task", work->task);
    query_text(&q, ":what", work->what);
    query_text(&q, ":undo", work->undo);
    query_text(&q, ":partner", work->partner);
    query_run(&q);
}

bool
work_find(struct store *store, const char *kind, const char *arn, struct work *work)
{
    struct query q = query(store, SQL_WORK_FIND);

    bind_key(&q, kind, arn);
    if (!query_row(&q))
        return false;
    *work = (struct work){ .kind = kind,
        .arn = arn,
        .task = query_column_text(&q, 0),
        .undo = query_column_text(&q, 1),
        .partner = query_column_text(&q, 2) };
    query_done(&q);
    return true;
}

void
work_undo(struct store *store, const char *kind, const char *arn)
{
    store_quiet(store)->works++;
    run_for(store, SQL_WORK_UNDO, kind, arn);
}

void
work_done(struct store *store, const char *kind, const char *arn)
{
    run_for(store, SQL_WORK_REMOVE, kind, arn);
    run_for(store, SQL_WORK_KEEP, kind, arn);
}
