#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../state/base/ids.h"
#include "../../state/lifecycle_outcome.h"
#include "../../state/lifecycle_table.h"
#include "../../state/outcome.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../support/world.h"

/* Profile aws: training takes 30 minutes. */
#define TRAIN_MS (30 * MINUTE_MS)

static int
open_world(void **state)
{
    *state = world_open(":memory:");
    world_set(*state, SETTING_LIMIT_CONCURRENT_TRAININGS, 100);
    return 0;
}

static int
close_world(void **state)
{
    store_close(*state);
    return 0;
}

static int64_t
post(struct store *store, const struct outcome *wanted)
{
    struct outcome outcome = *wanted;
    int64_t id;

    if (outcome.probability == 0)
        outcome.probability = 1;
    step_begin(store, "test");
    id = outcome_add(store, &outcome);
    step_end(store, true);
    return id;
}

static int64_t
hits(struct store *store, int64_t id)
{
    struct outcome outcome = { .hits = -1 };

    step_begin(store, "test");
    outcome_find(store, id, &outcome);
    step_end(store, true);
    return outcome.hits;
}

/* In as many steps as it takes when each may look at `budget` timers; how many that were. */
static int
tell_pending(struct store *store, int64_t id, int budget)
{
    struct steps_seen seen = { .due_ms = 0 };
    int steps = 0;
    bool more;

    do {
        step_begin(store, "test");
        more = lifecycle_tell_pending(store, id, &seen, budget);
        step_end(store, true);
        steps++;
    } while (more);
    return steps;
}

static void
a_step_that_begins_takes_one_of_the_times(void **state)
{
    struct store *store = *state;
    char one[ARN_SIZE], two[ARN_SIZE], three[ARN_SIZE];
    int64_t id = post(store, &(struct outcome){ .resource = "*",
                                 .event = "train",
                                 .message = "told",
                                 .after_ms = OUTCOME_AS_USUAL,
                                 .times = 2 });

    world_train(store, "v1", one);
    world_train(store, "v2", two);
    assert_int_equal(hits(store, id), 2);
    world_train(store, "v3", three);
    assert_int_equal(hits(store, id), 2);
    world_pass(store, TRAIN_MS);
    assert_string_equal(world_status(store, one), "TRAINING_FAILED");
    assert_string_equal(world_message(store, two), "told");
    assert_string_equal(world_status(store, three), "TRAINING_COMPLETED");
}

static void
pending_steps_are_told_in_pieces_each_once_in_the_order_of_their_ends(void **state)
{
    struct store *store = *state;
    char arn[20][ARN_SIZE], name[8];
    int64_t id;

    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "v%d", 20 - i); /* their ends are not in the order of ARNs */
        world_train(store, name, arn[i]);
        world_pass(store, SECOND_MS);
    }
    id = post(store, &(struct outcome){ .resource = "*",
                         .event = "train",
                         .after_ms = TRAIN_MS + HOUR_MS,
                         .times = 15 });
    assert_int_equal(tell_pending(store, id, 3), 5);
    assert_int_equal(hits(store, id), 15);
    world_pass(store, TRAIN_MS);
    assert_string_equal(world_status(store, arn[14]), "TRAINING_IN_PROGRESS");
    assert_string_equal(world_status(store, arn[15]), "TRAINING_COMPLETED");
    world_pass(store, HOUR_MS);
    for (int i = 0; i < 15; i++)
        assert_string_equal(world_status(store, arn[i]), "TRAINING_FAILED");
}

static void
a_search_ends_when_its_outcome_is_removed(void **state)
{
    struct store *store = *state;
    struct steps_seen seen = { .due_ms = 0 };
    char arn[ARN_SIZE];
    int64_t id = post(store, &(struct outcome){ .resource = "*", .event = "train", .times = 9 });

    world_train(store, "v1", arn);
    step_begin(store, "test");
    assert_true(outcome_remove(store, id));
    assert_false(outcome_remove(store, id));
    assert_false(lifecycle_tell_pending(store, id, &seen, 9));
    step_end(store, true);
}

