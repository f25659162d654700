#include "store.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "check.h"
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

static void
store_exec(struct store *store, const char *sql)
{
    if (!store->failed && sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        store_fail(store, sql);
}

/* What it knows of its rows: they may be others. */
static void
forget(struct store *store)
{
    store->quiet = (struct quiet){ .faults = true, .works = store->quiet.works + 1 };
    store->settings.known = false;
    store->clocks.known = false;
}

/* ---- opening ------------------------------------------------------------ */

static bool
refuse_with(char *why, size_t size, const char *text)
{
    snprintf(why, size, "%s", text);
    return false;
}

/* An empty file is a new world, which may surprise; one whose log has something in it is none. */
static bool
look_at_file(const char *path, bool *is_new, char *why, size_t size)
{
    char log[4096];
    struct stat status;
    bool is_empty;

    *is_new = true;
    if (strcmp(path, ":memory:") == 0)
        return true;
    if (!check_header(path, &is_empty, why, size) || !check_writable(path, why, size))
        return false;
    *is_new = is_empty || access(path, F_OK) != 0;
    snprintf(log, sizeof log, "%s-wal", path);
    if (*is_new && stat(log, &status) == 0 && status.st_size > 0)
        return refuse_with(why, size, "empty, or gone, and its log (-wal) is not: it was cut off");
    if (is_empty)
        refuse_with(why, size, "was empty: a new world begins in it");
    return true;
}

/* What is refused is left as it was, without the empty WAL that looking at it makes. */
static bool
look_at(sqlite3 *db, enum check_depth depth, char *why, size_t size)
{
    const char *wal = sqlite3_filename_wal(sqlite3_db_filename(db, "main"));
    bool is_new = access(wal, F_OK) != 0;

    if (check_schema(db, depth, why, size))
        return true;
    if (is_new && sqlite3_errcode(db) != SQLITE_BUSY) /* busy: it may be another's by now */
        unlink(wal);
    return false;
}

static enum check_depth
depth_for(const struct store_options *options, bool is_sealed)
{
    if (options->plain)
        return CHECK_INDEXES;
    return is_sealed ? CHECK_VERSION : CHECK_PAGES;
}

/*
 * Brings the file up to the newest schema; user_version counts what it already has. Everything is
 * one transaction, made before the file first becomes WAL: a process killed here leaves an empty
 * file or a whole one. A row that cannot be refuses it all.
 */
static bool
store_migrate(struct store *store, bool check, char *why, size_t size)
{
    char said[32] = "0", mark[96];
    int want = migration_count();
    bool good;

    store_exec(store, "BEGIN IMMEDIATE");
    if (!check_ask(store->db, "PRAGMA user_version", said, sizeof said))
        store_fail(store, "PRAGMA user_version");
    if (!store->failed && !migrate(store->db, atoi(said), want))
        store_fail(store, "a migration");
    good = store->failed || !check || check_rows(store->db, why, size);
    if (good && atoi(said) != want) {
        snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d",
            APPLICATION_ID, want);
        store_exec(store, mark);
    }
    if (store->failed)
        snprintf(why, size, "%s", sqlite3_errmsg(store->db));
    store_exec(store, good ? "COMMIT" : "ROLLBACK");
    return good && !store->failed;
}

/* NULL, and the store has failed, if it cannot be. */
static sqlite3_stmt *
prepared(struct store *store, int sql)
{
    sqlite3_stmt **stmt = &store->statements[sql];

    if (*stmt == NULL && sqlite3_prepare_v3(store->db, sql_text[sql], -1, SQLITE_PREPARE_PERSISTENT,
                             stmt, NULL) != SQLITE_OK)
        store_fail(store, sql_text[sql]);
    return *stmt;
}

/* What must not fail later, and the triggers of this connection. */
static void
store_prepare(struct store *store)
{
    prepared(store, SQL_ROLLBACK);
    for (int i = 0; i < SQL_COUNT && !store->failed; i++)
        if (strncmp(sql_text[i], "CREATE TEMP ", 12) == 0)
            sqlite3_step(prepared(store, i));
}

static int
on_log(void *context, sqlite3 *db, const char *name, int pages)
{
    struct store *store = context;

    (void)db;
    (void)name;
    store->log_pages = pages;
    store->logged = true;
    return SQLITE_OK;
}

