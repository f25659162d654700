/* The store's file: made whole, opened again as it was, refused when it is not ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "sql.h"
#include "../../state/store.h"
#include "../support/world.h"

struct place {
    char path[32];
};

static int
make_place(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    int file;

    assert_non_null(place);
    snprintf(place->path, sizeof place->path, "/tmp/test_store.XXXXXX");
    file = mkstemp(place->path);
    assert_int_not_equal(file, -1);
    close(file);
    *state = place;
    return 0;
}

static int
remove_place(void **state)
{
    struct place *place = *state;
    char wal[64];

    snprintf(wal, sizeof wal, "%s-wal", place->path);
    remove(wal);
    remove(place->path);
    free(place);
    return 0;
}

static int
ask(const char *path, const char *pragma)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    int said;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, pragma, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    said = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return said;
}

static void
tell(const char *path, const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static int
ask_count(struct store *store, const char *sql)
{
    sqlite3_stmt *stmt;
    int said;

    assert_int_equal(sqlite3_prepare_v2(store_db(store), sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    said = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return said;
}

static void
remove_wal(const char *path)
{
    char wal[64];

    snprintf(wal, sizeof wal, "%s-wal", path);
    remove(wal);
}

static void
a_new_file_has_every_migration_and_our_mark(void **state)
{
    struct place *place = *state;
    int count = 0;

    while (sql_migrations[count] != NULL)
        count++;
    store_close(world_open(place->path));
    assert_int_equal(ask(place->path, "PRAGMA user_version"), count);
    assert_int_equal(ask(place->path, "PRAGMA application_id"), 0x52454b4f);
    assert_int_equal(ask(place->path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static void
a_world_is_opened_again_as_it_was(void **state)
{
    struct place *place = *state;
    struct store *store = world_open(place->path);
    char arn[ARN_SIZE], *before, *after;

    world_train(store, "v", arn);
    world_pass(store, MINUTE_MS);
    before = world_dump(store);
    store_close(store);
    store = world_open(place->path);
    after = world_dump(store);
    assert_string_equal(after, before);
    world_pass(store, 29 * MINUTE_MS - 1);
    assert_string_equal(world_status(store, arn), "TRAINING_IN_PROGRESS");
    world_pass(store, 1);
    assert_string_equal(world_status(store, arn), "TRAINING_COMPLETED");
    store_close(store);
    free(before);
    free(after);
}

static void
check_refused(const char *path, const char *expected)
{
    char why[256] = "";

    assert_null(store_open(&(struct store_options){ .path = path }, why, sizeof why));
    if (strstr(why, expected) == NULL)
        fail_msg("it says: %s", why);
}

static void
a_file_of_a_newer_program_is_refused(void **state)
{
    struct place *place = *state;
    char wal[512];

    store_close(world_open(place->path));
    tell(place->path, "PRAGMA user_version = 1000");
    check_refused(place->path, "newer");
    snprintf(wal, sizeof wal, "%s-wal", place->path);
    assert_int_not_equal(access(wal, F_OK), 0);
    assert_int_equal(ask(place->path, "PRAGMA user_version"), 1000);
}

static void
a_file_of_another_program_is_refused(void **state)
{
    struct place *place = *state;

    tell(place->path, "CREATE TABLE theirs (a); PRAGMA user_version = 1");
    check_refused(place->path, "another program");
    assert_int_equal(ask(place->path, "SELECT count(*) FROM sqlite_schema"), 1);
}

static void
a_file_that_another_process_has_is_refused(void **state)
{
    struct place *place = *state;
    sqlite3 *db;

    store_close(world_open(place->path));
    assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", NULL,
                         NULL, NULL),
        SQLITE_OK);
    check_refused(place->path, "in use");
    sqlite3_close(db);
    store_close(world_open(place->path));
}

static const struct part {
    const char *table, *moved;
} parts[] = {
#define PART(table, condition, moved) { #table, moved },
#include "../../state/parts.def"
#undef PART
};

/* What snapshots of accounts copy of the table; NULL: nothing. */
static const char *
moved_of(const char *table)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (strcmp(parts[i].table, table) == 0)
            return parts[i].moved;
    return NULL;
}