/* A step is told once: a second outcome waits for another. */
static void
a_step_that_was_told_takes_no_second_outcome(void **state)
{
    struct store *store = *state;
    char arn[ARN_SIZE];
    struct outcome wish = { .event = "train", .after_ms = OUTCOME_AS_USUAL, .times = 1 };
    int64_t first, second;

    world_train(store, "v1", arn);
    wish.resource = arn;
    first = post(store, &wish);
    second = post(store, &wish);
    tell_pending(store, first, 9);
    tell_pending(store, second, 9);
    assert_int_equal(hits(store, first), 1);
    assert_int_equal(hits(store, second), 0);
}

static void
an_end_that_has_passed_already_is_now(void **state)
{
    struct store *store = *state;
    char arn[ARN_SIZE];
    int64_t id;

    world_train(store, "v1", arn);
    world_pass(store, 10 * MINUTE_MS);
    id = post(store,
        &(struct outcome){ .resource = arn, .event = "train", .after_ms = SECOND_MS, .times = 1 });
    tell_pending(store, id, 9);
    assert_string_equal(world_status(store, arn), "TRAINING_FAILED");
}

static void
only_steps_that_can_fail_can_be_told(void **state)
{
    int count = 0;

    (void)state;
    for (size_t i = 0; i < lifecycle_timeout_count; i++) {
        const struct timeout *timeout = &lifecycle_timeouts[i];

        if (strstr(timeout->step, "delete") != NULL || strcmp(timeout->event, "forget") == 0 ||
            strcmp(timeout->step, "stream.stop") == 0 ||
            strcmp(timeout->step, "media.queue") == 0 ||
            strcmp(timeout->step, "media.begin") == 0 ||
            strcmp(timeout->step, "stream.update") == 0 || strcmp(timeout->event, "expire") == 0 ||
            strcmp(timeout->kind, "project") == 0 || strcmp(timeout->kind, "user") == 0)
            assert_false(lifecycle_can_fail(timeout));
        else
            assert_true(lifecycle_can_fail(timeout));
        count += lifecycle_can_fail(timeout);
    }
    assert_true(count >= 5);
}

/* Which of so many trainings fail, a letter each, in a world of this seed. */
static void
train_by_chance(uint64_t seed, char failing[101])
{
    struct store *store = world_open(":memory:");
    struct outcome outcome = { .resource = "*",
        .event = "train",
        .times = 100,
        .after_ms = OUTCOME_AS_USUAL,
        .probability = 0.25 };
    char arn[2049], name[16];
    int64_t id, before = 0;

    ids_open(store_ids(store), &seed);
    world_set(store, SETTING_LIMIT_CONCURRENT_TRAININGS, 100);
    id = post(store, &outcome);
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "v%d", i);
        world_train(store, name, arn);
        failing[i] = hits(store, id) > before ? 'f' : '.';
        before = hits(store, id);
    }
    failing[100] = '\0';
    store_close(store);
}

static void
chance_takes_its_part_and_the_seed_says_which(void **state)
{
    char one[101], other[101], same[101];
    size_t failed = 0;

    (void)state;
    train_by_chance(1, one);
    train_by_chance(2, other);
    train_by_chance(1, same);
    assert_string_equal(one, same);
    assert_string_not_equal(one, other);
    for (int i = 0; i < 100; i++)
        failed += one[i] == 'f';
    assert_in_range(failed, 10, 40);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        TEST(a_step_that_begins_takes_one_of_the_times),
        TEST(pending_steps_are_told_in_pieces_each_once_in_the_order_of_their_ends),
        TEST(a_search_ends_when_its_outcome_is_removed),
        TEST(a_step_that_was_told_takes_no_second_outcome),
        TEST(an_end_that_has_passed_already_is_now),
        cmocka_unit_test(only_steps_that_can_fail_can_be_told),
        cmocka_unit_test(chance_takes_its_part_and_the_seed_says_which),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
