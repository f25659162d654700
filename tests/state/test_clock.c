/* The clock of the machine is set back, lies before 1970, or has come to the end of time: the world's goes on. */
#define _GNU_SOURCE /* syscall() */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../state/clock.h"
#include "../../state/clocks.h"
#include "../../state/lifecycle.h"
#include "../../state/resource/project.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/world.h"
#include "../support/world.h"

static int64_t set_by_ms; /* how far the machine's clock is from where it was */

/* In place of the library's, whose names for the parameters are its own. */
int /* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
clock_gettime(clockid_t id, struct timespec *t)
{
    int result = (int)syscall(SYS_clock_gettime, id, t);

    if (id == CLOCK_REALTIME)
        t->tv_sec += (time_t)(set_by_ms / 1000);
    return result;
}

static int
reset_clock(void **state)
{
    (void)state;
    set_by_ms = 0;
    clock_told_back();
    clock_follow_wall();
    return 0;
}

static struct store *
open_running(const char *path)
{
    struct store_options options = { .path = path, .profile = PROFILE_AWS };
    char why[256];
    struct store *store = store_open(&options, why, sizeof why);

    assert_non_null(store);
    assert_true(world_make(store, false));
    return store;
}

static int64_t
moment(struct store *store)
{
    int64_t now;

    step_begin(store, "test");
    now = store_now(store);
    assert_true(step_end(store, true));
    return now;
}

static void
set_clock(struct store *store, bool frozen, double scale, int64_t now_ms)
{
    step_begin(store, "test");
    assert_true(world_set_clock(store, frozen, scale, now_ms));
    assert_true(step_end(store, true));
}

static void
assert_soon_after(int64_t now_ms, int64_t then_ms)
{
    if (now_ms < then_ms || now_ms > then_ms + 60 * SECOND_MS)
        fail_msg("%lld is not soon after %lld", (long long)now_ms, (long long)then_ms);
}

static void
a_world_does_not_go_back_when_the_machine_does(void **state)
{
    struct store *store = open_running(":memory:");
    int64_t then = moment(store);

    (void)state;
    set_by_ms = -HOUR_MS;
    assert_soon_after(moment(store), then);
    assert_soon_after(clock_told_back() + 1, HOUR_MS); /* two clocks, each cut to the millisecond */
    assert_int_equal(clock_told_back(), 0);
    then = moment(store);
    set_by_ms -= HOUR_MS;
    assert_soon_after(moment(store), then);
    set_by_ms += HOUR_MS; /* forward it follows */
    assert_soon_after(moment(store), then + HOUR_MS);
    store_close(store);
}

static void
timers_keep_the_time_they_have_left_when_the_machine_goes_back(void **state)
{
    struct store *store = open_running(":memory:");
    char arn[ARN_SIZE];
    int64_t wait;

    (void)state;
    world_train(store, "v", arn);
    set_by_ms = -HOUR_MS;
    wait = step_idle(store);
    assert_true(wait > 0 && wait <= 30 * MINUTE_MS);
    set_by_ms += 30 * MINUTE_MS;
    assert_string_equal(world_status(store, arn), "TRAINING_COMPLETED");
    store_close(store);
}

static void
a_copy_of_a_world_does_not_keep_the_world_from_following(void **state)
{
    struct store *store = open_running(":memory:"), *copy = open_running(":memory:");
    int64_t then = moment(store);

    (void)state;
    assert_true(world_pause_clock(copy));
    set_by_ms = -HOUR_MS;
    assert_true(step_is_caught_up(copy));
    assert_soon_after(moment(store), then);
    assert_false(clock_is_ahead());
    store_close(copy);
    store_close(store);
}

