#include "dataset_entry.h"

#include "../page.h"
#include "../query.h"
#include "../store.h"

/* ---- writing ------------------------------------------------------------ */

static void
bind_entry(struct query *q, const struct dataset_entry *entry)
{
    query_text(q, ":line", entry->line);
    query_int(q, ":is_labeled", entry->is_labeled);
    query_int(q, ":has_errors", entry->has_errors);
    query_text(q, ":errors", entry->errors);
    query_text(q, ":labels", entry->labels);
}

bool
dataset_entry_add(struct store *store, int64_t dataset_id, const struct dataset_entry *entry)
{
    struct query q = query(store, SQL_DATASET_ENTRY_ADD);

    query_int(&q, ":dataset_id", dataset_id);
    query_text(&q, ":source_ref", entry->source_ref);
    bind_entry(&q, entry);
    return query_run(&q) > 0;
}

/* Runs a statement about one entry. */
static void
run_for(struct store *store, enum sql sql, int64_t id)
{
    struct query q = query(store, sql);

    query_int(&q, ":id", id);
    query_run(&q);
}

static bool
add_of_step(struct store *store, int64_t dataset_id, int64_t step,
    const struct dataset_entry *entry)
{
    struct query q = query(store, SQL_DATASET_ENTRY_MARK);

    dataset_entry_add(store, dataset_id, entry);
    query_int(&q, ":dataset_id", dataset_id);
    query_text(&q, ":source_ref", entry->source_ref);
    query_int(&q, ":step", step);
    query_run(&q);
    return true;
}

bool
dataset_entry_put(struct store *store, int64_t dataset_id, int64_t step,
    const struct dataset_entry *entry)
{
    struct query q = query(store, SQL_DATASET_ENTRY_ID);
    int64_t id;
    bool is_of_step;

    query_int(&q, ":dataset_id", dataset_id);
    query_text(&q, ":source_ref", entry->source_ref);
    if (!query_row(&q))
        return add_of_step(store, dataset_id, step, entry);
    id = query_column_int(&q, 0);
    is_of_step = query_column_int(&q, 1) == step;
    query_done(&q);
    if (is_of_step)
        return false;
    run_for(store, SQL_DATASET_ENTRY_KEEP, id);
    q = query(store, SQL_DATASET_ENTRY_REPLACE);
    query_int(&q, ":id", id);
    query_int(&q, ":step", step);
    bind_entry(&q, entry);
    query_run(&q);
    return true;
}

/* ---- what a step has written --------------------------------------------- */

struct written {
    int64_t id;
    bool replaced; /* what it was before is kept */
};

/* The first of the entries that were written; read whole, for what follows changes them. */
static struct written *
list_written(struct store *store, enum sql sql, int64_t dataset_id, int64_t step, int limit,
    int *count)
{
    struct written *list = store_alloc(store, (size_t)limit * sizeof *list);
    struct query q = query(store, sql);

    query_int(&q, ":dataset_id", dataset_id);
    query_int(&q, ":step", step);
    query_int(&q, ":limit", limit);
    for (*count = 0; *count < limit && query_row(&q); (*count)++)
        list[*count] = (struct written){ query_column_int(&q, 0), query_column_int(&q, 1) != 0 };
    query_done(&q);
    return list;
}

bool
dataset_steps_settle(struct store *store, int64_t dataset_id, int64_t step, int limit)
{
    int count;
    struct written *list =
        list_written(store, SQL_DATASET_ENTRY_NEXT_OF_EARLIER, dataset_id, step, limit, &count);

    for (int i = 0; i < count; i++) {
        run_for(store, SQL_DATASET_ENTRY_SETTLE, list[i].id);
        if (list[i].replaced)
            run_for(store, SQL_DATASET_ENTRY_FORGET, list[i].id);
    }
    return count == limit;
}

bool
dataset_step_undo(struct store *store, int64_t dataset_id, int64_t step, int limit)
{
    int count;
    struct written *list =
        list_written(store, SQL_DATASET_ENTRY_NEXT_OF_STEP, dataset_id, step, limit, &count);

    for (int i = 0; i < count; i++) {
        run_for(store, list[i].replaced ? SQL_DATASET_ENTRY_RESTORE : SQL_DATASET_ENTRY_DROP,
            list[i].id);
        if (list[i].replaced)
            run_for(store, SQL_DATASET_ENTRY_FORGET, list[i].id);
    }
    return count == limit;
}

