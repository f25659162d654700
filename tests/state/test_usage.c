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
#include "../../state/resource/project_version.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/usage.h"
#include "../../state/world.h"
#include "../support/world.h"

/* As the settings of profile aws have it: train 30m, start 10m, stop 2m. */
#define TRAIN_MS (30 * MINUTE_MS)
#define START_MS (10 * MINUTE_MS)
#define STOP_MS (2 * MINUTE_MS)

static int
open_world(void **state)
{
    *state = world_open(":memory:");
    return 0;
}

static int
close_world(void **state)
{
    store_close(*state);
    return 0;
}

/* The usage of a version, or of all, summed; zero of those that have none. */
static struct usage
used(struct store *store, const char *arn)
{
    struct usage total = { .id = 0 }, usage;
    int64_t after = 0;

    step_begin(store, "test");
    while (usage_next(store, arn, &after, &usage))
        usage_sum(&total, &usage);
    step_end(store, true);
    return total;
}

static double
cost(struct store *store, const char *arn)
{
    struct usage usage = used(store, arn);
    struct prices prices;

    step_begin(store, "test");
    prices = usage_prices(store);
    step_end(store, true);
    return usage_cost(&usage, &prices);
}

static void
train_and_start(struct store *store, const char *name, char arn[ARN_SIZE], int64_t min_units,
    int64_t max_units)
{
    world_train(store, name, arn);
    world_pass(store, TRAIN_MS);
    world_start(store, arn, min_units, max_units);
    world_pass(store, START_MS);
}

/* Developer Guide, Running a model: two units for 8 hours are 16 inference hours. */
static void
two_units_for_eight_hours_are_sixteen_unit_hours(void **state)
{
    struct store *store = *state;
    char arn[ARN_SIZE];
    struct usage usage;

    train_and_start(store, "v1", arn, 2, 0);
    assert_int_equal(used(store, arn).running_ms, 0); /* STARTING is free */
    world_pass(store, 8 * HOUR_MS);
    world_stop(store, arn);
    world_pass(store, HOUR_MS); /* STOPPING and STOPPED are, too */
    usage = used(store, arn);
    assert_int_equal(usage.running_ms, 8 * HOUR_MS);
    assert_int_equal(usage.unit_ms, 16 * HOUR_MS);
    assert_int_equal(usage.training_ms, TRAIN_MS);
    assert_int_equal(usage.units, 0);
    assert_true(cost(store, arn) == 16 * 4 + 0.5 * 1);
}

static void
running_counts_from_the_millisecond_it_runs_to_the_one_it_is_stopped(void **state)
{
    struct store *store = *state;
    char arn[ARN_SIZE];

    world_train(store, "v1", arn);
    world_pass(store, TRAIN_MS);
    world_start(store, arn, 3, 0);
    world_pass(store, START_MS - 1);
    assert_int_equal(used(store, arn).units, 0);
    world_pass(store, 1);
    assert_int_equal(used(store, arn).units, 3);
    assert_int_equal(used(store, arn).unit_ms, 0);
    world_pass(store, 1);
    assert_int_equal(used(store, arn).running_ms, 1);
    assert_int_equal(used(store, arn).unit_ms, 3);
    world_stop(store, arn);
    assert_int_equal(used(store, arn).units, 0);
    world_pass(store, 5);
    assert_int_equal(used(store, arn).running_ms, 1);
    assert_int_equal(used(store, arn).unit_ms, 3);
}

/* One long jump bills what many short ones do: each timer fires at its own moment. */
static void
a_start_that_is_noticed_late_is_billed_from_its_due_moment(void **state)
{
    struct store *store = *state;
    char arn[ARN_SIZE];

    world_train(store, "v1", arn);
    world_pass(store, TRAIN_MS);
    world_start(store, arn, 1, 0);
    world_pass(store, START_MS + 7 * MINUTE_MS);
    assert_int_equal(used(store, arn).running_ms, 7 * MINUTE_MS);
}

