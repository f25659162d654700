#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "clocks.h"
#include "history.h"
#include "parts.h"
#include "query.h"
#include "setting.h"
#include "snapshot.h"
#include "snapshot_inside.h"
#include "step.h"
#include "store.h"
#include "world.h"

static bool
refuse_with(char *why, size_t size, const char *text)
{
    snprintf(why, size, "%s", text);
    return false;
}

/* ---- saving ------------------------------------------------------------- */

/* The world of the copy: as this one, its clocks paused, but of the account alone. */
static bool
write_world(sqlite3 *from, sqlite3 *to, const char *account, int64_t now_ms)
{
    sqlite3_stmt *read = NULL, *write = NULL;
    bool good = sqlite3_prepare_v2(from, "SELECT clock_mode, clock_scale, secret, drawn FROM world",
                    -1, &read, NULL) == SQLITE_OK &&
                sqlite3_step(read) == SQLITE_ROW &&
                sqlite3_prepare_v2(to,
                    "INSERT INTO world (id, clock_mode, clock_scale, secret, drawn, clock_base_ms, "
                    "clock_wall_ms, account) VALUES (1, ?1, ?2, ?3, ?4, ?5, 0, ?6)",
                    -1, &write, NULL) == SQLITE_OK;

    for (int i = 0; good && i < 4; i++)
        sqlite3_bind_value(write, i + 1, sqlite3_column_value(read, i));
    if (good) {
        sqlite3_bind_int64(write, 5, now_ms);
        sqlite3_bind_text(write, 6, account, -1, SQLITE_STATIC);
        good = sqlite3_step(write) == SQLITE_DONE;
    }
    sqlite3_finalize(read);
    sqlite3_finalize(write);
    return good;
}

static bool
execute(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool
save(struct store *store, struct store *copy, const char *account)
{
    sqlite3 *from = store_db(store), *to = store_db(copy);

    return execute(to, "BEGIN") && write_world(from, to, account, clocks_now(store, "")) &&
           parts_copy(from, to, account, INT64_MAX) && execute(to, "COMMIT") &&
           world_pause_clock(copy);
}

bool
snapshot_save_account(struct store *store, const char *path, const char *account, char *why,
    size_t size)
{
    char told[512];
    struct store *copy =
        store_open(&(struct store_options){ .path = path, .plain = true }, told, sizeof told);
    bool good;

    if (copy == NULL)
        return refuse_with(why, size, "it cannot be written");
    step_begin_of(store, "snapshot", account);
    good = save(store, copy, account);
    good = step_end(store, true) && good;
    store_close(copy);
    return good || refuse_with(why, size, "it cannot be written");
}

/* ---- restoring ---------------------------------------------------------- */

static bool
ask_number(sqlite3 *db, const char *sql, int64_t *number)
{
    sqlite3_stmt *stmt = NULL;
    bool told = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
                sqlite3_step(stmt) == SQLITE_ROW;

    if (told)
        *number = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return told;
}

/* Its own clock goes on from where it was; what is pending by the world's keeps the time it has left. */
static void
go_on(struct store *store, const char *account, int64_t passed_ms)
{
    struct own_clock *own;
    struct query q;

    store_clocks(store)->known = false;
    clocks_read(store);
    store_clocks(store)->written = true;
    if (clocks_has_own(store, account)) {
        own = clocks_of(store, account);
        own->clock.wall_ms = world_wall_now();
        clocks_write(store, own, &own->clock);
        return;
    }
    q = query(store, SQL_TIMER_MOVE);
    query_text(&q, ":account", account);
    query_int(&q, ":by", passed_ms);
    query_int(&q, ":end", CLOCK_END_MS);
    query_run(&q);
}

/* Rows came that nobody has seen come. */
static void
forget(struct store *store)
{
    struct quiet *quiet = store_quiet(store);

    store_kept_settings(store)->known = false;
    quiet->known = quiet->event_known = false;
    quiet->faults = true;
    quiet->works++;
}

/* A breakpoint that is for other accounts, too, is no part of this one: what it held goes on. */
static void
let_go(struct store *store)
{
    struct query q = query(store, SQL_TIMER_LET_GO);

    query_run(&q);
}

static void
bring_back(struct store *store, sqlite3 *from, const char *account)
{
    int64_t told = history_last(store), taken_ms = store_now(store), step = 0;

    ask_number(from, "SELECT clock_base_ms FROM world", &taken_ms);
    ask_number(from, "SELECT max(step) FROM dataset", &step);
    world_forget(store, account);
    if (!store_failed(store) && !parts_copy(from, store_db(store), account, told))
        store_fail(store, "parts of an account");
    let_go(store);
    go_on(store, account, store_now(store) - taken_ms);
    history_go_on(store, told > step ? told : step);
    forget(store);
}

enum snapshot_restored
snapshot_restore_account(struct store *store, const char *path, const char *account, char *why,
    size_t size)
{
    struct source source;
    bool kept;

    if (!source_open(&source, path, store, why, size))
        return SNAPSHOT_NOT_GOOD;
    if (*source.account != '\0' && strcmp(source.account, account) != 0) {
        source_close(&source);
        return SNAPSHOT_OF_ANOTHER;
    }
    step_begin(store, "restore");
    bring_back(store, source.db, account);
    kept = step_end(store, true);
    if (!kept)
        refuse_with(why, size, store_why(store));
    source_close(&source);
    return kept ? SNAPSHOT_RESTORED : SNAPSHOT_NOT_KEPT;
}
