/* What the files of the store share: all that one is. */
#ifndef STATE_STORE_INSIDE_H
#define STATE_STORE_INSIDE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/ids.h"
#include "disk.h"
#include "sql.h"
#include "store_kept.h"

struct sqlite3;
struct sqlite3_stmt;

/* The steps that share a transaction. */
struct sharing {
    void (*tell)(void *context, bool kept); /* NULL: every step commits alone */
    void *context;
    bool open;    /* there are some, and they are not committed */
    bool lost;    /* what they did is undone, for one of them failed */
    bool telling; /* what they read is still needed */
};

struct store {
    struct sqlite3 *db;
    int log_pages; /* not yet copied to their places */
    atomic_bool interrupted;
    struct query_binding bindings[SQL_COUNT][BINDINGS_MAX];
    struct sqlite3_stmt *statements[SQL_COUNT]; /* each prepared when it is first used */
    struct ids ids;
    struct store_options options;
    int worlds; /* that took the place of the first */
    bool in_transaction, has_savepoint;
    bool failed; /* since store_begin() */
    struct sharing sharing;
    int copies;
    int64_t now_ms, fired_after;
    const char *cause, *found, *limit; /* limit: the name of a setting, or NULL */
    double limit_value;
    struct quiet quiet;
    struct clocks clocks;
    char account[ACCOUNT_SIZE], clock[ACCOUNT_SIZE];
    struct kept_settings settings;
    struct arena arena; /* everything read since store_begin() */
    struct disk disk;
    char trouble[160]; /* why it failed last, until something could be written again; or "" */
    int64_t failed_us; /* when it failed last */
    bool wants_room;   /* it failed because the disk was full */
    int changes_at_begin;
    bool logged; /* since the step began: something was really written */
};

/* Unless the store has failed; and it has, if this does. */
void store_exec(struct store *, const char *sql);

/* Of the statement; NULL, and the store has failed, if it cannot be prepared. */
struct sqlite3_stmt *store_prepared(struct store *, int sql);

/* What it knows of its rows: they may be others. */
void store_forget(struct store *);

/* Nobody else has written to the file, and it is the one that was opened. */
bool store_is_as_it_was_left(struct store *);

#endif
