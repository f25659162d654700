/* The store fails, at every place where it can: nothing at all is kept, and the next try succeeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../state/base/array.h"
#include "../../state/resource/project.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/world.h"
#include "../support/fault.h"
#include "../support/story.h"
#include "../support/world.h"

/* What goes wrong, and how often it is tried. */
struct trouble {
    void (*arm)(struct store *, enum fault kind, int after);
    enum fault kind;
    int stride;
};

/* As rpc.c performs a call: false when the store failed, whatever the act itself says. */
static bool
attempt(struct store *store, const struct act *act, enum result *result)
{
    step_begin(store, act->name);
    *result = act->perform(store);
    return step_end(store, *result == RESULT_OK);
}

/* Strikes the act at every `stride`th place, until it comes through. */
static void
fail_everywhere(struct store *store, const struct act *act, const struct trouble *trouble)
{
    char *before = world_dump(store), *now;

    for (int after = 0;; after += trouble->stride) {
        enum result result;
        bool kept, struck;

        trouble->arm(store, trouble->kind, after);
        kept = attempt(store, act, &result);
        struck = fault_struck(store);
        if (!struck) {
            free(before);
            if (!kept || result != RESULT_OK)
                fail_msg("%s: fails without a fault", act->name);
            return;
        }
        if (kept)
            fail_msg("%s: kept, though the store failed after %d", act->name, after);
        now = world_dump(store);
        assert_string_equal(now, before);
        free(now);
    }
}

static void
tell_the_story(struct store *store, const struct trouble *trouble)
{
    world_set(store, SETTING_TPS_PER_UNIT, 1);
    for (size_t i = 0; i < story_length; i++)
        fail_everywhere(store, &story[i], trouble);
    store_close(store);
}

/* At every place by night, which takes a minute; else at places that differ from act to act. */
static int
stride(int by_day)
{
    return getenv("TEST_LONG") == NULL ? by_day : 1;
}

static void
interrupt(struct store *store, enum fault kind, int after)
{
    (void)kind;
    fault_interrupt(store, after);
}

static void
break_disk(struct store *store, enum fault kind, int after)
{
    (void)store;
    fault_break_disk(kind, after);
}

static void
a_step_that_is_interrupted_anywhere_keeps_nothing(void **state)
{
    (void)state;
    tell_the_story(world_open(":memory:"),
        &(struct trouble){ .arm = interrupt, .stride = stride(7) });
}

static void
remove_files(const char *path)
{
    char wal[256];

    snprintf(wal, sizeof wal, "%s-wal", path);
    remove(path);
    remove(wal);
}

static void
make_path(char path[32])
{
    int file;

    snprintf(path, 32, "/tmp/test_faults.XXXXXX");
    file = mkstemp(path);
    assert_int_not_equal(file, -1);
    close(file);
}

/* In a file that is closed and opened again, and then the same world. */
static void
meet_on_disk(enum fault kind)
{
    struct trouble trouble = { .arm = break_disk, .kind = kind, .stride = 1 };
    struct store *store;
    char path[32], *told, *found;

    make_path(path);
    store = world_open_durable(path);
    world_set(store, SETTING_TPS_PER_UNIT, 1);
    for (size_t i = 0; i < story_length; i++) {
        fail_everywhere(store, &story[i], &trouble);
        assert_true(step_fire(store, "")); /* as what opens it does */
        told = world_dump(store);
        store_close(store);
        store = world_open_durable(path);
        found = world_dump(store);
        assert_string_equal(found, told);
        free(found);
        free(told);
    }
    store_close(store);
    remove_files(path);
}

static void
a_step_that_meets_a_full_disk_keeps_nothing(void **state)
{
    (void)state;
    meet_on_disk(FAULT_FULL);
}

static void
a_step_whose_writes_fail_or_are_cut_short_keeps_nothing(void **state)
{
    (void)state;
    meet_on_disk(FAULT_WRITE);
    meet_on_disk(FAULT_SHORT_WRITE);
}

static void
a_step_whose_fsync_fails_keeps_nothing(void **state)
{
    (void)state;
    meet_on_disk(FAULT_SYNC);
}

static void
a_step_that_cannot_read_keeps_nothing(void **state)
{
    (void)state;
    meet_on_disk(FAULT_READ);
}

static void
make_in_spite_of(enum fault kind)
{
    struct store_options options = { .profile = PROFILE_AWS, .durability = SURVIVES_POWER };
    char path[32], why[256];
    struct store *store;

    for (int after = 0;; after += stride(41)) {
        make_path(path);
        options.path = path;
        fault_break_disk(kind, after);
        store = store_open(&options, why, sizeof why);
        if (store != NULL)
            store_close(store);
        if (!fault_struck(NULL)) {
            assert_non_null(store);
            remove_files(path);
            return;
        }
        store = store_open(&options, why, sizeof why);
        if (store == NULL)
            fail_msg("after a fault of kind %d at %d: %s", (int)kind, after, why);
        assert_true(world_make(store, true));
        store_close(store);
        remove_files(path);
    }
}

static void
a_store_whose_making_fails_can_be_made_again(void **state)
{
    (void)state;
    for (enum fault kind = FAULT_FULL; kind <= FAULT_READ; kind++)
        make_in_spite_of(kind);
}

static void
a_failure_is_remembered_until_the_step_ends_and_no_longer(void **state)
{
    struct store *store = world_open(":memory:");
    struct project project = { .scope = { "123456789012", "us-east-1" },
        .name = "birds",
        .feature = "CUSTOM_LABELS",
        .auto_update = "DISABLED" };

    (void)state;
    step_begin(store, "test");
    store_fail(store, "whatever it was");
    assert_true(store_failed(store));
    project_create(store, &project);
    assert_false(step_end(store, true));
    step_begin(store, "test");
    assert_false(store_failed(store));
    assert_int_equal(project_create(store, &project), RESULT_OK);
    assert_true(step_end(store, true));
    store_close(store);
}

static void
timers_that_cannot_fire_are_tried_again_in_a_second(void **state)
{
    struct store *store = world_open(":memory:");
    char arn[ARN_SIZE];

    (void)state;
    world_train(store, "v", arn);
    step_begin(store, "test");
    world_set_clock(store, true, 1, store_now(store) + HOUR_MS);
    fault_interrupt(store, 0);
    assert_false(step_end(store, true));
    assert_true(fault_struck(store));
    step_begin(store, "test");
    world_set_clock(store, true, 1, store_now(store) + HOUR_MS);
    assert_true(step_end(store, true));
    assert_string_equal(world_status(store, arn), "TRAINING_COMPLETED");
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_that_is_interrupted_anywhere_keeps_nothing),
        cmocka_unit_test(a_step_that_meets_a_full_disk_keeps_nothing),
        cmocka_unit_test(a_step_whose_writes_fail_or_are_cut_short_keeps_nothing),
        cmocka_unit_test(a_step_whose_fsync_fails_keeps_nothing),
        cmocka_unit_test(a_step_that_cannot_read_keeps_nothing),
        cmocka_unit_test(a_store_whose_making_fails_can_be_made_again),
        cmocka_unit_test(a_failure_is_remembered_until_the_step_ends_and_no_longer),
        cmocka_unit_test(timers_that_cannot_fire_are_tried_again_in_a_second),
    };

    fault_use_disk();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
