/*
 * Queries: run one named statement of statements.sql. For files in state/ only.
 *
 *     struct query q = query(store, SQL_TIMER_NEXT);
 *     if (query_row(&q)) { ... query_column_int(&q, 3) ...; query_done(&q); }
 *
 * A parameter that is never bound is NULL; one that the statement doesn't have
 * ends the program. Nothing here returns a database error: see store.h.
 */
#ifndef STATE_QUERY_H
#define STATE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sql.h"

struct scope;
struct store;

struct query {
    struct store *store;
    struct sqlite3_stmt *stmt;
    struct query_binding *bindings; /* of the statement, as it was bound the last time */
    int bound;                      /* so many of them this time */
};

struct query query(struct store *, enum sql);
/* NULL binds NULL. The text is not copied: it must last until the query has ended. */
void query_text(struct query *, const char *name, const char *value);
void query_int(struct query *, const char *name, int64_t value);
void query_number(struct query *, const char *name, double value);
void query_scope(struct query *, const struct scope *); /* :account and :region */

/* :of_account and :of_region, of whom rows are asked for; what is empty is NULL there: any. */
void query_of_scope(struct query *, const struct scope *);

bool query_row(struct query *);       /* false after the last row, or after a failure */
void query_done(struct query *);      /* ends a read before its last row */
int query_run(struct query *);        /* for writes: the number of rows changed */
int64_t query_insert(struct query *); /* for an INSERT of one row: its id */

/* A DELETE of the row :id; false: there is none. */
bool query_remove(struct store *, enum sql, int64_t id);
/* A DELETE of what is of :account, in :region; NULL is any. The number of rows. */
int query_reset(struct store *, enum sql, const char *account, const char *region);

char *query_column_text(struct query *, int column); /* lives until the step ends; NULL for NULL */
void query_column_copy(struct query *, int column, char *out, size_t size); /* cut to fit */
int64_t query_column_int(struct query *, int column);
double query_column_number(struct query *, int column);

/* Of a statement with one row and one column: its value, or `otherwise` when there is no row. */
int64_t query_int_value(struct query *, int64_t otherwise);

#endif
