#include "snapshot.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "clock.h"
#include "history.h"
#include "store.h"
#include "world.h"

#define PAGE_SIZE 4096 /* SQLite's, since 3.12; a WAL database takes in no others */

/* Pages copied between two looks at the time: about a millisecond of work. */
#define PAGES_AT_ONCE 256

struct snapshot {
    struct store *world;
    char *path; /* NULL: private */
    sqlite3 *db;
    sqlite3_backup *backup;
    struct store *taken;
};

static bool
refuse_with(char *why, size_t size, const char *text)
{
    snprintf(why, size, "%s", text);
    return false;
}

/* What one row of one column says, to be freed; NULL when it does not. */
static char *
ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    char *told = NULL;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL) {
        told = strdup((const char *)sqlite3_column_text(stmt, 0));
        if (told == NULL)
            abort();
    }
    sqlite3_finalize(stmt);
    return told;
}

/* ---- taking ------------------------------------------------------------- */

bool
snapshot_is_under_way(struct store *store)
{
    return *store_copies(store) > 0;
}

struct snapshot *
snapshot_begin(struct store *store, const char *path, char *why, size_t size)
{
    struct snapshot *snapshot = calloc(1, sizeof *snapshot);

    if (snapshot == NULL)
        abort();
    snapshot->world = store;
    snapshot->path = path == NULL ? NULL : strdup(path);
    ++*store_copies(store);
    /* An unnamed database is a file that SQLite removes by itself, written when memory is short. */
    if (sqlite3_open_v2(path == NULL ? "" : path, &snapshot->db,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
        sqlite3_exec(snapshot->db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", NULL,
            NULL, NULL);
        snapshot->backup = sqlite3_backup_init(snapshot->db, "main", store_db(store), "main");
    }
    if (snapshot->backup != NULL)
        return snapshot;
    refuse_with(why, size, sqlite3_errmsg(snapshot->db));
    snapshot_end(snapshot);
    return NULL;
}

static bool
execute(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/*
 * The copy of a WAL database says that it is one, too: as a plain file it needs no second file
 * beside it.
 */
static bool
make_plain(sqlite3 *db)
{
    return execute(db, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE");
}

/* Opens the complete file again, by itself. */
static bool
reopen(struct snapshot *snapshot)
{
    sqlite3_close(snapshot->db);
    snapshot->db = NULL;
    return sqlite3_open_v2(snapshot->path, &snapshot->db,
               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
           execute(snapshot->db, store_durability(snapshot->world) == SURVIVES_POWER
                                     ? "PRAGMA synchronous = FULL"
                                     : "PRAGMA synchronous = OFF") &&
           make_plain(snapshot->db); /* which waits for the disk, unless it need not */
}

/* Every page is there. */
static enum snapshot_progress
complete(struct snapshot *snapshot)
{
    bool good = sqlite3_backup_finish(snapshot->backup) == SQLITE_OK;

    snapshot->backup = NULL;
    if (good && snapshot->path != NULL)
        good = reopen(snapshot);
    if (!good)
        return SNAPSHOT_FAILED;
    snapshot->taken = store_adopt(snapshot->db, snapshot->world);
    snapshot->db = NULL;
    if (snapshot->taken == NULL)
        return SNAPSHOT_FAILED;
    return world_pause_clock(snapshot->taken) ? SNAPSHOT_TAKEN : SNAPSHOT_FAILED;
}

enum snapshot_progress
snapshot_go_on(struct snapshot *snapshot, int64_t until_us)
{
    do {
        switch (sqlite3_backup_step(snapshot->backup, PAGES_AT_ONCE)) {
        case SQLITE_OK:
            break;
        case SQLITE_DONE:
            return complete(snapshot);
        default:
            return SNAPSHOT_FAILED;
        }
    } while (clock_monotonic_us() < until_us);
    return SNAPSHOT_GOES_ON;
}

struct store *
snapshot_store(struct snapshot *snapshot)
{
    assert(snapshot->taken != NULL);
    return snapshot->taken;
}

void
snapshot_end(struct snapshot *snapshot)
{
    if (snapshot->backup != NULL)
        sqlite3_backup_finish(snapshot->backup);
    if (snapshot->taken != NULL)
        store_close(snapshot->taken);
    sqlite3_close(snapshot->db);
    --*store_copies(snapshot->world);
    free(snapshot->path);
    free(snapshot);
}

/* ---- restoring ---------------------------------------------------------- */

/* All of it or, when the store is interrupted, nothing. */
static bool
copy_whole(struct store *to, sqlite3 *from)
{
    sqlite3_backup *backup = sqlite3_backup_init(store_db(to), "main", from, "main");
    int said = SQLITE_OK;

    if (backup == NULL)
        return false;
    while (said == SQLITE_OK && !store_failed(to))
        said = sqlite3_backup_step(backup, PAGES_AT_ONCE);
    return sqlite3_backup_finish(backup) == SQLITE_OK && said == SQLITE_DONE;
}

/* A reader of a plain file that nobody writes. */
static sqlite3 *
open_plain(const char *path)
{
    sqlite3 *db;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
        return db;
    sqlite3_close(db);
    return NULL;
}

static int64_t
last_event(struct store *store)
{
    int64_t id;

    store_begin(store, "restore");
    id = history_last(store);
    store_commit(store);
    return id;
}

static bool
go_on_behind(struct store *store, int64_t event)
{
    store_begin(store, "restore");
    history_go_on(store, event);
    return store_commit(store);
}

bool
snapshot_restore(struct store *store, const char *path, char *why, size_t size)
{
    sqlite3 *from = open_plain(path);
    int64_t told = last_event(store);
    bool copied;

    assert(!snapshot_is_under_way(store));
    if (from == NULL)
        return refuse_with(why, size, "it cannot be read");
    copied = copy_whole(store, from);
    if (!copied)
        refuse_with(why, size, sqlite3_errmsg(store_db(store)));
    sqlite3_close(from);
    if (!copied)
        return false;
    store_renew(store);
    return (go_on_behind(store, told) && world_resume_clock(store)) ||
           refuse_with(why, size, "the store failed");
}

bool
snapshot_moment(const char *path, int64_t *ms)
{
    sqlite3 *db = open_plain(path);
    char *told = db == NULL ? NULL : ask(db, "SELECT clock_base_ms FROM world");

    if (told != NULL)
        *ms = strtoll(told, NULL, 10);
    free(told);
    sqlite3_close(db);
    return told != NULL;
}

/* ---- files from elsewhere ----------------------------------------------- */

static char *
schema_of(sqlite3 *db)
{
    char *schema =
        ask(db, "SELECT group_concat(line, char(10)) FROM (SELECT type || ' ' || name || ' ' || "
                "coalesce(sql, '') AS line FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' "
                "ORDER BY type, name)");

    return schema != NULL ? schema : calloc(1, 1);
}

char *
snapshot_schema(const struct store *store)
{
    return schema_of(store_db(store));
}

static bool
is_complete(struct store *store, off_t bytes, const char *schema, char *why, size_t size)
{
    char *has = schema_of(store_db(store));
    char *page = ask(store_db(store), "PRAGMA page_size");
    char *count = ask(store_db(store), "PRAGMA page_count");
    char *sane = ask(store_db(store),
        "SELECT count(*) = 1 AND min(clock_mode IN ('real', 'frozen') AND clock_scale > 0 AND "
        "clock_base_ms BETWEEN 0 AND 253402300799999) FROM world");
    bool good = true;

    if (has == NULL || strcmp(has, schema) != 0)
        good = refuse_with(why, size, "its tables are not those of rekognition-local");
    else if (page == NULL || strtol(page, NULL, 10) != PAGE_SIZE)
        good = refuse_with(why, size, "its pages are not those of rekognition-local");
    else if (count == NULL || strtoll(count, NULL, 10) * PAGE_SIZE != bytes)
        good = refuse_with(why, size, "it is cut off");
    else if (sane == NULL || strcmp(sane, "1") != 0)
        good = refuse_with(why, size, "there is no world in it");
    free(has);
    free(page);
    free(count);
    free(sane);
    return good;
}

bool
snapshot_accept(const char *path, const char *schema, char *why, size_t size)
{
    struct store *store;
    struct stat file;
    char told[512];
    bool good;

    if (stat(path, &file) != 0)
        return refuse_with(why, size, "it cannot be read");
    store = store_open(&(struct store_options){ .path = path, .plain = true }, told, sizeof told);
    if (store == NULL) /* the name of the file is of no interest to whoever sent it */
        return refuse_with(why, size,
            strncmp(told, path, strlen(path)) == 0 ? told + strlen(path) + strlen(": ") : told);
    good = is_complete(store, file.st_size, schema, why, size);
    if (good && !(world_pause_clock(store) && make_plain(store_db(store))))
        good = refuse_with(why, size, "it cannot be written");
    store_close(store);
    return good;
}
