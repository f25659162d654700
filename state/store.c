#include "store.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "disk.h"
#include "migration.h"
#include "seal.h"
#include "sql.h"
#include "store_inside.h"

/* Pages in the log from which on it is copied: fewer would be copied too often. */
#define CHECKPOINT_PAGES 8000

/*
 * That a commit of nothing goes well says little of one that something was too much for: so it is
 * believed only when so much time has passed since.
 */
#define DOUBT_US 5000000

/* What fails again and again for the same reason is said once. */
static void
fail_because(struct store *store, const char *why, const char *doing)
{
    if (!store->failed && strcmp(store->trouble, why) != 0)
        fprintf(stderr, "store: %s%s%s\n", why, doing == NULL ? "" : ": ",
            doing == NULL ? "" : doing);
    if (!store->failed)
        snprintf(store->trouble, sizeof store->trouble, "%s", why);
    store->failed_us = clock_monotonic_us();
    store->failed = true;
}

void
store_fail(struct store *store, const char *doing)
{
    int code = sqlite3_errcode(store->db) & 0xff, error = sqlite3_system_errno(store->db);
    bool is_disk = code == SQLITE_FULL || code == SQLITE_IOERR;
    char why[sizeof store->trouble];

    store->wants_room = store->wants_room || is_disk;
    snprintf(why, sizeof why, is_disk && error != 0 ? "%s (%s)" : "%s", sqlite3_errmsg(store->db),
        strerror(error));
    fail_because(store, why, doing);
}

