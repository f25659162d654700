/* Files that are no world, or mean harm: refused at the start, as an upload and by restore, and nothing is changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "../../state/resource/dataset.h"
#include "../../state/resource/dataset_entry.h"
#include "../../state/resource/project.h"
#include "../../state/snapshot.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../support/world.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static char folder[] = "/tmp/test_check.XXXXXX", good[64], bad[64];

static void
execute(const char *path, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
    sqlite3_close(db);
}

static void
copy(const char *from, const char *to)
{
    char piece[65536];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t got;

    assert_non_null(in);
    assert_non_null(out);
    while ((got = fread(piece, 1, sizeof piece, in)) > 0)
        fwrite(piece, 1, got, out);
    fclose(in);
    fclose(out);
}

/* A world with something in most of its tables, at rest in a plain file. */
static int
make_world(void **state)
{
    struct store *store;
    char arn[ARN_SIZE];

    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(good, sizeof good, "%s/good.db", folder);
    snprintf(bad, sizeof bad, "%s/bad.db", folder);
    store = world_open(good);
    world_train(store, "v", arn);
    world_pass(store, HOUR_MS);
    world_start(store, arn, 1, 2);
    world_train(store, "w", arn);
    store_close(store);
    execute(good,
        "PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = ON;"
        "INSERT INTO dataset (arn, project_id, account, region, type, status, created_ms, "
        "entered_ms)"
        " SELECT replace(arn, '/p/', '/p/dataset/train/'), id, account, region, 'TRAIN', "
        "'CREATE_COMPLETE', 1, 1"
        " FROM project;"
        "INSERT INTO dataset_entry (dataset_id, source_ref, line, is_labeled, has_errors, labels)"
        " SELECT id, 's3://b/k', '{}', 1, 0, '{\"cat\":2}' FROM dataset;"
        "INSERT INTO tag SELECT arn, 'a', 'b' FROM project;"
        "INSERT INTO project_policy (project_id, name, revision, document, created_ms, updated_ms)"
        " SELECT id, 'p', '1', '{}', 1, 1 FROM project;"
        "INSERT INTO outcome (resource, event, times) VALUES ('*', 'train', 1);"
        "INSERT INTO fault (operation, account, region, skip, probability, delay_ms) VALUES ('*', "
        "'', '', 0, 1, 0);"
        "INSERT INTO detection (version, labels) VALUES ('*', '[]');"
        "INSERT INTO setting (name, value) VALUES ('version.train', 5);"
        "INSERT INTO collection (id, arn, account, region, name, status, created_ms, "
        "model_version) VALUES"
        " (1, 'arn:aws:rekognition:us-east-1:123456789012:collection/c', '123456789012', "
        "'us-east-1', 'c',"
        " 'ACTIVE', 1, '7.0');"
        "INSERT INTO user (id, arn, account, region, collection_id, name, key, status) VALUES (1,"
        " 'arn:aws:rekognition:us-east-1:123456789012:local/collection/c/user/a~b', "
        "'123456789012', 'us-east-1',"
        " 1, 'a:b', '11111111-2222-3333-4444-555555555555', 'CREATED');"
        "INSERT INTO token VALUES ('123456789012', 'us-east-1', 'CreateUser', 't', 'd', '{}', 1);"
        "INSERT INTO indexed_face VALUES (1, '11111111-2222-3333-4444-555555555555',"
        " '11111111-2222-3333-4444-555555555555', NULL, 0, 0, 1, 1, 99.9, 'person:ann', 'b/k', 0, "
        "NULL, 1);"
        "INSERT INTO version_image SELECT id, 's3://b/k', NULL, '[]' FROM project_version;"
        "INSERT INTO version_label SELECT id, 'cat', 0.5 FROM project_version;"
        "INSERT INTO timer (kind, arn, event, begun_ms, due_ms, awaits) SELECT 'dataset', arn, "
        "'deleted', 1, 1, 1 FROM dataset;"
        "INSERT INTO work (kind, arn, task) SELECT 'dataset', arn, 'dataset.delete' FROM dataset;");
    return 0;
}

static int
remove_world(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command); /* NOLINT(bugprone-command-processor) */
}

static char *
content(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 22);

    assert_non_null(file);
    assert_non_null(bytes);
    *length = fread(bytes, 1, 1 << 22, file);
    fclose(file);
    return bytes;
}

