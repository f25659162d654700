/* Files of older programs, in the middle of whatever they were at, are opened and go on. */
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

#include "../../state/lifecycle_work.h"
#include "../../state/migration.h"
#include "../../state/page.h"
#include "../../state/resource/dataset.h"
#include "../../state/resource/dataset_entry.h"
#include "../../state/resource/project_version.h"
#include "../../state/resource/tag.h"
#include "../../state/resource/project.h"
#include "../../state/setting.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/timer.h"
#include "../../state/work.h"
#include "../support/world.h"
#include "sql.h"

#define PROJECT "arn:aws:rekognition:us-east-1:123456789012:project/p/1"
#define TRAIN "arn:aws:rekognition:us-east-1:123456789012:project/p/dataset/train/2"
#define TEST "arn:aws:rekognition:us-east-1:123456789012:project/p/dataset/test/2"
#define VERSION "arn:aws:rekognition:us-east-1:123456789012:project/p/version/v/3"

/*
 * As version 1 left it: an update of TRAIN half done, with one image replaced and one added; TEST
 * told to receive what TRAIN distributes; and a version in training with both.
 */
static const char version_1[] =
    "INSERT INTO world VALUES (1, 'frozen', 1893456000000, 1, 1, 'secret');"
    "INSERT INTO project VALUES (1, '" PROJECT "', '123456789012', 'us-east-1', 'p', 'CREATED',"
    "  NULL, 'CUSTOM_LABELS', 'DISABLED', 1, 1);"
    "INSERT INTO dataset (id, arn, project_id, account, region, type, status, created_ms, "
    "entered_ms)"
    "  VALUES (1, '" TRAIN
    "', 1, '123456789012', 'us-east-1', 'TRAIN', 'UPDATE_IN_PROGRESS', 2, 2),"
    "         (2, '" TEST "', 1, '123456789012', 'us-east-1', 'TEST', 'CREATE_COMPLETE', 2, 2);"
    "INSERT INTO dataset_entry (id, dataset_id, source_ref, line, is_labeled, has_errors, labels)"
    "  VALUES (1, 1, 's3://bucket/1', '{\"before\":1}', 1, 0, '{\"cat\":0}');"
    "UPDATE dataset SET shown = '[1,1,0,1]' WHERE id = 1;"
    "INSERT INTO dataset_entry_before (id, dataset_id, line, is_labeled, has_errors, labels)"
    "  VALUES (1, 1, '{\"before\":1}', 1, 0, '{\"cat\":0}');"
    "UPDATE dataset_entry SET line = '{\"after\":1}', labels = '{\"dog\":0}', fresh = 1 WHERE id = "
    "1;"
    "INSERT INTO dataset_entry (id, dataset_id, source_ref, line, is_labeled, has_errors, labels, "
    "fresh)"
    "  VALUES (2, 1, 's3://bucket/2', '{}', 0, 0, '{}', 1);"
    "INSERT INTO project_version (id, arn, project_id, account, region, name, feature, status,"
    "    created_ms, entered_ms, f1_score)"
    "  VALUES (1, '" VERSION "', 1, '123456789012', 'us-east-1', 'v', 'CUSTOM_LABELS',"
    "    'TRAINING_IN_PROGRESS', 3, 3, 0.9);"
    "INSERT INTO work (kind, arn, event, message, begun_ms, due_ms, task, what)"
    "  VALUES ('dataset', '" TRAIN
    "', 'updated', NULL, 2, 1893456000100, 'dataset.update', 'lines'),"
    "         ('project_version', '" VERSION
    "', 'trained', NULL, 3, 1893456000200, 'version.train', NULL);"
    "INSERT INTO timer VALUES ('dataset', '" TEST "', 'created', NULL, 2, 1893456000300);"
    "INSERT INTO tag VALUES ('" VERSION "', 'a', 'b');"
    "PRAGMA application_id = 0x52454b4f; PRAGMA user_version = 1;";