static void
a_world_goes_on_after_a_restart_of_a_machine_that_went_back(void **state)
{
    char path[] = "/tmp/test_clock.XXXXXX", wal[64];
    struct store *store;
    int64_t then;

    (void)state;
    close(mkstemp(path));
    store = open_running(path);
    then = moment(store);
    set_by_ms = -HOUR_MS;
    assert_soon_after(moment(store), then);
    then = moment(store);
    store_close(store); /* as when it is killed */
    store = open_running(path);
    assert_soon_after(moment(store), then);
    set_by_ms += 2 * HOUR_MS;
    then = moment(store);
    assert_true(world_follow_wall(store)); /* as when it is stopped */
    store_close(store);
    set_by_ms -= HOUR_MS;
    store = open_running(path);
    assert_soon_after(moment(store), then);
    store_close(store);
    snprintf(wal, sizeof wal, "%s-wal", path);
    remove(path);
    remove(wal);
}

static void
a_slow_clock_has_nothing_to_do_and_says_so(void **state)
{
    struct store *store = open_running(":memory:");

    (void)state;
    set_clock(store, false, 0.5, moment(store) + 60 * SECOND_MS);
    assert_true(step_idle(store) == INT64_MAX);
    assert_true(step_is_caught_up(store));
    set_clock(store, false, 1e-300, moment(store) + 60 * SECOND_MS);
    assert_true(step_is_caught_up(store));
    store_close(store);
}

static void
a_world_of_a_machine_before_1970_begins_in_1970(void **state)
{
    struct store *store;
    char arn[ARN_SIZE];

    (void)state;
    set_by_ms = -clock_wall_ms() - 400 * 24 * (int64_t)HOUR_MS;
    clock_is_ahead();
    clock_follow_wall(); /* it has been so since the program began */
    store = open_running(":memory:");
    assert_soon_after(moment(store), CLOCK_BEGIN_MS);
    assert_true(step_is_caught_up(store));
    world_train(store, "v", arn);
    set_by_ms += HOUR_MS;
    assert_string_equal(world_status(store, arn), "TRAINING_COMPLETED");
    store_close(store);
}

static void
at_the_end_of_time_what_takes_time_takes_none(void **state)
{
    struct store *store = world_open(":memory:");
    char arn[ARN_SIZE], again[ARN_SIZE];

    (void)state;
    world_train(store, "v", arn);
    set_clock(store, true, 1, CLOCK_END_MS - 1);
    assert_string_equal(world_status(store, arn), "TRAINING_COMPLETED");
    world_train(store, "w", again);
    assert_string_equal(world_status(store, again), "TRAINING_IN_PROGRESS");
    set_clock(store, true, 1, CLOCK_END_MS);
    assert_string_equal(world_status(store, again), "TRAINING_COMPLETED");
    world_train(store, "x", again);
    assert_string_equal(world_status(store, again), "TRAINING_COMPLETED");
    step_begin(store, "test");
    assert_false(world_set_clock(store, true, 1, CLOCK_END_MS + 1));
    assert_true(step_end(store, true));
    store_close(store);
}

static void
give_clock(struct store *store, int account, bool frozen)
{
    char name[ACCOUNT_SIZE];

    snprintf(name, sizeof name, "%012d", account);
    step_begin_of(store, "test", name);
    clocks_add(store, name);
    step_enter(store, name);
    assert_true(world_set_clock(store, frozen, 1, store_now(store)));
    assert_true(step_end(store, true));
}

/* Microseconds that a turn of the loop takes that has nothing to do. */
static double
cost_of_idling(struct store *store)
{
    int64_t begun = clock_monotonic_us();

    for (int i = 0; i < 20000; i++)
        assert_true(step_idle(store) > 0);
    return (double)(clock_monotonic_us() - begun) / 20000;
}

static void
a_thousand_clocks_that_rest_cost_the_loop_nothing(void **state)
{
    struct store *store = open_running(":memory:");
    char arn[ARN_SIZE];
    double before, after;

    (void)state;
    world_train(store, "v", arn);
    before = cost_of_idling(store);
    for (int i = 1; i <= 1000; i++)
        give_clock(store, i, i % 2 == 0);
    after = cost_of_idling(store);
    print_message("a turn: %.2f us, with a thousand clocks: %.2f us\n", before, after);
    assert_true(after < 3 * before + 2);
    store_close(store);
}

