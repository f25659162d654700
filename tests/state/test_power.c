/*
 * A power cut: what was answered is there afterwards, of a store that promises it; and any other is
 * whole, and as it was at some moment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../state/resource/project.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../support/fault.h"
#include "../support/platter.h"
#include "../support/story.h"
#include "../support/world.h"

#define DUMPS_MAX 64

static unsigned chances; /* of what was not synced */

static char path[32], found[40];

/* What the calls of a turn were told. */
static int told_kept, told_lost;

static void
tell(void *context, bool kept)
{
    (void)context;
    told_kept += kept;
    told_lost += !kept;
}

static struct store *
begin(struct store *(*open_it)(const char *path))
{
    struct store *store;
    int file;

    snprintf(path, sizeof path, "/tmp/test_power.XXXXXX");
    file = mkstemp(path);
    assert_int_not_equal(file, -1);
    close(file);
    snprintf(found, sizeof found, "%s.found", path);
    platter_follow(path);
    told_kept = told_lost = 0;
    store = open_it(path);
    world_set(store, SETTING_TPS_PER_UNIT, 1);
    return store;
}

static void
remove_files(const char *of)
{
    char wal[64];

    snprintf(wal, sizeof wal, "%s-wal", of);
    remove(of);
    remove(wal);
}

static void
end(struct store *store)
{
    store_close(store);
    platter_follow(NULL);
    remove_files(path);
    remove_files(found);
}

/* The world as a power cut now would leave it. */
static char *
after_a_cut(unsigned chance)
{
    struct store *store;
    char *dump;

    remove_files(found);
    platter_find(found, chance);
    store = world_open(found);
    dump = world_dump(store);
    store_close(store);
    return dump;
}

static void
check_cut(const char *expected)
{
    for (unsigned chance = 0; chance < chances; chance++) {
        char *dump = after_a_cut(chance);

        assert_string_equal(dump, expected);
        free(dump);
    }
}

static void
take(struct store *store, const struct act *act)
{
    step_begin(store, act->name);
    assert_int_equal(act->perform(store), RESULT_OK);
    assert_true(step_end(store, true));
    assert_true(step_fire(store, ""));
}

static void
what_was_answered_is_there_after_a_power_cut(void **state)
{
    struct store *store = begin(world_open_durable);

    (void)state;
    for (size_t i = 0; i < story_length; i++) {
        char *expected;

        take(store, &story[i]);
        if (i % 4 == 3)
            store_checkpoint(store);
        expected = world_dump(store);
        check_cut(expected);
        free(expected);
    }
    end(store);
}

static void
without_that_promise_a_power_cut_leaves_the_world_of_some_moment(void **state)
{
    struct store *store = begin(world_open);
    char *dumps[DUMPS_MAX];
    size_t count = 0;

    (void)state;
    store_checkpoint(store); /* it is begun */
    dumps[count++] = world_dump(store);
    for (size_t i = 0; i < story_length; i++) {
        take(store, &story[i]);
        if (i % 5 == 4)
            store_checkpoint(store);
        dumps[count++] = world_dump(store);
        for (unsigned chance = 0; chance < chances; chance++) {
            char *dump = after_a_cut(chance);
            size_t moment = 0;

            while (moment < count && strcmp(dumps[moment], dump) != 0)
                moment++;
            assert_true(moment < count);
            free(dump);
        }
    }
    while (count > 0)
        free(dumps[--count]);
    end(store);
}

/* A call of the turn: its own project. */
static bool
create_one(struct store *store, const char *name, bool keep)
{
    struct project project = { .scope = { "123456789012", "us-east-1" },
        .name = name,
        .feature = "CUSTOM_LABELS",
        .auto_update = "DISABLED" };

    step_begin_shared(store, "create", "123456789012");
    project_create(store, &project);
    return step_end_shared(store, keep);
}

static int
count_projects(const char *dump)
{
    int count = 0;

    while ((dump = strstr(dump, "\nproject|")) != NULL) {
        count++;
        dump++;
    }
    return count;
}

static int
projects_after_a_cut(unsigned chance)
{
    char *dump = after_a_cut(chance);
    int count = count_projects(dump);

    free(dump);
    return count;
}

static int
projects_now(struct store *store)
{
    char *dump = world_dump(store);
    int count = count_projects(dump);

    free(dump);
    return count;
}

