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
#include "../../state/resource/inference.h"
#include "../../state/resource/project.h"
#include "../../state/resource/project_policy.h"
#include "../../state/resource/project_version.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/resource/tag.h"
#include "../../state/world.h"
#include "../support/fault.h"
#include "../support/world.h"

/* A story: each act is one step, and leaves what the next one needs. */
static char project_arn[ARN_SIZE], version_arn[ARN_SIZE];

static struct project
the_project(struct store *store)
{
    struct project project = { .id = 0 };

    project_find(store, project_arn, &project);
    return project;
}

static struct project_version
the_version(struct store *store)
{
    struct project_version version = { .feature = "CUSTOM_LABELS",
        .status = "",
        .arn = version_arn };

    project_version_find(store, version_arn, &version);
    return version;
}

static enum result
create_project(struct store *store)
{
    struct project project = { .scope = { "123456789012", "us-east-1" },
        .name = "birds",
        .feature = "CUSTOM_LABELS",
        .auto_update = "DISABLED" };
    enum result result = project_create(store, &project);

    snprintf(project_arn, sizeof project_arn, "%s", project.arn);
    return result;
}

static enum result
train(struct store *store)
{
    struct project project = the_project(store);
    struct project_version version = { .name = "v",
        .project_id = project.id,
        .project_name = "birds",
        .scope = { "123456789012", "us-east-1" },
        .feature = "CUSTOM_LABELS" };
    enum result result = project_version_train(store, &version, false);

    if (result == RESULT_OK)
        snprintf(version_arn, sizeof version_arn, "%s", version.arn);
    return result;
}

static enum result
pass_an_hour(struct store *store)
{
    world_set_clock(store, true, 1, store_now(store) + HOUR_MS);
    return RESULT_OK;
}

/* Only looks; what is due fires before it. */
static enum result
look(struct store *store)
{
    struct project_version version;

    return project_version_find(store, version_arn, &version);
}

static enum result
set_tags(struct store *store)
{
    static const struct tag tags[] = { { "a", "1" }, { "b", "2" }, { "c", "3" } };

    return tag_set(store, version_arn, tags, COUNT(tags));
}

static enum result
put_policy(struct store *store)
{
    struct project project = the_project(store);
    struct project_policy policy = { .name = "p", .document = "{}" };

    return project_policy_put(store, project.id, &policy);
}

static enum result
start(struct store *store)
{
    struct project_version version = the_version(store);

    return project_version_start(store, &version, 1, 3);
}

static enum result
detect(struct store *store)
{
    struct project_version version = the_version(store);

    enum result result = project_version_detects(store, &version);

    return result == RESULT_OK ? inference_serve(store, version.arn, version.units, true) : result;
}

static enum result
stop(struct store *store)
{
    struct project_version version = the_version(store);

    return project_version_stop(store, &version);
}

static enum result
delete_version(struct store *store)
{
    struct project_version version = the_version(store);

    return project_version_delete(store, &version);
}

static enum result
delete_project(struct store *store)
{
    struct project project = the_project(store);

    return project_delete(store, &project);
}

static enum result
reset(struct store *store)
{
    world_reset(store, "123456789012", NULL);
    return RESULT_OK;
}

static const struct act {
    const char *name;
    enum result (*perform)(struct store *);
} story[] = {
    { "create a project", create_project },
    { "train", train },
    { "pass an hour", pass_an_hour },
    { "look at it trained", look },
    { "tag", set_tags },
    { "put a policy", put_policy },
    { "start", start },
    { "pass an hour", pass_an_hour },
    { "detect, running", detect },
    { "stop", stop },
    { "pass an hour", pass_an_hour },
    { "delete the version, stopped", delete_version },
    { "pass an hour", pass_an_hour },
    { "delete the project, empty", delete_project },
    { "reset", reset },
};

/* As rpc.c performs a call: false when the store failed, whatever the act itself says. */
static bool
attempt(struct store *store, const struct act *act, enum result *result)
{
    step_begin(store, act->name);
    *result = act->perform(store);
    return step_end(store, *result == RESULT_OK);
}

static void
fail_everywhere(struct store *store, const struct act *act, void (*arm)(struct store *, int after))
{
    char *before = world_dump(store), *now;

    for (int after = 0;; after++) {
        enum result result;
        bool kept, struck;

        arm(store, after);
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
tell_the_story(struct store *store, void (*arm)(struct store *, int after))
{
    world_set(store, SETTING_TPS_PER_UNIT, 1);
    for (size_t i = 0; i < COUNT(story); i++)
        fail_everywhere(store, &story[i], arm);
    store_close(store);
}

static void
a_step_that_is_interrupted_anywhere_keeps_nothing(void **state)
{
    (void)state;
    tell_the_story(world_open(":memory:"), fault_interrupt);
}

static void
fill_disk(struct store *store, int after)
{
    (void)store;
    fault_fill_disk(after);
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

static void
a_step_that_meets_a_full_disk_keeps_nothing(void **state)
{
    char path[32];

    (void)state;
    make_path(path);
    tell_the_story(world_open(path), fill_disk);
    remove_files(path);
}

static void
a_store_whose_making_fails_can_be_made_again(void **state)
{
    struct store_options options = { .profile = PROFILE_AWS };
    char path[32], why[256];
    struct store *store;

    (void)state;
    for (int after = 0;; after++) {
        make_path(path);
        options.path = path;
        fault_fill_disk(after);
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
            fail_msg("after a fault at write %d: %s", after, why);
        assert_true(world_make(store, true));
        store_close(store);
        remove_files(path);
    }
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
        cmocka_unit_test(a_store_whose_making_fails_can_be_made_again),
        cmocka_unit_test(a_failure_is_remembered_until_the_step_ends_and_no_longer),
        cmocka_unit_test(timers_that_cannot_fire_are_tried_again_in_a_second),
    };

    fault_use_disk();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