static struct store *
open_old(char path[32])
{
    sqlite3 *db;
    int file;

    snprintf(path, 32, "/tmp/test_migration.XXXXXX");
    file = mkstemp(path);
    assert_int_not_equal(file, -1);
    close(file);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql_migrations[0], NULL, NULL, NULL), SQLITE_OK);
    if (sqlite3_exec(db, version_1, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
    return world_open(path);
}

static void
close_and_remove(struct store *store, const char *path)
{
    char wal[64];

    store_close(store);
    snprintf(wal, sizeof wal, "%s-wal", path);
    remove(wal);
    remove(path);
}

static char *
schema_after(const char *const *scripts, size_t count)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    char *schema = NULL;
    size_t length;
    FILE *out = open_memstream(&schema, &length);

    assert_non_null(out);
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (size_t i = 0; i < count; i++)
        if (sqlite3_exec(db, scripts[i], NULL, NULL, NULL) != SQLITE_OK)
            fail_msg("%s", sqlite3_errmsg(db));
    assert_int_equal(sqlite3_prepare_v2(db,
                         "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
                         -1, &stmt, NULL),
        SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        for (int i = 0; i < 4; i++)
            fprintf(out, "%s\n", (const char *)sqlite3_column_text(stmt, i));
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    fclose(out);
    return schema;
}

/* If it is not: `make schema`. */
static void
a_new_world_has_the_schema_that_the_migrations_lead_to(void **state)
{
    const char *const whole[] = { sql_schema };
    char *at_once = schema_after(whole, 1);
    char *in_steps = schema_after(sql_migrations, (size_t)migration_count());

    (void)state;
    assert_string_equal(at_once, in_steps);
    free(at_once);
    free(in_steps);
}

static void
steps_await_the_work_that_was_begun(void **state)
{
    char path[32];
    struct store *store = open_old(path);
    struct timer timer;
    struct work work;

    (void)state;
    step_begin(store, "test");
    assert_true(work_next(store, 0, &work));
    assert_string_equal(work.task, TASK_UPDATE);
    assert_string_equal(work.what, "lines");
    assert_true(work_next(store, work.id, &work));
    assert_string_equal(work.task, TASK_TRAIN);
    assert_false(work_next(store, work.id, &work));
    assert_true(timer_find(store, "dataset", TRAIN, &timer));
    assert_int_equal(timer.due_ms, INT64_C(1893456000100));
    step_end(store, true);
    world_pass(store, HOUR_MS); /* none is done: none ends */
    step_begin(store, "test");
    assert_true(timer_find(store, "project_version", VERSION, &timer));
    assert_false(timer_find(store, "dataset", TEST, &timer));
    lifecycle_work_done(store, "project_version", VERSION, NULL);
    step_end(store, true);
    world_pass(store, 1);
    assert_string_equal(world_status(store, VERSION), "TRAINING_COMPLETED");
    close_and_remove(store, path);
}

static void
an_update_half_done_is_taken_back(void **state)
{
    const struct dataset_filter any = { .labeled = -1, .has_errors = -1 };
    struct page page = { .first = true, .size = 10 };
    char path[32];
    struct store *store = open_old(path);
    struct dataset dataset = { 0 };
    struct dataset_entry *entries;
    size_t count;

    (void)state;
    step_begin(store, "test");
    assert_int_equal(dataset_find(store, TRAIN, &dataset), RESULT_OK);
    assert_int_equal(dataset.entries, 1);
    while (dataset_step_undo(store, dataset.id, dataset.step, 1))
        ;
    lifecycle_work_failed(store, "dataset", TRAIN, "no");
    lifecycle_work_undone(store, "dataset", TRAIN);
    step_end(store, true);
    world_pass(store, HOUR_MS);
    step_begin(store, "test");
    assert_int_equal(dataset_find(store, TRAIN, &dataset), RESULT_OK);
    assert_string_equal(dataset.status, "UPDATE_FAILED");
    assert_int_equal(dataset.entries, 1);
    entries = dataset_entry_list(store, dataset.id, &any, &page, &count);
    assert_int_equal(count, 1);
    assert_string_equal(entries[0].line, "{\"before\":1}");
    step_end(store, true);
    close_and_remove(store, path);
}

static void
a_version_uses_the_datasets_that_it_began_with_and_leaves_no_tags(void **state)
{
    char path[32];
    struct store *store = open_old(path);
    struct project_version version = { 0 };
    size_t count;

    (void)state;
    step_begin(store, "test");
    assert_int_equal(project_version_find(store, VERSION, &version), RESULT_OK);
    assert_true(version.uses_datasets);
    tag_list(store, VERSION, &count);
    assert_int_equal(count, 1);
    lifecycle_work_done(store, "project_version", VERSION, NULL);
    step_end(store, true);
    world_pass(store, HOUR_MS);
    step_begin(store, "test");
    assert_int_equal(project_version_find(store, VERSION, &version), RESULT_OK);
    assert_int_equal(project_version_delete(store, &version), RESULT_OK);
    step_end(store, true);
    world_pass(store, HOUR_MS);
    step_begin(store, "test");
    assert_int_equal(project_version_find(store, VERSION, &version), RESULT_NOT_FOUND);
    tag_list(store, VERSION, &count);
    assert_int_equal(count, 0);
    step_end(store, true);
    close_and_remove(store, path);
}

static void
projects_are_counted_that_nobody_had_counted(void **state)
{
    struct project project = { .scope = { "123456789012", "us-east-1" },
        .name = "q",
        .feature = "CUSTOM_LABELS",
        .auto_update = "DISABLED" };
    char path[32];
    struct store *store = open_old(path);

    (void)state;
    step_begin(store, "test");
    setting_set(store, SETTING_LIMIT_PROJECTS, 1);
    assert_int_equal(project_create(store, &project), RESULT_PROJECT_LIMIT);
    setting_set(store, SETTING_LIMIT_PROJECTS, 2);
    assert_int_equal(project_create(store, &project), RESULT_OK);
    step_end(store, true);
    close_and_remove(store, path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_world_has_the_schema_that_the_migrations_lead_to),
        cmocka_unit_test(steps_await_the_work_that_was_begun),
        cmocka_unit_test(an_update_half_done_is_taken_back),
        cmocka_unit_test(projects_are_counted_that_nobody_had_counted),
        cmocka_unit_test(a_version_uses_the_datasets_that_it_began_with_and_leaves_no_tags),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
