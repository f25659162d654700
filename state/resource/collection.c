#include "collection.h"

#include <inttypes.h>

#include "../lifecycle.h"
#include "../page.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"

static const char kind[] = "collection";

/* Rows that are removed between two looks at the time. */
#define SWEPT_AT_ONCE 64

static void
read_row(struct query *q, struct collection *collection)
{
    collection->id = query_column_int(q, COLUMN_COLLECTION_ID);
    collection->arn = query_column_text(q, COLUMN_COLLECTION_ARN);
    query_column_copy(q, COLUMN_COLLECTION_ACCOUNT, collection->scope.account, ACCOUNT_SIZE);
    query_column_copy(q, COLUMN_COLLECTION_REGION, collection->scope.region, REGION_SIZE);
    collection->name = query_column_text(q, COLUMN_COLLECTION_NAME);
    collection->created_ms = query_column_int(q, COLUMN_COLLECTION_CREATED_MS);
    collection->model_version = query_column_text(q, COLUMN_COLLECTION_MODEL_VERSION);
    collection->faces = query_column_int(q, COLUMN_COLLECTION_FACES);
    collection->users = query_column_int(q, COLUMN_COLLECTION_USERS);
}

static bool
read_named(struct store *store, const struct scope *scope, const char *name,
    struct collection *collection)
{
    struct query q = query(store, SQL_COLLECTION_NAMED);

    query_scope(&q, scope);
    query_text(&q, ":name", name);
    if (!query_row(&q))
        return false;
    read_row(&q, collection);
    query_done(&q);
    return true;
}

enum result
collection_find(struct store *store, const struct scope *scope, const char *name,
    struct collection *collection)
{
    if (read_named(store, scope, name, collection))
        return RESULT_OK;
    return refuse(store, RESULT_COLLECTION_MISSING, "%s has no collection %s in %s", scope->account,
        name, scope->region);
}

const void *
collection_fetch(struct store *store, const struct scope *scope, const char *name)
{
    struct collection *row = store_alloc(store, sizeof *row);

    return collection_find(store, scope, name, row) == RESULT_OK ? row : NULL;
}

int64_t
collection_last(struct store *store)
{
    struct query q = query(store, SQL_COLLECTION_LAST);

    return query_int_value(&q, 0);
}

/* Where any number is allowed none is counted. */
static enum result
check_limit(struct store *store, const struct scope *scope)
{
    int64_t limit = setting_int(store, SETTING_LIMIT_COLLECTIONS), count;
    struct query q;

    if (limit >= (int64_t)setting_rows[SETTING_LIMIT_COLLECTIONS].max)
        return RESULT_OK;
    q = query(store, SQL_COLLECTION_COUNT);
    query_scope(&q, scope);
    count = query_int_value(&q, 0);
    return count < limit ? RESULT_OK
                         : refuse_limit(store, RESULT_COLLECTION_LIMIT, SETTING_LIMIT_COLLECTIONS,
                               "%" PRId64 " already", count);
}

/* What was not said of it is as the API has it. */
static void
add_row(struct store *store, struct collection *collection)
{
    const struct scope *scope = &collection->scope;
    struct query q;

    if (collection->created_ms == 0)
        collection->created_ms = store_now(store);
    if (collection->model_version == NULL)
        collection->model_version = FACE_MODEL_VERSION;
    collection->arn = store_format(store, "arn:%s:rekognition:%s:%s:collection/%s",
        arn_partition(scope->region), scope->region, scope->account, collection->name);
    q = query(store, SQL_COLLECTION_ADD);
    query_text(&q, ":arn", collection->arn);
    query_scope(&q, scope);
    query_text(&q, ":name", collection->name);
    query_int(&q, ":created_ms", collection->created_ms);
    query_text(&q, ":model_version", collection->model_version);
    collection->id = query_insert(&q);
}

/* Whether the name is free; if not, the id is that of who has it. */
static enum result
take_name(struct store *store, struct collection *collection)
{
    struct collection other;

    if (!read_named(store, &collection->scope, collection->name, &other))
        return RESULT_OK;
    collection->id = other.id;
    return refuse(store, RESULT_COLLECTION_EXISTS, "a collection %s exists", collection->name);
}

enum result
collection_create(struct store *store, struct collection *collection)
{
    enum result result = take_name(store, collection);

    if (result == RESULT_OK)
        result = check_limit(store, &collection->scope);
    if (result != RESULT_OK)
        return result;
    add_row(store, collection);
    return lifecycle_move(store, kind, collection->arn, "create");
}

enum result
collection_place(struct store *store, struct collection *collection)
{
    enum result result = take_name(store, collection);

    if (result != RESULT_OK)
        return result;
    add_row(store, collection);
    return lifecycle_place(store, kind, collection->arn,
        &(struct placing){ .status = "ACTIVE", .entered_ms = collection->created_ms });
}

enum result
collection_delete(struct store *store, const struct collection *collection)
{
    store_quiet(store)->works++;
    return lifecycle_move(store, kind, collection->arn, "delete");
}

/* Of the collection: whether there was anything to remove. */
static bool
remove_some(struct store *store, enum sql sql, int64_t id)
{
    struct query q = query(store, sql);

    query_int(&q, ":collection_id", id);
    query_int(&q, ":limit", SWEPT_AT_ONCE);
    return query_run(&q) > 0;
}

bool
collection_sweep(struct store *store)
{
    struct query q = query(store, SQL_GONE_COLLECTION_NEXT);
    int64_t id = query_int_value(&q, 0);

    if (id == 0)
        return false;
    if (remove_some(store, SQL_INDEXED_FACE_REMOVE_SOME, id) ||
        remove_some(store, SQL_USER_REMOVE_SOME, id))
        return true;
    q = query(store, SQL_GONE_COLLECTION_SETTLE);
    query_int(&q, ":collection_id", id);
    query_run(&q);
    return true;
}

struct collection *
collection_list(struct store *store, const struct scope *scope, struct page *page, size_t *count)
{
    struct query q = query(store, SQL_COLLECTION_LIST);
    struct collection *rows = NULL;

    query_scope(&q, scope);
    page_bind_text(page, &q);
    for (*count = 0; page_row(page, &q, *count); (*count)++) {
        rows = store_more(store, rows, *count, sizeof *rows);
        read_row(&q, &rows[*count]);
    }
    return rows;
}

bool
collection_next(struct store *store, const struct scope *scope, const char *after,
    struct collection *collection)
{
    struct page page = { .after_text = after, .size = 1 };
    size_t count;
    const struct collection *found = collection_list(store, scope, &page, &count);

    if (count > 0)
        *collection = *found;
    return count > 0;
}
