#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/history.h"
#include "../../../state/resource/inference.h"
#include "../../../state/lifecycle.h"
#include "../../../state/step.h"
#include "../../../state/store.h"
#include "../../../state/usage.h"
#include "../../support/world.h"

/* Profile aws: units follow demand a minute after a call. */

static char arn[ARN_SIZE];

static int
open_world(void **state)
{
    *state = world_open(":memory:");
    world_train(*state, "v1", arn);
    world_pass(*state, HOUR_MS);
    return 0;
}

static int
close_world(void **state)
{
    store_close(*state);
    return 0;
}

static void
run(struct store *store, double tps, int64_t min_units, int64_t max_units)
{
    world_set(store, SETTING_TPS_PER_UNIT, tps);
    world_start(store, arn, min_units, max_units);
    world_pass(store, HOUR_MS);
}

/* How many of so many calls at one moment are served. */
static int
served(struct store *store, int calls)
{
    int count = 0;

    while (calls-- > 0)
        count += world_detect(store, arn) == RESULT_OK;
    return count;
}

static int64_t
next_due(struct store *store)
{
    int64_t due;

    step_begin(store, "test");
    due = lifecycle_next_due(store);
    step_end(store, true);
    return due;
}

static void
units_times_tps_are_served_in_each_second_of_the_clock(void **state)
{
    struct store *store = *state;

    run(store, 3, 2, 0);
    assert_int_equal(served(store, 9), 6);
    world_pass(store, 999);
    assert_int_equal(served(store, 1), 0);
    world_pass(store, 1);
    assert_int_equal(served(store, 9), 6);
}

static void
zero_means_any_number(void **state)
{
    run(*state, 0, 1, 0);
    assert_int_equal(served(*state, 500), 500);
}

/* 2.5 calls a second and unit: two whole ones with one unit, five with two. */
static void
a_fraction_of_a_call_is_not_served(void **state)
{
    struct store *store = *state;

    run(store, 2.5, 1, 0);
    assert_int_equal(served(store, 9), 2);
    world_stop(store, arn);
    world_pass(store, HOUR_MS);
    run(store, 2.5, 2, 0);
    assert_int_equal(served(store, 9), 5);
}

/* 4.6 times five is 22.999999999999996 for a double: nobody is to lose a call by that. */
static void
rounding_of_doubles_loses_no_call(void **state)
{
    struct store *store = *state;

    run(store, 0.2, 5, 0);
    assert_int_equal(served(store, 9), 5); /* in five seconds */
    world_stop(store, arn);
    world_pass(store, HOUR_MS);
    run(store, 4.6, 5, 0);
    assert_int_equal(served(store, 30), 23);
}

/* A tenth of a call a second and unit: each unit serves one in ten seconds. */
static void
less_than_one_call_a_second_is_one_in_a_longer_window(void **state)
{
    struct store *store = *state;

    run(store, 0.1, 1, 0);
    assert_int_equal(served(store, 3), 1);
    world_pass(store, 9999);
    assert_int_equal(served(store, 3), 0);
    world_pass(store, 1);
    assert_int_equal(served(store, 3), 1);
}

static void
units_follow_demand_up_and_down_between_min_and_max(void **state)
{
    struct store *store = *state;

    run(store, 10, 1, 4);
    assert_int_equal(served(store, 25), 10);
    world_pass(store, MINUTE_MS - 1);
    assert_int_equal(world_units(store, arn), 1);
    world_pass(store, 1);
    assert_int_equal(world_units(store, arn), 3); /* refused calls are demand, too */
    assert_int_equal(served(store, 100), 30);
    world_pass(store, MINUTE_MS);
    assert_int_equal(world_units(store, arn), 4); /* 10 were needed */
    assert_int_equal(served(store, 11), 11);
    world_pass(store, MINUTE_MS);
    assert_int_equal(world_units(store, arn), 2);
    world_pass(store, MINUTE_MS);
    assert_int_equal(world_units(store, arn), 1);
    assert_int_equal(next_due(store), INT64_MAX); /* nothing more happens by itself */
}

static void
units_follow_a_slow_demand_by_its_own_window(void **state)
{
    struct store *store = *state;

    run(store, 0.1, 1, 5);
    assert_int_equal(served(store, 2), 1);
    world_pass(store, MINUTE_MS);
    assert_int_equal(world_units(store, arn), 2);
}

static void
demand_that_one_unit_serves_needs_no_second(void **state)
{
    struct store *store = *state;

    run(store, 10, 1, 4);
    assert_int_equal(served(store, 10), 10);
    world_pass(store, MINUTE_MS);
    assert_int_equal(world_units(store, arn), 1);
}

/* 21 / 1.4 is 15.000000000000002 for a double: fifteen units serve them. */
static void
demand_that_units_just_serve_needs_no_more(void **state)
{
    struct store *store = *state;

    world_set(store, SETTING_LIMIT_UNITS_PER_VERSION, 20);
    run(store, 1.4, 1, 20);
    served(store, 21);
    world_pass(store, MINUTE_MS);
    assert_int_equal(world_units(store, arn), 15);
}

