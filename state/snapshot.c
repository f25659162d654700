#include "snapshot.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arrival.h"
#include "check.h"
#include "clock.h"
#include "history.h"
#include "migration.h"
#include "snapshot_inside.h"
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
           execute(snapshot->db, store_options(snapshot->world)->durability == SURVIVES_POWER
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

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
        check_defend(db);
        return db;
    }
    sqlite3_close(db);
    return NULL;
}

static bool
has_world(sqlite3 *db, char *why, size_t size)
{
    char said[32];

    return check_ask(db, "SELECT 1 FROM world", said, sizeof said) ||
           refuse_with(why, size, "there is no world in it");
}

void
source_close(struct source *source)
{
    if (source->copy != NULL)
        store_close(source->copy);
    else
        sqlite3_close(source->db);
}

static bool
renew_copy(struct source *source, const struct store *like)
{
    sqlite3 *file = source->db;
    sqlite3_backup *backup;
    bool good = false;

    if (sqlite3_open_v2("", &source->db,
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
        check_defend(source->db);
        backup = sqlite3_backup_init(source->db, "main", file, "main");
        good = backup != NULL && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
        good = sqlite3_backup_finish(backup) == SQLITE_OK && good;
    }
    sqlite3_close(file);
    if (good)
        source->copy = store_adopt(source->db, like); /* which takes the database, whole or not */
    if (good && source->copy == NULL)
        source->db = NULL;
    return source->copy != NULL;
}

/* Nothing in the file is trusted, wherever it has been since it was taken. */
bool
source_open(struct source *source, const char *path, const struct store *like, char *why,
    size_t size)
{
    char version[32];
    bool is_empty, good;

    *source = (struct source){ .db = NULL };
    if (!check_header(path, &is_empty, why, size))
        return false;
    source->db = is_empty ? NULL : open_plain(path);
    if (source->db == NULL)
        return refuse_with(why, size, "it cannot be read");
    good = execute(source->db, "BEGIN") && check_schema(source->db, CHECK_INDEXES, why, size);
    if (good && check_ask(source->db, "PRAGMA user_version", version, sizeof version) &&
        strtol(version, NULL, 10) < migration_count())
        good = renew_copy(source, like) || refuse_with(why, size, "it cannot be made a newer one");
    if (good && check_rows(source->db, why, size) && has_world(source->db, why, size)) {
        check_ask(source->db, "SELECT account FROM world", source->account, sizeof source->account);
        return true;
    }
    source_close(source);
    return false;
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
    return store_commit(store) && arrival_take_back(store);
}

enum snapshot_restored
snapshot_restore(struct store *store, const char *path, char *why, size_t size)
{
    int64_t told = last_event(store);
    struct source source;
    bool kept;

    assert(!snapshot_is_under_way(store));
    if (!source_open(&source, path, store, why, size))
        return SNAPSHOT_NOT_GOOD;
    if (*source.account != '\0') {
        source_close(&source);
        return SNAPSHOT_OF_ANOTHER;
    }
    kept = copy_whole(store, source.db);
    if (!kept)
        refuse_with(why, size, sqlite3_errmsg(store_db(store)));
    source_close(&source);
    if (!kept)
        return SNAPSHOT_NOT_KEPT;
    store_renew(store);
    kept = go_on_behind(store, told) && world_resume_clock(store);
    if (!kept)
        refuse_with(why, size, "the store failed");
    return kept ? SNAPSHOT_RESTORED : SNAPSHOT_NOT_KEPT;
}

bool
snapshot_look(const char *path, int64_t *ms, char account[ACCOUNT_SIZE])
{
    sqlite3 *db = open_plain(path);
    char told[32];
    bool good = db != NULL && check_ask(db, "SELECT clock_base_ms FROM world", told, sizeof told);

    *account = '\0';
    if (good)
        *ms = strtoll(told, NULL, 10);
    if (good)
        check_ask(db, "SELECT account FROM world", account, ACCOUNT_SIZE);
    sqlite3_close(db);
    return good && *ms >= 0 && *ms <= CLOCK_END_MS &&
           (*account == '\0' || account_is_valid(account));
}

/* ---- files from elsewhere ----------------------------------------------- */

static bool
is_complete(sqlite3 *db, off_t bytes, char *why, size_t size)
{
    char page[32], count[32];

    if (!check_ask(db, "PRAGMA page_size", page, sizeof page) ||
        strtol(page, NULL, 10) != PAGE_SIZE)
        return refuse_with(why, size, "its pages are not those of rekognition-local");
    if (!check_ask(db, "PRAGMA page_count", count, sizeof count) ||
        strtoll(count, NULL, 10) * PAGE_SIZE != bytes)
        return refuse_with(why, size, "it is cut off");
    return has_world(db, why, size);
}

bool
snapshot_accept(const char *path, char *why, size_t size)
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
    good = is_complete(store_db(store), file.st_size, why, size);
    if (good && !(world_pause_clock(store) && make_plain(store_db(store))))
        good = refuse_with(why, size, "it cannot be written");
    store_close(store);
    return good;
}
