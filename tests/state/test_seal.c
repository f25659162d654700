/* A file that is left as it was is not read through when it is opened again; any other is. */
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
#include <fcntl.h>
#include <sqlite3.h>

#include "../../state/seal.h"
#include "../../state/store.h"
#include "../support/world.h"

static char path[32], copy[40];

static int
begin(void **state)
{
    char arn[ARN_SIZE];
    struct store *store;
    int file;

    (void)state;
    snprintf(path, sizeof path, "/tmp/test_seal.XXXXXX");
    file = mkstemp(path);
    if (file < 0)
        return -1;
    close(file);
    snprintf(copy, sizeof copy, "%s.copy", path);
    store = world_open(path);
    world_train(store, "v", arn);
    store_close(store);
    return 0;
}

static int
end(void **state)
{
    char log[64];

    (void)state;
    snprintf(log, sizeof log, "%s-wal", path);
    remove(log);
    remove(path);
    remove(copy);
    return 0;
}

/* Elsewhere everything is looked at, as ever. */
static void
want_seals(void)
{
    if (!seal_is_whole(path))
        skip();
}

static bool
opens(const char *file)
{
    struct store_options options = { .path = file, .profile = PROFILE_AWS };
    char why[256];
    struct store *store = store_open(&options, why, sizeof why);

    if (store != NULL)
        store_close(store);
    return store != NULL;
}

/* Puts a status into it that there cannot be; with `secretly` it seems to be older. */
static void
spoil(const char *file, bool secretly)
{
    struct stat status;
    sqlite3 *db;

    assert_int_equal(stat(file, &status), 0);
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                         "PRAGMA journal_mode = DELETE; UPDATE project SET status = 'NONSENSE';"
                         "PRAGMA journal_mode = WAL",
                         NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    if (secretly)
        assert_int_equal(utimensat(AT_FDCWD, file,
                             (struct timespec[]){ status.st_atim, status.st_mtim }, 0),
            0);
}

static void
a_file_that_was_closed_is_sealed_and_opens_unread(void **state)
{
    (void)state;
    want_seals();
    spoil(path, true);
    assert_true(seal_is_whole(path));
    assert_true(opens(path));
}

static void
whoever_changes_the_file_breaks_its_seal(void **state)
{
    (void)state;
    want_seals();
    spoil(path, false);
    assert_false(seal_is_whole(path));
    assert_false(opens(path));
    assert_false(seal_is_whole(path));
}

/* The times of files go in ticks of some milliseconds: a write may come within that of the seal. */
static void
a_change_at_once_breaks_it_too(void **state)
{
    char byte;
    int file = open(path, O_RDWR);

    (void)state;
    want_seals();
    assert_true(file >= 0);
    for (int i = 0; i < 100; i++) {
        seal_put(path);
        assert_true(seal_is_whole(path));
        assert_int_equal(pread(file, &byte, 1, 4000), 1);
        assert_int_equal(pwrite(file, &byte, 1, 4000), 1);
        assert_false(seal_is_whole(path));
    }
    close(file);
}

static void
a_copy_is_not_sealed(void **state)
{
    char bytes[4096];
    FILE *from = fopen(path, "r"), *to = fopen(copy, "w");
    size_t length;

    (void)state;
    assert_non_null(from);
    assert_non_null(to);
    while ((length = fread(bytes, 1, sizeof bytes, from)) > 0)
        fwrite(bytes, 1, length, to);
    fclose(from);
    fclose(to);
    assert_false(seal_is_whole(copy));
    spoil(copy, false);
    assert_false(opens(copy));
}

static void
what_another_wrote_meanwhile_is_not_sealed(void **state)
{
    struct store *store = world_open(path);

    (void)state;
    assert_int_equal(utimensat(AT_FDCWD, path, NULL, 0), 0);
    store_checkpoint(store);
    assert_false(seal_is_whole(path));
    store_close(store);
    assert_false(seal_is_whole(path));
    assert_true(opens(path)); /* it was read, and is good */
}

static void
the_seal_outlives_a_killed_process_and_checkpoints(void **state)
{
    pid_t child;
    int status;

    (void)state;
    want_seals();
    child = fork();
    if (child == 0) {
        struct store *store = world_open(path);

        world_pass(store, HOUR_MS);
        store_checkpoint(store);
        world_pass(store, HOUR_MS);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_true(seal_is_whole(path));
    assert_true(opens(path));
    assert_true(seal_is_whole(path));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_that_was_closed_is_sealed_and_opens_unread, begin,
            end),
        cmocka_unit_test_setup_teardown(whoever_changes_the_file_breaks_its_seal, begin, end),
        cmocka_unit_test_setup_teardown(a_change_at_once_breaks_it_too, begin, end),
        cmocka_unit_test_setup_teardown(a_copy_is_not_sealed, begin, end),
        cmocka_unit_test_setup_teardown(what_another_wrote_meanwhile_is_not_sealed, begin, end),
        cmocka_unit_test_setup_teardown(the_seal_outlives_a_killed_process_and_checkpoints, begin,
            end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