static void
units_follow_an_interval_after_the_first_call_however_many_come_after(void **state)
{
    struct store *store = *state;

    run(store, 1, 1, 4);
    served(store, 2);
    for (int i = 0; i < 59; i++) {
        world_pass(store, SECOND_MS);
        served(store, 1);
        assert_int_equal(world_units(store, arn), 1);
    }
    world_pass(store, SECOND_MS);
    assert_int_equal(world_units(store, arn), 2);
}

static void
detect_and_drop(struct store *store)
{
    step_begin(store, "test");
    assert_int_equal(inference_serve(store, arn, 1, true), RESULT_OK);
    step_end(store, false);
}

static struct usage
usage_of_all(struct store *store)
{
    struct usage usage, sum = { .calls = 0 };

    step_begin(store, "test");
    for (int64_t after = 0; usage_next(store, NULL, &after, &usage);) {
        sum.calls += usage.calls;
        sum.throttled_calls += usage.throttled_calls;
    }
    step_end(store, true);
    return sum;
}

/* Served calls whose image then turns out to be none, and refused ones. */
static void
demand_is_remembered_of_calls_that_fail_and_only_refused_ones_are_used(void **state)
{
    struct store *store = *state;

    run(store, 3, 1, 4);
    detect_and_drop(store);
    detect_and_drop(store);
    assert_int_equal(served(store, 4), 1);
    assert_int_equal(usage_of_all(store).calls, 4);
    assert_int_equal(usage_of_all(store).throttled_calls, 3);
    world_pass(store, MINUTE_MS);
    assert_int_equal(world_units(store, arn), 2); /* six were asked for in that second */
}

/* API Reference, StartProjectVersion: without MaxInferenceUnits there is no scaling. */
static void
without_max_units_nothing_follows(void **state)
{
    struct store *store = *state;

    run(store, 1, 1, 0);
    assert_int_equal(served(store, 5), 1);
    assert_int_equal(next_due(store), INT64_MAX);
    world_pass(store, HOUR_MS);
    assert_int_equal(world_units(store, arn), 1);
}

static void
a_stop_ends_scaling_and_a_start_begins_with_min(void **state)
{
    struct store *store = *state;

    run(store, 1, 1, 4);
    served(store, 4);
    world_pass(store, MINUTE_MS);
    assert_int_equal(world_units(store, arn), 4);
    assert_int_equal(served(store, 4), 4);
    world_stop(store, arn);
    assert_int_equal(world_units(store, arn), 0);
    world_pass(store, 2 * MINUTE_MS);
    assert_int_equal(next_due(store), INT64_MAX);
    world_start(store, arn, 1, 4);
    world_pass(store, 10 * MINUTE_MS);
    assert_int_equal(world_units(store, arn), 1);
    assert_int_equal(next_due(store), INT64_MAX);
    world_pass(store, HOUR_MS);
    assert_int_equal(world_units(store, arn), 1);
}

static void
calls_before_a_stop_are_not_held_against_the_next_run(void **state)
{
    struct store *store = *state;

    world_set(store, SETTING_VERSION_START, 0);
    world_set(store, SETTING_VERSION_STOP, 0);
    run(store, 1, 1, 0);
    assert_int_equal(served(store, 2), 1);
    world_stop(store, arn);
    world_pass(store, 0);
    world_start(store, arn, 1, 0);
    world_pass(store, 0);
    assert_int_equal(served(store, 2), 1);
}

static void
units_go_back_when_throughput_is_no_longer_enforced(void **state)
{
    struct store *store = *state;

    run(store, 1, 1, 4);
    served(store, 4);
    world_pass(store, MINUTE_MS);
    world_set(store, SETTING_TPS_PER_UNIT, 0);
    world_pass(store, MINUTE_MS);
    assert_int_equal(world_units(store, arn), 1);
}

static void
changes_of_units_are_events_of_the_history(void **state)
{
    struct store *store = *state;
    struct event event, last = { .id = 0 };

    run(store, 1, 1, 4);
    served(store, 2);
    world_pass(store, MINUTE_MS);
    step_begin(store, "test");
    for (int64_t after = 0; history_next(store, arn, &after, &event);)
        last = event;
    assert_string_equal(last.kind, INFERENCE_TIMER);
    assert_string_equal(last.event, "scale");
    assert_string_equal(last.from, "1");
    assert_string_equal(last.to, "2");
    assert_string_equal(last.cause, "timer");
    step_end(store, true);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        TEST(units_times_tps_are_served_in_each_second_of_the_clock),
        TEST(zero_means_any_number),
        TEST(a_fraction_of_a_call_is_not_served),
        TEST(rounding_of_doubles_loses_no_call),
        TEST(less_than_one_call_a_second_is_one_in_a_longer_window),
        TEST(units_follow_demand_up_and_down_between_min_and_max),
        TEST(units_follow_a_slow_demand_by_its_own_window),
        TEST(demand_that_one_unit_serves_needs_no_second),
        TEST(demand_that_units_just_serve_needs_no_more),
        TEST(units_follow_an_interval_after_the_first_call_however_many_come_after),
        TEST(demand_is_remembered_of_calls_that_fail_and_only_refused_ones_are_used),
        TEST(without_max_units_nothing_follows),
        TEST(a_stop_ends_scaling_and_a_start_begins_with_min),
        TEST(calls_before_a_stop_are_not_held_against_the_next_run),
        TEST(units_go_back_when_throughput_is_no_longer_enforced),
        TEST(changes_of_units_are_events_of_the_history),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