static struct project
project_of(const char *account)
{
    struct project project = { .name = "p", .feature = "CUSTOM_LABELS", .auto_update = "DISABLED" };

    snprintf(project.scope.account, ACCOUNT_SIZE, "%s", account);
    snprintf(project.scope.region, REGION_SIZE, "us-east-1");
    return project;
}

static int64_t
count_deleting(struct store *store)
{
    int64_t count;

    step_begin(store, "test");
    count = lifecycle_count(store, "project", "DELETING");
    assert_true(step_end(store, true));
    return count;
}

static void
the_loop_wakes_for_the_clock_that_has_something_to_do_first(void **state)
{
    static const char fast[] = "000000000001", slow[] = "000000000002";
    struct store *store = open_running(":memory:");
    int64_t wait;

    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *account = i == 0 ? fast : slow;
        struct project project = project_of(account);
        char arn[ARN_SIZE];

        step_begin_of(store, "test", account);
        assert_int_equal(project_create(store, &project), RESULT_OK);
        snprintf(arn, sizeof arn, "%s", project.arn);
        assert_true(step_end(store, true));
        step_begin_of(store, "test", account);
        clocks_add(store, account);
        step_enter(store, account);
        world_set_clock(store, false, i == 0 ? 5 : 0.5, store_now(store));
        assert_int_equal(project_find(store, arn, &project), RESULT_OK);
        assert_int_equal(project_delete(store, &project), RESULT_OK);
        assert_true(step_end(store, true));
    }
    wait = step_idle(store); /* five seconds, five times as fast */
    assert_true(wait > 0 && wait <= 1000);
    set_by_ms += 2 * SECOND_MS;
    while (step_idle(store) == 0)
        ;
    assert_int_equal(count_deleting(store), 1);
    wait = step_idle(store);
    assert_true(wait > 7000 && wait <= 10000);
    set_by_ms += 10 * SECOND_MS;
    while (step_idle(store) == 0)
        ;
    assert_int_equal(count_deleting(store), 0);
    assert_true(step_idle(store) == INT64_MAX);
    store_close(store);
}

static void
stamps_beside_a_moment_are_all_different_and_can_be_said(void **state)
{
    int64_t stamp = CLOCK_END_MS - 1;

    (void)state;
    assert_int_equal(clock_stamp_beside(5, 5), 6);
    assert_int_equal(clock_stamp_beside(5, 6), 7);
    stamp = clock_stamp_beside(CLOCK_END_MS - 1, stamp);
    assert_true(stamp == CLOCK_END_MS);
    stamp = clock_stamp_beside(CLOCK_END_MS - 1, stamp);
    assert_true(stamp == CLOCK_END_MS - 2);
    assert_true(clock_stamp_beside(CLOCK_END_MS - 1, stamp) == CLOCK_END_MS - 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_world_does_not_go_back_when_the_machine_does, reset_clock),
        cmocka_unit_test_setup(timers_keep_the_time_they_have_left_when_the_machine_goes_back,
            reset_clock),
        cmocka_unit_test_setup(a_copy_of_a_world_does_not_keep_the_world_from_following,
            reset_clock),
        cmocka_unit_test_setup(a_world_goes_on_after_a_restart_of_a_machine_that_went_back,
            reset_clock),
        cmocka_unit_test_setup(a_slow_clock_has_nothing_to_do_and_says_so, reset_clock),
        cmocka_unit_test_setup(a_world_of_a_machine_before_1970_begins_in_1970, reset_clock),
        cmocka_unit_test_setup(at_the_end_of_time_what_takes_time_takes_none, reset_clock),
        cmocka_unit_test_setup(a_thousand_clocks_that_rest_cost_the_loop_nothing, reset_clock),
        cmocka_unit_test_setup(the_loop_wakes_for_the_clock_that_has_something_to_do_first,
            reset_clock),
        cmocka_unit_test_setup(stamps_beside_a_moment_are_all_different_and_can_be_said,
            reset_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