static void
a_second_run_with_other_units_adds_to_the_first(void **state)
{
    struct store *store = *state;
    char arn[ARN_SIZE];

    train_and_start(store, "v1", arn, 1, 0);
    world_pass(store, 90 * MINUTE_MS);
    world_stop(store, arn);
    world_pass(store, STOP_MS);
    world_start(store, arn, 4, 0);
    world_pass(store, START_MS + 15 * MINUTE_MS);
    assert_int_equal(used(store, arn).running_ms, 105 * MINUTE_MS);
    assert_int_equal(used(store, arn).unit_ms, (90 + 4 * 15) * MINUTE_MS);
    assert_true(cost(store, arn) == 2.5 * 4 + 0.5);
}

/* Min 1, Max 3, one call a second each: 1 unit for a minute, 3 for two, 1 again. */
static void
units_are_billed_as_they_were_in_service_while_they_follow_demand(void **state)
{
    struct store *store = *state;
    char arn[ARN_SIZE];

    world_set(store, SETTING_TPS_PER_UNIT, 1);
    train_and_start(store, "v1", arn, 1, 3);
    for (int i = 0; i < 3; i++)
        world_detect(store, arn);
    world_pass(store, MINUTE_MS);
    assert_int_equal(world_units(store, arn), 3);
    assert_int_equal(used(store, arn).unit_ms, MINUTE_MS);
    for (int i = 0; i < 3; i++)
        assert_int_equal(world_detect(store, arn), RESULT_OK);
    world_pass(store, 2 * MINUTE_MS);
    assert_int_equal(world_units(store, arn), 1);
    world_pass(store, 30 * SECOND_MS);
    assert_int_equal(used(store, arn).running_ms, 210 * SECOND_MS);
    assert_int_equal(used(store, arn).unit_ms, (60 + 3 * 120 + 30) * SECOND_MS);
    assert_int_equal(used(store, arn).calls, 6);
    assert_int_equal(used(store, arn).throttled_calls, 2);
}

static void
training_is_billed_when_it_has_succeeded(void **state)
{
    struct store *store = *state;
    char arn[ARN_SIZE];

    world_train(store, "v1", arn);
    world_pass(store, TRAIN_MS - 1);
    assert_int_equal(used(store, arn).training_ms, 0);
    world_pass(store, HOUR_MS);
    assert_int_equal(used(store, arn).training_ms, TRAIN_MS);
}

static void
calls_are_counted_if_a_running_model_took_or_throttled_them(void **state)
{
    struct store *store = *state;
    char arn[ARN_SIZE];

    world_train(store, "v1", arn);
    world_pass(store, TRAIN_MS);
    assert_int_equal(world_detect(store, arn), RESULT_NOT_RUNNING);
    world_start(store, arn, 1, 0);
    world_pass(store, START_MS);
    assert_int_equal(world_detect(store, arn), RESULT_OK);
    world_set(store, SETTING_TPS_PER_UNIT, 1);
    assert_int_equal(world_detect(store, arn), RESULT_OK);
    assert_int_equal(world_detect(store, arn), RESULT_RATE);
    assert_int_equal(used(store, arn).calls, 3);
    assert_int_equal(used(store, arn).throttled_calls, 1);
}

static void
delete_version(struct store *store, const char *arn)
{
    struct project_version version;

    step_begin(store, "DeleteProjectVersion");
    project_version_find(store, arn, &version);
    assert_int_equal(project_version_delete(store, &version), RESULT_OK);
    step_end(store, true);
    world_pass(store, MINUTE_MS);
}

static void
the_bill_of_a_deleted_version_stays_until_a_reset(void **state)
{
    struct store *store = *state;
    char arn[ARN_SIZE];

    train_and_start(store, "v1", arn, 1, 0);
    world_pass(store, HOUR_MS);
    world_stop(store, arn);
    world_pass(store, STOP_MS);
    delete_version(store, arn);
    assert_int_equal(used(store, arn).unit_ms, HOUR_MS);
    assert_true(cost(store, NULL) == 4.5);
    step_begin(store, "test");
    world_reset(store, "111122223333", NULL);
    step_end(store, true);
    assert_int_equal(used(store, NULL).unit_ms, HOUR_MS);
    step_begin(store, "test");
    world_reset(store, "123456789012", "us-east-1");
    step_end(store, true);
    assert_int_equal(used(store, NULL).unit_ms, 0);
}