static void
check_start(const char *what, const char *expected)
{
    size_t before_length, now_length;
    char why[512] = "", *before = content(bad, &before_length), *now;
    struct store *store = store_open(&(struct store_options){ .path = bad }, why, sizeof why);

    if (store != NULL)
        fail_msg("%s: it is opened", what);
    if (strstr(why, expected) == NULL)
        fail_msg("%s: it says: %s", what, why);
    now = content(bad, &now_length);
    assert_int_equal(now_length, before_length);
    assert_memory_equal(now, before, now_length);
    free(now);
    free(before);
}

static void
check_restore(const char *what, const char *expected)
{
    struct store *store = world_open(":memory:");
    char arn[ARN_SIZE], why[512] = "", *before, *now;

    world_train(store, "mine", arn);
    before = world_dump(store);
    if (snapshot_restore(store, bad, why, sizeof why) != SNAPSHOT_NOT_GOOD)
        fail_msg("%s: it is restored", what);
    if (strstr(why, expected) == NULL)
        fail_msg("%s: restoring says: %s", what, why);
    now = world_dump(store);
    assert_string_equal(now, before);
    world_pass(store, HOUR_MS);
    assert_string_equal(world_status(store, arn), "TRAINING_COMPLETED");
    store_close(store);
    free(before);
    free(now);
}

static void
check_upload(const char *what, const char *expected)
{
    char why[512] = "";

    if (snapshot_accept(bad, why, sizeof why))
        fail_msg("%s: it is accepted", what);
    if (strstr(why, expected) == NULL)
        fail_msg("%s: accepting says: %s", what, why);
}

static void
check_refused(const char *what, const char *expected)
{
    check_start(what, expected);
    check_restore(what, expected);
    check_upload(what, expected);
}

static void
the_world_that_the_others_are_made_of_is_a_good_one(void **state)
{
    struct store *store = world_open(":memory:");
    char why[512] = "";

    (void)state;
    copy(good, bad);
    assert_int_equal(snapshot_restore(store, bad, why, sizeof why), SNAPSHOT_RESTORED);
    if (!snapshot_accept(bad, why, sizeof why))
        fail_msg("it says: %s", why);
    store_close(store);
    store = world_open(bad);
    store_close(store);
}

