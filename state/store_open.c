/* How a store begins and ends: the file is looked at, made or brought up to date, and left. */
#include "store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "disk.h"
#include "migration.h"
#include "seal.h"
#include "sql.h"
#include "store_inside.h"

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

/* What must not fail later, and the triggers of this connection. */
static void
store_prepare(struct store *store)
{
    store_prepared(store, SQL_ROLLBACK);
    for (int i = 0; i < SQL_COUNT && !store->failed; i++)
        if (strncmp(sql_text[i], "CREATE TEMP ", 12) == 0)
            sqlite3_step(store_prepared(store, i));
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
    store_forget(store);
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
    store_forget(store);
    store_migrate(store, false, why, sizeof why);
}

void
store_close(struct store *store)
{
    bool is_ours = store_is_as_it_was_left(store);

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