/* Everything that moves units: a late start, demand that comes and goes, a stop, a second run. */
static struct usage
live(int64_t stride_ms)
{
    struct store *store = world_open(":memory:");
    char arn[ARN_SIZE];
    struct usage usage;

    world_set(store, SETTING_TPS_PER_UNIT, 2);
    world_train(store, "v1", arn);
    world_pass(store, TRAIN_MS);
    for (int run = 0; run < 2; run++) {
        world_start(store, arn, 1, 5);
        for (int64_t ms = 0; ms < START_MS; ms += stride_ms)
            world_pass(store, stride_ms);
        for (int i = 0; i < 7; i++)
            world_detect(store, arn);
        for (int64_t ms = 0; ms < HOUR_MS; ms += stride_ms)
            world_pass(store, stride_ms);
        world_stop(store, arn);
        world_pass(store, STOP_MS);
    }
    usage = used(store, arn);
    store_close(store);
    return usage;
}

/* Seven calls in a second need four units: an hour with one, but for a minute with four. */
static void
one_long_jump_bills_what_many_short_ones_do(void **state)
{
    struct usage jump = live(10 * MINUTE_MS), crawl = live(20 * SECOND_MS);

    (void)state;
    assert_int_equal(jump.unit_ms, 2 * (59 * MINUTE_MS + 4 * MINUTE_MS));
    assert_int_equal(crawl.unit_ms, jump.unit_ms);
    assert_int_equal(jump.running_ms, 2 * HOUR_MS);
    assert_int_equal(crawl.running_ms, jump.running_ms);
    assert_int_equal(jump.throttled_calls, 2 * 5);
}

static void
prices_are_settings_and_totals_are_sums(void **state)
{
    struct store *store = *state;
    char one[ARN_SIZE], two[ARN_SIZE];

    train_and_start(store, "v1", one, 1, 0);
    train_and_start(store, "v2", two, 2, 0); /* v1 has run for 40 minutes more */
    world_pass(store, 20 * MINUTE_MS);
    assert_int_equal(used(store, NULL).unit_ms, (60 + 2 * 20) * MINUTE_MS);
    assert_int_equal(used(store, NULL).units, 3);
    world_set(store, SETTING_PRICE_UNIT_HOUR, 6);
    world_set(store, SETTING_PRICE_TRAINING_HOUR, 0);
    assert_true(cost(store, one) == 6);
    assert_true(cost(store, two) == 4);
}

static void
usage_survives_a_restart(void **state)
{
    char path[] = "/tmp/usageXXXXXX", file[64], arn[ARN_SIZE];
    struct store *store;

    (void)state;
    assert_non_null(mkdtemp(path));
    snprintf(file, sizeof file, "%s/world.db", path);
    store = world_open(file);
    train_and_start(store, "v1", arn, 2, 0);
    world_pass(store, HOUR_MS);
    store_close(store);
    store = world_open(file);
    world_pass(store, HOUR_MS);
    assert_int_equal(used(store, arn).unit_ms, 4 * HOUR_MS);
    store_close(store);
    unlink(file);
    rmdir(path);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        TEST(two_units_for_eight_hours_are_sixteen_unit_hours),
        TEST(running_counts_from_the_millisecond_it_runs_to_the_one_it_is_stopped),
        TEST(a_start_that_is_noticed_late_is_billed_from_its_due_moment),
        TEST(a_second_run_with_other_units_adds_to_the_first),
        TEST(units_are_billed_as_they_were_in_service_while_they_follow_demand),
        TEST(training_is_billed_when_it_has_succeeded),
        TEST(calls_are_counted_if_a_running_model_took_or_throttled_them),
        TEST(the_bill_of_a_deleted_version_stays_until_a_reset),
        cmocka_unit_test(one_long_jump_bills_what_many_short_ones_do),
        TEST(prices_are_settings_and_totals_are_sums),
        cmocka_unit_test(usage_survives_a_restart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