/* What is done to it, and what is said of it then. */
static const struct harm {
    const char *sql, *expected;
} schemas[] = {
    { "PRAGMA user_version = 1000", "newer" },
    { "PRAGMA user_version = -1", "of no version" },
    { "PRAGMA user_version = -2147483648", "of no version" },
    { "PRAGMA user_version = 0", "tables" },
    { "PRAGMA user_version = 1", "tables" },
    { "PRAGMA application_id = 1", "another program" },
    { "CREATE TABLE more (a)", "tables" },
    { "CREATE TABLE sqlite (a)", "tables" },
    { "CREATE VIEW more AS SELECT * FROM world", "tables" },
    { "CREATE INDEX more ON project (name)", "tables" },
    { "CREATE TRIGGER more AFTER INSERT ON project BEGIN DELETE FROM project; END", "tables" },
    { "PRAGMA writable_schema = ON; CREATE TRIGGER more AFTER INSERT ON project BEGIN DELETE FROM project; END;"
      "UPDATE sqlite_schema SET name = 'sqlite_stat_x', sql = replace(sql, 'more', 'sqlite_stat_x')"
      " WHERE name = 'more'",
        "tables" },
    { "ANALYZE", "tables" },
    { "DROP INDEX timer_by_due", "tables" },
    { "DROP TRIGGER usage_begins", "tables" },
    { "ALTER TABLE tag RENAME TO gat", "tables" },
    { "ALTER TABLE tag ADD COLUMN more TEXT", "tables" },
    { "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'tag'",
        "tables" },
    { "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage ="
      " (SELECT rootpage FROM sqlite_schema WHERE name = 'project') WHERE name = 'tag'",
        "" },
    { "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 1000000 WHERE name = 'tag'", "" },
    { "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE tag' WHERE name = 'tag'", "" },
    { "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'usage';"
      "PRAGMA writable_schema = RESET; UPDATE usage SET calls = 'many';"
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = sql || ' STRICT' WHERE name = 'usage'",
        "damaged" },
},
rows[] = {
    { "UPDATE world SET clock_mode = 'slow'", "clock_mode" },
    { "UPDATE world SET clock_scale = 0", "clock_scale" },
    { "UPDATE world SET clock_scale = -1", "clock_scale" },
    { "UPDATE world SET clock_scale = 1e300", "clock_scale" },
    { "UPDATE world SET clock_base_ms = -1", "clock_base_ms" },
    { "UPDATE world SET clock_base_ms = 9223372036854775807", "clock_base_ms" },
    { "UPDATE world SET secret = ''", "secret" },
    { "UPDATE world SET drawn = -1", "drawn" },
    { "UPDATE setting SET value = 1e300", "version.train" },
    { "UPDATE setting SET value = -1000001", "version.train" },
    { "UPDATE setting SET value = 9e999", "value" },
    { "UPDATE project SET account = printf('%0400d', 0)", "account" },
    { "UPDATE project SET account = '12345678901x'", "account" },
    { "UPDATE project SET region = printf('%0400d', 0)", "region" },
    { "UPDATE project SET name = printf('%0400d', 0)", "name" },
    { "UPDATE project SET name = 'a/b'", "name" },
    { "UPDATE project SET name = CAST(x'61ff' AS TEXT)", "name" },
    { "UPDATE project SET name = CAST(x'610061' AS TEXT)", "name" },
    { "UPDATE project SET name = 'other'", "ARN" },
    { "UPDATE project SET arn = 'arn:aws:' || printf('%04000d', 0)", "arn" },
    { "UPDATE project SET arn = 'none'", "arn" },
    { "UPDATE project SET status = 'NONE'", "status" },
    { "UPDATE project SET status = 'RUNNING'", "status" },
    { "UPDATE project SET feature = 'FACES'", "feature" },
    { "UPDATE project SET auto_update = ''", "auto_update" },
    { "UPDATE project SET created_ms = -1", "created_ms" },
    { "UPDATE project SET entered_ms = 253402300800000", "entered_ms" },
    { "UPDATE project SET id = -1; UPDATE project_version SET project_id = -1", "id" },
    { "UPDATE project_version SET status = 'TIRED'", "status" },
    { "UPDATE project_version SET account = '000000000001'", "of its project" },
    { "UPDATE project_version SET feature = 'CONTENT_MODERATION'", "of its project" },
    { "UPDATE project_version SET arn = replace(arn, '/p/', '/q/')", "of its project" },
    { "UPDATE project_version SET training_data = '{{{'", "training_data" },
    { "UPDATE project_version SET training_data = '[]'", "training_data" },
    { "UPDATE project_version SET training_data = '{\"Assets\":[1]}'", "training_data" },
    { "UPDATE project_version SET testing_data = '{\"Assets\":null}'", "testing_data" },
    { "UPDATE project_version SET testing_data = ''", "testing_data" },
    { "UPDATE project_version SET feature_config = '7'", "feature_config" },
    { "UPDATE project_version SET f1_score = 1.5", "f1_score" },
    { "UPDATE project_version SET min_units = -1", "min_units" },
    { "UPDATE project_version SET units = 9223372036854775807", "units" },
    { "UPDATE project_version SET completed = 2", "completed" },
    { "UPDATE project_version SET trained_ms = 9223372036854775807", "trained_ms" },
    { "UPDATE project_version SET source_arn = 'somewhere'", "source_arn" },
    { "UPDATE version_image SET labels = '{}'", "labels" },
    { "UPDATE version_image SET labels = '['", "labels" },
    { "UPDATE version_label SET threshold = 2", "threshold" },
    { "UPDATE version_label SET name = CAST(x'edA080' AS TEXT)", "name" },
    { "UPDATE dataset SET type = 'BOTH'", "type" },
    { "UPDATE dataset SET status = 'CREATED'", "status" },
    { "UPDATE dataset SET shown = '[1,2,3]'", "shown" },
    { "UPDATE dataset SET shown = '[1,2,3,\"4\"]'", "shown" },
    { "UPDATE dataset SET entries = -1", "entries" },
    { "UPDATE dataset_entry SET line = 'x'", "line" },
    { "UPDATE dataset_entry SET errors = '{}'", "errors" },
    { "UPDATE dataset_entry SET labels = '{\"cat\":-2}'", "labels" },
    { "DROP TRIGGER dataset_entry_changes; UPDATE dataset_entry SET labels = '{\"cat\":\"two\"}'", "tables" },
    { "INSERT INTO dataset_entry (dataset_id, source_ref, line, is_labeled, has_errors, labels) VALUES"
      " (99, 's3://b/l', '{}', 1, 0, '{}')",
        "part of nothing" },
    { "UPDATE project_policy SET document = 'allow'", "document" },
    { "UPDATE collection SET name = 'a b'", "name" },
    { "UPDATE collection SET status = 'CREATED'", "status" },
    { "UPDATE collection SET region = 'eu-west-1'", "ARN is not its own" },
    { "UPDATE collection SET faces = 2", "count its faces" },
    { "UPDATE indexed_face SET face_id = 'x'", "face_id" },
    { "UPDATE indexed_face SET image_id = upper(image_id) || 'A'", "image_id" },
    { "UPDATE indexed_face SET confidence = 100.1", "confidence" },
    { "UPDATE collection SET faces = 0; UPDATE indexed_face SET collection_id = 2", "no collection" },
    { "UPDATE collection SET users = 2", "count its users" },
    { "UPDATE user SET name = 'a b'", "name" },
    { "UPDATE user SET name = 'ab'", "none of its collection" },
    { "UPDATE user SET key = 'k'", "key" },
    { "UPDATE user SET status = 'CREATING'", "status" },
    { "UPDATE user SET faces = 1", "count its faces" },
    { "UPDATE token SET answer = '[]'", "answer" },
    { "UPDATE timer SET kind = 'face'", "kind" },
    { "UPDATE timer SET kind = ''", "kind" },
    { "UPDATE timer SET event = 'explode'", "event" },
    { "UPDATE timer SET event = 'scale'", "another kind" },
    { "UPDATE timer SET due_ms = -9223372036854775807", "due_ms" },
    { "UPDATE timer SET begun_ms = 9223372036854775807", "begun_ms" },
    { "UPDATE timer SET arn = arn || printf('%09000d', 0)", "arn" },
    { "UPDATE work SET task = 'dataset.eat'", "task" },
    { "UPDATE work SET task = 'dataset.import'", "nobody knows" },
    { "UPDATE work SET task = 'dataset.import', what = '{'", "nobody knows" },
    { "UPDATE work SET task = 'version.train'", "nobody knows" },
    { "UPDATE work SET undo = 'eat'", "undo" },
    { "UPDATE work SET partner = 'eat'", "partner" },
    { "UPDATE work SET task = 'dataset.distribute', what = '0'", "nobody knows" },
    { "PRAGMA foreign_keys = OFF; UPDATE work SET kind = 'face'", "nobody knows" },
    { "PRAGMA foreign_keys = OFF; UPDATE work SET arn = arn || '0'", "nobody knows" },
    { "UPDATE outcome SET event = 'fly'", "event" },
    { "UPDATE outcome SET times = -5", "times" },
    { "UPDATE fault SET status = 99999", "status" },
    { "UPDATE fault SET status = 0", "status" },
    { "UPDATE fault SET wire = 'cut'", "wire" },
    { "UPDATE fault SET probability = 7", "probability" },
    { "UPDATE fault SET delay_ms = -1", "delay_ms" },
    { "UPDATE fault SET account = '1'", "account" },
    { "UPDATE detection SET labels = '[{'", "labels" },
    { "UPDATE detection SET labels = '[{}]'", "labels" },
    { "UPDATE detection SET labels = '[{\"name\":1,\"confidence\":1}]'", "labels" },
    { "UPDATE detection SET labels = '[{\"name\":\"a\",\"confidence\":1,\"boundingBox\":{\"left\":\"\"}}]'",
        "labels" },
    { "UPDATE version_image SET labels = '[{\"name\":\"a\"}]'", "labels" },
    { "UPDATE project_version SET training_data ="
      " '{\"Assets\":[{\"GroundTruthManifest\":{\"S3Object\":{\"Bucket\":1}}}]}'",
        "training_data" },
    { "INSERT INTO account_clock VALUES ('1', 'real', 1, 1, 1)", "account" },
    { "INSERT INTO account_clock VALUES ('123456789012', 'real', -1, 1, 1)", "clock_base_ms" },
    { "INSERT INTO account_clock VALUES ('123456789012', 'real', 1, 1, 0)", "clock_scale" },
    { "INSERT INTO account_setting (account, name, value) VALUES ('123456789012', 'version.train', -1000001)", "version.train" },
    { "UPDATE timer SET clock = '123456789012'", "clock" },
    { "UPDATE world SET account = 'me'", "account" },
    { "UPDATE usage SET account = ''", "account" },
    { "UPDATE usage SET running_ms = -1", "running_ms" },
    { "UPDATE history SET at_ms = 9223372036854775807", "at_ms" },
    { "UPDATE history SET cause = CAST(x'80' AS TEXT)", "cause" },
    { "UPDATE sqlite_sequence SET seq = 9223372036854775807", "ids" },
};