static void
steps_that_share_a_commit_are_told_when_all_of_them_are_on_the_disk(void **state)
{
    struct store *store = begin(world_open_durable);

    (void)state;
    step_share(store, tell, NULL);
    assert_true(create_one(store, "a", true));
    assert_true(create_one(store, "b", true));
    assert_true(create_one(store, "refused", false));
    assert_true(create_one(store, "c", true));
    assert_true(step_is_shared(store));
    assert_int_equal(told_kept + told_lost, 0);
    for (unsigned chance = 0; chance < chances; chance++)
        assert_int_equal(projects_after_a_cut(chance), 0);
    step_settle(store);
    assert_false(step_is_shared(store));
    assert_int_equal(told_kept, 1);
    assert_int_equal(told_lost, 0);
    for (unsigned chance = 0; chance < chances; chance++)
        assert_int_equal(projects_after_a_cut(chance), 3);
    end(store);
}

static void
a_step_of_its_own_commits_those_that_shared_before_it(void **state)
{
    struct store *store = begin(world_open_durable);

    (void)state;
    step_share(store, tell, NULL);
    assert_true(create_one(store, "a", true));
    step_begin(store, "control");
    assert_int_equal(told_kept, 1);
    assert_true(step_end(store, true));
    assert_int_equal(projects_now(store), 1);
    step_settle(store);
    assert_int_equal(told_kept, 1);
    end(store);
}

static void
steps_that_only_read_wait_for_nobody(void **state)
{
    struct store *store = begin(world_open_durable);
    struct project project;

    (void)state;
    step_share(store, tell, NULL);
    step_begin_shared(store, "look", "123456789012");
    project_find(store, "arn:aws:rekognition:us-east-1:123456789012:project/x/1", &project);
    assert_true(step_end_shared(store, true));
    assert_false(step_is_shared(store));
    end(store);
}

static void
a_commit_that_fails_undoes_all_that_share_it(void **state)
{
    struct store *store = begin(world_open_durable);
    static const enum fault faults[] = { FAULT_SYNC, FAULT_WRITE, FAULT_SHORT_WRITE, FAULT_FULL };

    (void)state;
    step_share(store, tell, NULL);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        told_kept = told_lost = 0;
        assert_true(create_one(store, "a", true));
        assert_true(create_one(store, "b", true));
        fault_break_disk(faults[i], 0);
        step_settle(store);
        assert_true(fault_struck(store));
        assert_int_equal(told_lost, 1);
        assert_int_equal(told_kept, 0);
        assert_int_equal(projects_now(store), 0);
    }
    assert_true(create_one(store, "a", true));
    step_settle(store);
    assert_int_equal(told_kept, 1);
    assert_int_equal(projects_now(store), 1);
    for (unsigned chance = 0; chance < chances; chance++)
        assert_int_equal(projects_after_a_cut(chance), 1);
    end(store);
}

static void
a_step_that_fails_takes_along_those_before_it(void **state)
{
    struct store *store = begin(world_open_durable);

    (void)state;
    step_share(store, tell, NULL);
    assert_true(create_one(store, "a", true));
    step_begin_shared(store, "fails", "123456789012");
    store_fail(store, "whatever it was");
    assert_false(step_end_shared(store, true));
    step_settle(store);
    assert_int_equal(told_lost, 1);
    assert_int_equal(told_kept, 0);
    assert_int_equal(projects_now(store), 0);
    assert_true(create_one(store, "c", true));
    step_settle(store);
    assert_int_equal(told_kept, 1);
    assert_int_equal(projects_now(store), 1);
    end(store);
}

static void
where_no_power_cut_need_be_survived_nobody_shares(void **state)
{
    struct store *store = begin(world_open);

    (void)state;
    step_share(store, tell, NULL);
    assert_true(create_one(store, "a", true));
    assert_false(step_is_shared(store));
    assert_int_equal(told_kept + told_lost, 0);
    end(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_answered_is_there_after_a_power_cut),
        cmocka_unit_test(without_that_promise_a_power_cut_leaves_the_world_of_some_moment),
        cmocka_unit_test(steps_that_share_a_commit_are_told_when_all_of_them_are_on_the_disk),
        cmocka_unit_test(a_step_of_its_own_commits_those_that_shared_before_it),
        cmocka_unit_test(steps_that_only_read_wait_for_nobody),
        cmocka_unit_test(a_commit_that_fails_undoes_all_that_share_it),
        cmocka_unit_test(a_step_that_fails_takes_along_those_before_it),
        cmocka_unit_test(where_no_power_cut_need_be_survived_nobody_shares),
    };

    chances = getenv("TEST_LONG") == NULL ? 2 : 40;
    fault_use_disk();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