/*
 * One connection, alone with the file: it writes and it checkpoints. (SQLite
 * before 3.51.3 can corrupt a WAL that several connections reset at once.)
 */
static bool
store_connect(struct store *store, const struct store_options *options, char *why, size_t size)
{
    bool is_new, is_sealed = !options->plain && seal_is_whole(options->path);

    if (!look_at_file(options->path, &is_new, why, size))
        return false;
    if (sqlite3_open_v2(options->path, &store->db,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return refuse_with(why, size, sqlite3_errmsg(store->db));
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    check_defend(store->db);
    store_exec(store, "PRAGMA locking_mode = EXCLUSIVE");
    if (!is_new && !look_at(store->db, depth_for(options, is_sealed), why, size))
        return false;
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    if (!store_migrate(store, !is_new && !is_sealed, why, size))
        return false;
    if (!options->plain)
        store_exec(store, "PRAGMA journal_mode = WAL;"
                          "PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16384");
    sqlite3_wal_hook(store->db, on_log, store); /* instead of a checkpoint within a commit */
    store_exec(store, "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY");
    store_exec(store, options->durability == SURVIVES_POWER ? "PRAGMA synchronous = FULL"
                                                            : "PRAGMA synchronous = NORMAL");
    store_prepare(store);
    if (store->failed)
        return refuse_with(why, size, sqlite3_errmsg(store->db));
    disk_open(&store->disk, options->path);
    if (!options->plain)
        seal_put(options->path);
    return true;
}

struct store *
store_open(const struct store_options *options, char *why, size_t size)
{
    struct store *store = calloc(1, sizeof *store);
    char found[256];

    if (store == NULL)
        abort();
    /* Nobody asks how much memory SQLite has, and to count it takes a lock for every piece. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    ids_open(&store->ids, options->seed);
    store->options = *options;
    forget(store);
    *found = '\0';
    if (store_connect(store, options, found, sizeof found)) {
        snprintf(why, size, "%s%s%s", *found == '\0' ? "" : options->path,
            *found == '\0' ? "" : ": ", found);
        return store;
    }
    snprintf(why, size, "%s: %s", options->path, found);
    store_close(store);
    return NULL;
}

struct store *
store_adopt(sqlite3 *db, const struct store *like)
{
    struct store *store = calloc(1, sizeof *store);
    char why[256];

    if (store == NULL)
        abort();
    store->db = db;
    ids_open(&store->ids, NULL);
    store->options = like->options;
    store_migrate(store, false, why, sizeof why);
    store_prepare(store);
    if (!store->failed)
        return store;
    store_close(store);
    return NULL;
}

void
store_renew(struct store *store)
{
    char why[256];

    store->failed = false;
    store->disk.bytes = 0; /* a smaller world makes its file shorter, some time */
    store->ids.kept = 0;
    store->worlds++;
    forget(store);
    store_migrate(store, false, why, sizeof why);
}

/* Nobody else has written to the file, and it is the one that was opened. */
static bool
is_as_it_was_left(struct store *store)
{
    return store->disk.path != NULL && disk_look(&store->disk) == NULL &&
           seal_is_whole(store->disk.path);
}

void
store_close(struct store *store)
{
    bool is_ours = is_as_it_was_left(store);

    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->db);
    if (is_ours)
        seal_put(store->disk.path);
    disk_close(&store->disk);
    free(store->clocks.own);
    arena_free(&store->arena);
    free(store->settings.values);
    free(store);
}

/* ---- transactions ------------------------------------------------------- */

/* Runs a statement without parameters or rows, unless the store has failed. */
static void
store_run(struct store *store, enum sql id)
{
    sqlite3_stmt *stmt = prepared(store, id);

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
    forget(store);
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

/*
 * What cannot be copied now, because it is being read, will be another time. The commit behind it,
 * of nothing, begins the log anew: that cuts a long one off and waits for the disk, for which the
 * next step has no time. Where the disk is full, the log gives back the room that it has.
 */
void
store_checkpoint(struct store *store)
{
    int how = store->wants_room ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    bool is_ours = is_as_it_was_left(store);

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
    sqlite3_stmt *stmt = prepared(store, sql);

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