static void
another_schema_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(schemas); i++) {
        copy(good, bad);
        execute(bad, schemas[i].sql);
        check_refused(schemas[i].sql, schemas[i].expected);
    }
}

static void
a_row_that_cannot_be_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        copy(good, bad);
        execute(bad, rows[i].sql);
        check_refused(rows[i].sql, rows[i].expected);
    }
}

/* What is read beyond the end of a page is zero: nothing is lost where nothing else was. */
static bool
loses_something(const char *bytes, size_t at, size_t length)
{
    while (at < length && bytes[at] == 0)
        at++;
    return at < length;
}

static void
a_file_that_is_cut_off_or_scribbled_on_is_refused(void **state)
{
    size_t length;
    char *bytes = content(good, &length);
    struct store *store = world_open(":memory:");
    char why[512];

    (void)state;
    for (size_t at = 100; at < length && loses_something(bytes, at, length); at += 16381) {
        FILE *file = fopen(bad, "wb");

        assert_non_null(file);
        fwrite(bytes, 1, at, file);
        fclose(file);
        check_refused("cut off", "");
    }
    /* What is scribbled on may be of no importance; but nothing else may happen. */
    for (size_t at = 0; at < length; at += 2039) {
        FILE *file = fopen(bad, "wb");

        assert_non_null(file);
        fwrite(bytes, 1, length, file);
        fseek(file, (long)at, SEEK_SET);
        fwrite("\xff\x00\x7f\x80\xfe", 1, 5, file);
        fclose(file);
        snapshot_restore(store, bad, why, sizeof why);
        world_pass(store, HOUR_MS);
        snapshot_accept(bad, why, sizeof why);
    }
    store_close(store);
    free(bytes);
}

