#include "work.h"

#include "query.h"
#include "store.h"
#include "timer.h"

bool
work_next(struct store *store, int64_t after, struct work *work)
{
    struct query q = query(store, SQL_WORK_NEXT);

    query_int(&q, ":after", after);
    if (!query_row(&q))
        return false;
    work->id = query_column_int(&q, 0);
    work->kind = query_column_text(&q, 1);
    work->arn = query_column_text(&q, 2);
    work->task = query_column_text(&q, 3);
    work->what = query_column_text(&q, 4);
    query_done(&q);
    return true;
}

bool
work_may_be_new(struct store *store, int *seen)
{
    int changes = store_changes(store);
    bool new = changes != *seen || changes == 0;

    *seen = changes;
    return new;
}

bool
work_is(struct store *store, int64_t id)
{
    struct query q = query(store, SQL_WORK_IS);

    query_int(&q, ":id", id);
    return query_int_value(&q, 0) != 0;
}

void
work_add(struct store *store, const char *kind, const char *arn, const char *task, const char *what)
{
    struct query q = query(store, SQL_WORK_ADD);

    query_text(&q, ":kind", kind);
    query_text(&q, ":arn", arn);
    query_text(&q, ":task", task);
    query_text(&q, ":what", what);
    query_run(&q);
}

/* The timer that is held back. */
bool
work_timer(struct store *store, const char *kind, const char *arn, struct timer *timer)
{
    struct query q = query(store, SQL_WORK_FIND);

    query_text(&q, ":kind", kind);
    query_text(&q, ":arn", arn);
    if (!query_row(&q))
        return false;
    timer->kind = kind;
    timer->arn = arn;
    timer->event = query_column_text(&q, 0);
    timer->message = query_column_text(&q, 1);
    timer->begun_ms = query_column_int(&q, 2);
    timer->due_ms = query_column_int(&q, 3);
    query_done(&q);
    return true;
}

void
work_tell(struct store *store, const struct timer *timer)
{
    struct query q = query(store, SQL_WORK_TELL);

    query_text(&q, ":kind", timer->kind);
    query_text(&q, ":arn", timer->arn);
    query_text(&q, ":event", timer->event);
    query_text(&q, ":message", timer->message);
    query_int(&q, ":due_ms", timer->due_ms);
    query_run(&q);
}

void
work_remove(struct store *store, const char *kind, const char *arn)
{
    struct query q = query(store, SQL_WORK_REMOVE);

    query_text(&q, ":kind", kind);
    query_text(&q, ":arn", arn);
    query_run(&q);
}