void
store_exec(struct store *store, const char *sql)
{
    if (!store->failed && sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        store_fail(store, sql);
}

void
store_forget(struct store *store)
{
    store->quiet = (struct quiet){ .faults = true, .works = store->quiet.works + 1 };
    store->settings.known = false;
    store->clocks.known = false;
}

sqlite3_stmt *
store_prepared(struct store *store, int sql)
{
    sqlite3_stmt **stmt = &store->statements[sql];

    if (*stmt == NULL && sqlite3_prepare_v3(store->db, sql_text[sql], -1, SQLITE_PREPARE_PERSISTENT,
                             stmt, NULL) != SQLITE_OK)
        store_fail(store, sql_text[sql]);
    return *stmt;
}

/* ---- transactions ------------------------------------------------------- */

/* Runs a statement without parameters or rows, unless the store has failed. */
static void
store_run(struct store *store, enum sql id)
{
    sqlite3_stmt *stmt = store_prepared(store, id);

    if (!store_failed(store) && sqlite3_step(stmt) != SQLITE_DONE)
        store_fail(store, sql_text[id]);
    sqlite3_reset(stmt);
}

void
store_begin(struct store *store, const char *cause)
{
    store_settle(store);
    store_begin_shared(store, cause);
}

void
store_begin_shared(struct store *store, const char *cause)
{
    assert(!store->in_transaction && !store->sharing.lost);
    if (!store->sharing.open && !store->sharing.telling)
        arena_reset(&store->arena);
    store->in_transaction = true;
    store->has_savepoint = false;
    store->failed = false;
    *store->account = *store->clock = '\0';
    store->cause = store_keep(store, cause);
    store_set_found(store, "");
    store->fired_after = -1;
    store->changes_at_begin = sqlite3_total_changes(store->db);
    store->logged = false;
    if (disk_glance(&store->disk) != NULL)
        fail_because(store, disk_glance(&store->disk), NULL);
}

static void
recover(struct store *store)
{
    if (*store->trouble != '\0')
        fprintf(stderr, "store: it can be written again\n");
    *store->trouble = '\0';
    store->wants_room = false;
}

static void
store_rollback(struct store *store)
{
    for (int i = 0; i < SQL_COUNT; i++)
        if (sqlite3_stmt_busy(store->statements[i]))
            sqlite3_reset(store->statements[i]);
    if (!sqlite3_get_autocommit(store->db)) /* some failures have rolled back already */
        sqlite3_step(store->statements[SQL_ROLLBACK]);
    sqlite3_reset(store->statements[SQL_ROLLBACK]);
}

/*
 * A transaction begins with the first statement of a step, and ends with a step that has written. As
 * nobody else writes, what was read stays true: reads after reads cost no transaction at all.
 */
static void
begin_transaction(struct store *store)
{
    if (sqlite3_get_autocommit(store->db))
        store_run(store, SQL_BEGIN);
}

/* Between steps, for what SQLite does only where nobody reads. */
static void
end_reading(struct store *store)
{
    store_settle(store);
    if (!store->in_transaction && !sqlite3_get_autocommit(store->db))
        store_rollback(store);
}

/* Writes a commit of nothing: what there is already. */
static bool
write_nothing(struct store *store)
{
    char nothing[64];

    end_reading(store);
    snprintf(nothing, sizeof nothing, "PRAGMA user_version = %d", migration_count());
    return sqlite3_exec(store->db, nothing, NULL, NULL, NULL) == SQLITE_OK;
}

const char *
store_trouble(struct store *store)
{
    const char *why = disk_look(&store->disk);

    if (why != NULL)
        return why;
    if (*store->trouble == '\0')
        return NULL;
    if (clock_monotonic_us() - store->failed_us >= DOUBT_US && write_nothing(store))
        recover(store);
    return *store->trouble == '\0' ? NULL : store->trouble;
}

const char *
store_why(const struct store *store)
{
    return *store->trouble == '\0' ? "it was interrupted" : store->trouble;
}

/* Commits what was written; false, and all of it undone, when that fails or something has before. */
static bool
end_transaction(struct store *store, bool wrote)
{
    if (wrote && !store->failed && disk_look(&store->disk) != NULL)
        fail_because(store, disk_glance(&store->disk), NULL);
    store_run(store, SQL_COMMIT);
    if (!store->failed && sqlite3_get_autocommit(store->db)) {
        if (store->logged || (wrote && store->disk.path == NULL))
            recover(store);
        store->clocks.written = false;
        return true;
    }
    store->ids.kept = 0;
    store_forget(store);
    store_rollback(store);
    return false;
}

/* A step that has only read: the next one goes on reading. */
static bool
has_read_only(struct store *store)
{
    return !store_failed(store) && sqlite3_txn_state(store->db, NULL) != SQLITE_TXN_WRITE;
}

bool
store_commit(struct store *store)
{
    bool wrote = sqlite3_total_changes(store->db) != store->changes_at_begin;

    assert(store->in_transaction && !store->sharing.open);
    store->in_transaction = false;
    return has_read_only(store) || end_transaction(store, wrote);
}

/* ---- steps that share a transaction ------------------------------------- */

bool
store_commit_shared(struct store *store)
{
    struct sharing *sharing = &store->sharing;

    if (sharing->tell == NULL || store->options.durability != SURVIVES_POWER)
        return store_commit(store);
    if (store->has_savepoint)
        store_run(store, SQL_RELEASE_SAVEPOINT);
    store->in_transaction = false;
    if (has_read_only(store))
        return true;
    if (!store_failed(store)) {
        sharing->open = true;
        return true;
    }
    sharing->lost = sharing->open; /* those before it, too */
    return end_transaction(store, true);
}

bool
store_shares(const struct store *store)
{
    return store->sharing.open;
}

void
store_settle(struct store *store)
{
    struct sharing *sharing = &store->sharing;
    bool kept;

    if (!sharing->open)
        return;
    kept = !sharing->lost && end_transaction(store, true);
    sharing->open = sharing->lost = false;
    sharing->telling = true;
    sharing->tell(sharing->context, kept);
    sharing->telling = false;
}

void
store_share(struct store *store, void (*tell)(void *context, bool kept), void *context)
{
    store->sharing.tell = tell;
    store->sharing.context = context;
}

/* ---- parts of a step ---------------------------------------------------- */

void
store_savepoint(struct store *store)
{
    begin_transaction(store);
    store_run(store, SQL_SAVEPOINT);
    store->has_savepoint = true;
}

void
store_drop(struct store *store)
{
    store->settings.known = store->quiet.event_known = false;
    store->clocks.known = store->clocks.known && !store->clocks.written;
    if (store_failed(store))
        return; /* store_commit() will drop everything */
    if (store->has_savepoint)
        store_run(store, SQL_ROLLBACK_TO_SAVEPOINT);
    else
        store_rollback(store);
}

bool
store_wants_checkpoint(const struct store *store)
{
    return store->log_pages >= CHECKPOINT_PAGES || (store->wants_room && store->log_pages > 0);
}

bool
store_is_as_it_was_left(struct store *store)
{
    return store->disk.path != NULL && disk_look(&store->disk) == NULL &&
           seal_is_whole(store->disk.path);
}

/*
 * What cannot be copied now, because it is being read, will be another time. The commit behind it,
 * of nothing, begins the log anew: that cuts a long one off and waits for the disk, for which the
 * next step has no time. Where the disk is full, the log gives back the room that it has.
 */
void
store_checkpoint(struct store *store)
{
    int how = store->wants_room ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    bool is_ours = store_is_as_it_was_left(store);

    store->log_pages = 0;
    store->wants_room = false;
    if (disk_look(&store->disk) != NULL)
        return; /* the next step will say so */
    end_reading(store);
    if (sqlite3_wal_checkpoint_v2(store->db, NULL, how, NULL, NULL) == SQLITE_OK && is_ours)
        seal_put(store->disk.path);
    write_nothing(store);
    disk_note(&store->disk);
}

void
store_interrupt(struct store *store)
{
    atomic_store(&store->interrupted, true);
    sqlite3_interrupt(store->db);
}

void
store_go_on(struct store *store)
{
    atomic_store(&store->interrupted, false);
}

sqlite3 *
store_db(struct store *store)
{
    end_reading(store);
    return store->db;
}

int *
store_copies(struct store *store)
{
    return &store->copies;
}

sqlite3_stmt *
store_statement(struct store *store, int sql, struct query_binding **bindings)
{
    sqlite3_stmt *stmt = store_prepared(store, sql);

    assert(store->in_transaction && !sqlite3_stmt_busy(stmt));
    begin_transaction(store);
    sqlite3_clear_bindings(stmt);
    *bindings = store->bindings[sql];
    return stmt;
}

bool
store_failed(const struct store *store)
{
    return store->failed || atomic_load_explicit(&store->interrupted, memory_order_relaxed);
}

int
store_changes(const struct store *store)
{
    return sqlite3_total_changes(store->db);
}