static void
an_empty_file_is_no_snapshot_and_the_start_says_so(void **state)
{
    char why[512], log[80];
    struct store *store;

    (void)state;
    fclose(fopen(bad, "wb"));
    check_restore("empty", "");
    check_upload("empty", "");
    fclose(fopen(bad, "wb"));
    store = store_open(&(struct store_options){ .path = bad }, why, sizeof why);
    if (store == NULL || strstr(why, "was empty") == NULL)
        fail_msg("it says: %s", why);
    store_close(store);
    fclose(fopen(bad, "wb"));
    snprintf(log, sizeof log, "%s-wal", bad);
    copy(good, log);
    check_start("its log is left", "cut off");
    remove(log);
}

/* Root may write everywhere: so it is done by nobody. */
static void
a_file_that_cannot_be_written_is_said_to_be_one(void **state)
{
    pid_t child;
    int status;

    (void)state;
    copy(good, bad);
    chmod(bad, 0444);
    chmod(folder, 0755);
    child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0) {
        char why[512] = "";
        bool told;

        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(0);
        told = store_open(&(struct store_options){ .path = bad }, why, sizeof why) == NULL &&
               strstr(why, "cannot be written: Permission denied") != NULL;
        chmod(folder, 0555);
        _exit(told ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    chmod(bad, 0666);
    child = fork();
    if (child == 0) {
        char why[512] = "";

        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(0);
        _exit(store_open(&(struct store_options){ .path = bad }, why, sizeof why) == NULL &&
                      strstr(why, "the folder cannot be written") != NULL
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (geteuid() == 0) /* else the folder is ours, and can be */
        assert_int_equal(status, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_world_that_the_others_are_made_of_is_a_good_one),
        cmocka_unit_test(another_schema_is_refused),
        cmocka_unit_test(a_row_that_cannot_be_is_refused),
        cmocka_unit_test(a_file_that_is_cut_off_or_scribbled_on_is_refused),
        cmocka_unit_test(an_empty_file_is_no_snapshot_and_the_start_says_so),
        cmocka_unit_test(a_file_that_cannot_be_written_is_said_to_be_one),
    };

    return cmocka_run_group_tests(tests, make_world, remove_world);
}
