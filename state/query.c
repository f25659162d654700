#include "query.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arn.h"
#include "store.h"

struct query
query(struct store *store, enum sql id)
{
    struct query q = { .store = store };

    q.stmt = store_statement(store, (int)id, &q.bindings);
    return q;
}

static int
find_parameter(struct query *q, const char *name)
{
    int index = sqlite3_bind_parameter_index(q->stmt, name);

    if (index == 0) {
        fprintf(stderr, "no parameter %s in: %s\n", name, sqlite3_sql(q->stmt));
        abort();
    }
    return index;
}

/* Mostly the same places of the program bind the same names, in the same order. */
static int
parameter(struct query *q, const char *name)
{
    struct query_binding *binding;

    if (q->bound == BINDINGS_MAX)
        return find_parameter(q, name);
    binding = &q->bindings[q->bound++];
    if (binding->name != name)
        *binding = (struct query_binding){ name, find_parameter(q, name) };
    return binding->index;
}

void
query_text(struct query *q, const char *name, const char *value)
{
    if (sqlite3_bind_text(q->stmt, parameter(q, name), value, -1, SQLITE_STATIC) != SQLITE_OK)
        store_fail(q->store, name);
}

void
query_int(struct query *q, const char *name, int64_t value)
{
    if (sqlite3_bind_int64(q->stmt, parameter(q, name), value) != SQLITE_OK)
        store_fail(q->store, name);
}

void
query_number(struct query *q, const char *name, double value)
{
    if (sqlite3_bind_double(q->stmt, parameter(q, name), value) != SQLITE_OK)
        store_fail(q->store, name);
}

void
query_scope(struct query *q, const struct scope *scope)
{
    query_text(q, ":account", scope->account);
    query_text(q, ":region", scope->region);
}

static const char *
any_if_empty(const char *text)
{
    return *text == '\0' ? NULL : text;
}

void
query_of_scope(struct query *q, const struct scope *of)
{
    query_text(q, ":of_account", any_if_empty(of->account));
    query_text(q, ":of_region", any_if_empty(of->region));
}

bool
query_row(struct query *q)
{
    if (store_failed(q->store))
        return false;
    switch (sqlite3_step(q->stmt)) {
    case SQLITE_ROW:
        return true;
    case SQLITE_DONE:
        break;
    default:
        store_fail(q->store, sqlite3_sql(q->stmt));
    }
    query_done(q);
    return false;
}

void
query_done(struct query *q)
{
    sqlite3_reset(q->stmt);
}

int
query_run(struct query *q)
{
    while (query_row(q))
        ;
    return store_failed(q->store) ? 0 : sqlite3_changes(sqlite3_db_handle(q->stmt));
}

/* RETURNING would do the same, but makes a table of its rows for that. */
int64_t
query_insert(struct query *q)
{
    query_run(q);
    return sqlite3_last_insert_rowid(sqlite3_db_handle(q->stmt));
}

bool
query_remove(struct store *store, enum sql statement, int64_t id)
{
    struct query q = query(store, statement);

    query_int(&q, ":id", id);
    return query_run(&q) > 0;
}

int
query_reset(struct store *store, enum sql statement, const char *account, const char *region)
{
    struct query q = query(store, statement);

    query_text(&q, ":account", account);
    query_text(&q, ":region", region);
    return query_run(&q);
}

char *
query_column_text(struct query *q, int column)
{
    /* Not sqlite3_column_text(), which makes a copy of its own to end it with a NUL. */
    const char *text = sqlite3_column_blob(q->stmt, column);

    if (text == NULL && sqlite3_column_type(q->stmt, column) != SQLITE_NULL)
        text = ""; /* what is empty has no bytes */
    return text == NULL
               ? NULL
               : store_keep_bytes(q->store, text, (size_t)sqlite3_column_bytes(q->stmt, column));
}

void
query_column_copy(struct query *q, int column, char *out, size_t size)
{
    const char *text = sqlite3_column_blob(q->stmt, column);
    size_t length = (size_t)sqlite3_column_bytes(q->stmt, column);

    if (length >= size)
        length = size - 1;
    if (length > 0)
        memcpy(out, text, length);
    out[length] = '\0';
}

int64_t
query_column_int(struct query *q, int column)
{
    return sqlite3_column_int64(q->stmt, column);
}

double
query_column_number(struct query *q, int column)
{
    return sqlite3_column_double(q->stmt, column);
}

int64_t
query_int_value(struct query *q, int64_t otherwise)
{
    if (query_row(q)) {
        otherwise = query_column_int(q, 0);
        query_done(q);
    }
    return otherwise;
}