static bool
has_word(const char *words, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = words; (at = strstr(at, word)) != NULL; at++)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static void
every_table_is_of_accounts_or_of_the_world(void **state)
{
    struct store *store = world_open(":memory:");
    sqlite3_stmt *columns;

    (void)state;
    assert_int_equal(sqlite3_prepare_v2(store_db(store),
                         "SELECT t.name, c.name, c.type FROM sqlite_schema t, "
                         "pragma_table_info(t.name) c "
                         "WHERE t.type = "
                         "'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT IN ('world', "
                         "'setting', 'person', 'arrival', 'gone_collection')",
                         -1, &columns, NULL),
        SQLITE_OK);
    while (sqlite3_step(columns) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(columns, 0);
        const char *column = (const char *)sqlite3_column_text(columns, 1);
        const char *moved = moved_of(table), *end = strrchr(column, '_');

        if (moved == NULL) {
            fail_msg("%s is not in state/parts.def", table);
            continue;
        }
        if (strcmp(table, "history") == 0 ||
            strcmp((const char *)sqlite3_column_text(columns, 2), "TEXT") == 0)
            continue; /* its ids stay; and a text is no id of a row */
        if ((strcmp(column, "id") == 0 || (end != NULL && strcmp(end, "_id") == 0)) &&
            !has_word(moved, column))
            fail_msg("%s.%s is an id, and not moved by state/parts.def", table, column);
    }
    sqlite3_finalize(columns);
    store_close(store);
}

/* As a program of that version left it: a project on its way out. */
static void
make_old(const char *path, int version)
{
    char mark[96];

    for (int i = 0; i < version; i++)
        tell(path, sql_migrations[i]);
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d", 0x52454b4f,
        version);
    tell(path, mark);
    tell(path,
        "INSERT INTO world (id, clock_mode, clock_base_ms, clock_wall_ms, secret)"
        " VALUES (1, 'frozen', 1893456000000, 1, 'x');"
        "INSERT INTO project (arn, account, region, name, status, feature, auto_update, created_ms)"
        " VALUES ('arn:aws:rekognition:us-east-1:123456789012:project/p/1', '123456789012',"
        " 'us-east-1', 'p', 'DELETING', 'CUSTOM_LABELS', 'DISABLED', 1);"
        "INSERT INTO timer (kind, arn, event, begun_ms, due_ms) SELECT 'project', arn, 'deleted',"
        " 1893456000000, 1893456001000 FROM project;"
        "INSERT INTO setting (name, value) VALUES ('version.train', 7000)");
}

static void
a_database_of_every_older_version_is_opened_and_goes_on(void **state)
{
    struct place *place = *state;

    for (int version = 1; sql_migrations[version - 1] != NULL; version++) {
        struct store *store;
        char arn[ARN_SIZE];

        remove(place->path);
        make_old(place->path, version);
        store = world_open(place->path);
        assert_int_equal(ask_count(store, "SELECT count(*) FROM project"), 1);
        world_pass(store, SECOND_MS);
        assert_int_equal(ask_count(store, "SELECT count(*) FROM project"), 0);
        world_train(store, "v", arn);
        world_pass(store, 7 * SECOND_MS);
        assert_string_equal(world_status(store, arn), "TRAINING_COMPLETED");
        store_close(store);
        store = world_open(place->path);
        assert_string_equal(world_status(store, arn), "TRAINING_COMPLETED");
        store_close(store);
        remove_wal(place->path);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_file_has_every_migration_and_our_mark, make_place,
            remove_place),
        cmocka_unit_test_setup_teardown(a_world_is_opened_again_as_it_was, make_place,
            remove_place),
        cmocka_unit_test(every_table_is_of_accounts_or_of_the_world),
        cmocka_unit_test_setup_teardown(a_database_of_every_older_version_is_opened_and_goes_on,
            make_place, remove_place),
        cmocka_unit_test_setup_teardown(a_file_of_a_newer_program_is_refused, make_place,
            remove_place),
        cmocka_unit_test_setup_teardown(a_file_of_another_program_is_refused, make_place,
            remove_place),
        cmocka_unit_test_setup_teardown(a_file_that_another_process_has_is_refused, make_place,
            remove_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