/* ---- many at once ------------------------------------------------------- */

bool
dataset_entries_drop(struct store *store, int64_t dataset_id, int limit)
{
    struct query q = query(store, SQL_DATASET_ENTRY_DROP_SOME);

    query_int(&q, ":dataset_id", dataset_id);
    query_int(&q, ":limit", limit);
    return query_run(&q) == limit;
}

bool
dataset_entries_copy(struct store *store, int64_t from_id, int64_t to_id, int64_t *after, int limit)
{
    struct query q = query(store, SQL_DATASET_ENTRY_LAST_OF_SOME);
    int64_t last;

    query_int(&q, ":dataset_id", from_id);
    query_int(&q, ":after", *after);
    query_int(&q, ":limit", limit);
    last = query_int_value(&q, 0);
    if (last == 0)
        return false;
    q = query(store, SQL_DATASET_ENTRY_COPY_SOME);
    query_int(&q, ":dataset_id", to_id);
    query_int(&q, ":from_id", from_id);
    query_int(&q, ":after", *after);
    query_int(&q, ":last", last);
    query_run(&q);
    *after = last;
    return true;
}

/* ---- reading ------------------------------------------------------------ */

const char *
dataset_entry_any(struct store *store, int64_t dataset_id)
{
    struct query q = query(store, SQL_DATASET_ENTRY_ANY);
    const char *source_ref = NULL;

    query_int(&q, ":dataset_id", dataset_id);
    if (query_row(&q)) {
        source_ref = query_column_text(&q, 0);
        query_done(&q);
    }
    return source_ref;
}

void
dataset_figures(struct store *store, int64_t dataset_id, int64_t *entries, int64_t *labels)
{
    struct query q = query(store, SQL_DATASET_FIGURES);

    *entries = *labels = 0;
    query_int(&q, ":id", dataset_id);
    if (query_row(&q)) {
        *entries = query_column_int(&q, 0);
        *labels = query_column_int(&q, 1);
        query_done(&q);
    }
}

static void
bind_flag(struct query *q, const char *name, int flag)
{
    if (flag >= 0)
        query_int(q, name, flag);
}

struct dataset_entry *
dataset_entry_list(struct store *store, int64_t dataset_id, const struct dataset_filter *filter,
    struct page *page, size_t *count)
{
    struct dataset_entry *rows = store_alloc(store, (size_t)page->size * sizeof *rows);
    struct query q = query(store,
        filter->labels == NULL ? SQL_DATASET_ENTRY_LIST : SQL_DATASET_ENTRY_LIST_OF_LABELS);

    query_int(&q, ":dataset_id", dataset_id);
    query_int(&q, ":after", page->first ? 0 : page->after_id);
    query_int(&q, ":limit", page->size + 1);
    bind_flag(&q, ":labeled", filter->labeled);
    bind_flag(&q, ":has_errors", filter->has_errors);
    query_text(&q, ":contains", filter->contains);
    if (filter->labels != NULL)
        query_text(&q, ":labels", filter->labels);
    for (*count = 0; page_row(page, &q, *count); (*count)++)
        rows[*count] = (struct dataset_entry){ .id = query_column_int(&q, 0),
            .line = query_column_text(&q, 1),
            .is_labeled = query_column_int(&q, 2) != 0,
            .errors = query_column_text(&q, 3) };
    return rows;
}

struct dataset_label *
dataset_label_list(struct store *store, int64_t dataset_id, struct page *page, size_t *count)
{
    struct dataset_label *rows = store_alloc(store, (size_t)page->size * sizeof *rows);
    struct query q = query(store, SQL_DATASET_LABEL_LIST);

    query_int(&q, ":dataset_id", dataset_id);
    query_int(&q, ":after", page->first ? 0 : page->after_id);
    query_int(&q, ":limit", page->size + 1);
    for (*count = 0; page_row(page, &q, *count); (*count)++)
        rows[*count] = (struct dataset_label){ .id = query_column_int(&q, 0),
            .name = query_column_text(&q, 1),
            .entries = query_column_int(&q, 2),
            .boxes = query_column_int(&q, 3) };
    return rows;
}
