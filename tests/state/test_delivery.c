/* Deliveries: they are of the step that adds them, and stay what they are until they were sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../state/delivery.h"
#include "../../state/setting.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/world.h"
#include "../support/world.h"

#define DOOR "arn:aws:rekognition:us-east-1:123456789012:streamprocessor/door"
#define OTHER "arn:aws:rekognition:eu-west-1:210987654321:streamprocessor/door"
#define TOPIC "arn:aws:sns:us-east-1:123456789012:topic"

/* Only SNS is there to be told. */
static struct store *
open_telling(void)
{
    char why[256];
    struct store *store = store_open(&(struct store_options){ .path = ":memory:",
                                         .profile = PROFILE_AWS,
                                         .sends = 1U << DELIVERY_SNS },
        why, sizeof why);

    assert_non_null(store);
    assert_true(world_make(store, true));
    return store;
}

static int64_t
add(struct store *store, enum delivery_kind kind, const char *arn, const char *body)
{
    return delivery_add(store, &(struct delivery){ .kind = kind,
                                   .arn = arn,
                                   .target = kind == DELIVERY_S3 ? "bucket/key" : TOPIC,
                                   .type = kind == DELIVERY_S3 ? "application/json" : NULL,
                                   .body = body });
}

static int64_t
add_alone(struct store *store, enum delivery_kind kind, const char *arn, const char *body)
{
    int64_t id;

    step_begin(store, "test");
    id = add(store, kind, arn, body);
    assert_true(step_end(store, true));
    return id;
}

/* "body state tries" of each, one per line; lives until the next call. */
static const char *
all(struct store *store, const char *arn, const char *kind)
{
    static char text[4096];
    struct delivery delivery;
    int64_t after = 0;
    size_t used = 0;

    *text = '\0';
    step_begin(store, "test");
    while (delivery_next(store, arn, kind, &after, &delivery))
        used += (size_t)snprintf(text + used, sizeof text - used, "%s %s %d%s%s\n", delivery.body,
            delivery.state, (int)delivery.tries, delivery.why == NULL ? "" : " ",
            delivery.why == NULL ? "" : delivery.why);
    assert_true(step_end(store, true));
    return text;
}

static void
one_is_kept_with_its_step_or_not_at_all(void **state)
{
    struct store *store = open_telling();

    (void)state;
    step_begin(store, "test");
    add(store, DELIVERY_SNS, DOOR, "dropped");
    assert_true(step_end(store, false));
    assert_string_equal(all(store, NULL, NULL), "");
    add_alone(store, DELIVERY_SNS, DOOR, "kept");
    assert_string_equal(all(store, NULL, NULL), "kept WAITING 0\n");
    store_close(store);
}

static void
what_nobody_is_there_for_is_kept(void **state)
{
    struct store *store = open_telling();
    struct delivery delivery;
    int64_t after = 0;

    (void)state;
    add_alone(store, DELIVERY_KINESIS, DOOR, "record");
    add_alone(store, DELIVERY_S3, DOOR, "object");
    assert_string_equal(all(store, NULL, NULL), "record KEPT 0\nobject KEPT 0\n");
    step_begin(store, "test");
    assert_false(delivery_to_send(store, DELIVERY_KINESIS, &after, &delivery));
    assert_true(step_end(store, true));
    store_close(store);
}

static void
they_are_asked_for_by_what_they_are_about_and_by_kind(void **state)
{
    struct store *store = open_telling();

    (void)state;
    add_alone(store, DELIVERY_SNS, DOOR, "a");
    add_alone(store, DELIVERY_KINESIS, DOOR, "b");
    add_alone(store, DELIVERY_SNS, OTHER, "c");
    assert_string_equal(all(store, DOOR, NULL), "a WAITING 0\nb KEPT 0\n");
    assert_string_equal(all(store, NULL, "SNS"), "a WAITING 0\nc WAITING 0\n");
    assert_string_equal(all(store, DOOR, "KINESIS"), "b KEPT 0\n");
    store_close(store);
}

static void
each_try_is_counted_until_it_is_over(void **state)
{
    struct store *store = open_telling();
    struct delivery delivery;
    int64_t id = add_alone(store, DELIVERY_SNS, DOOR, "a"), after = 0;

    (void)state;
    step_begin(store, "test");
    delivery_tried(store, id, "WAITING", "nobody answers");
    assert_true(delivery_find(store, id, &delivery));
    assert_string_equal(delivery.target, TOPIC);
    assert_true(step_end(store, true));
    assert_string_equal(all(store, NULL, NULL), "a WAITING 1 nobody answers\n");
    step_begin(store, "test");
    assert_true(delivery_to_send(store, DELIVERY_SNS, &after, &delivery));
    assert_int_equal(delivery.id, id);
    delivery_tried(store, id, "DONE", NULL);
    delivery_tried(store, id, "FAILED", "too late");
    assert_false(delivery_find(store, id, &delivery));
    assert_true(step_end(store, true));
    assert_string_equal(all(store, NULL, NULL), "a DONE 2\n");
    store_close(store);
}

static void
who_sends_is_told_that_there_may_be_others(void **state)
{
    struct store *store = open_telling();
    int seen = 0;

    (void)state;
    assert_true(delivery_may_be_new(store, &seen));
    assert_false(delivery_may_be_new(store, &seen));
    add_alone(store, DELIVERY_SNS, DOOR, "a");
    assert_true(delivery_may_be_new(store, &seen));
    assert_false(delivery_may_be_new(store, &seen));
    store_close(store);
}

static int
count_of(struct store *store, const char *kind)
{
    struct delivery delivery;
    int64_t after = 0;
    int count = 0;

    step_begin(store, "test");
    while (delivery_next(store, NULL, kind, &after, &delivery))
        count++;
    assert_true(step_end(store, true));
    return count;
}

static void
old_ones_go_but_for_those_that_wait(void **state)
{
    struct store *store = open_telling();

    (void)state;
    world_set(store, SETTING_DELIVERY_SIZE, 10);
    for (int i = 0; i < 200; i++)
        add_alone(store, i % 2 == 0 ? DELIVERY_SNS : DELIVERY_KINESIS, DOOR, "x");
    assert_int_equal(count_of(store, "SNS"), 100);
    assert_in_range(count_of(store, "KINESIS"), 5, 40);
    store_close(store);
}

static void
a_reset_takes_those_of_its_scope(void **state)
{
    struct store *store = open_telling();

    (void)state;
    add_alone(store, DELIVERY_SNS, DOOR, "a");
    add_alone(store, DELIVERY_SNS, OTHER, "b");
    step_begin(store, "test");
    world_reset(store, "123456789012", NULL);
    assert_true(step_end(store, true));
    assert_string_equal(all(store, NULL, NULL), "b WAITING 0\n");
    step_begin(store, "test");
    assert_int_equal(delivery_remove_all(store, NULL, "us-east-1"), 0);
    assert_int_equal(delivery_remove_all(store, NULL, NULL), 1);
    assert_true(step_end(store, true));
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_kept_with_its_step_or_not_at_all),
        cmocka_unit_test(what_nobody_is_there_for_is_kept),
        cmocka_unit_test(they_are_asked_for_by_what_they_are_about_and_by_kind),
        cmocka_unit_test(each_try_is_counted_until_it_is_over),
        cmocka_unit_test(who_sends_is_told_that_there_may_be_others),
        cmocka_unit_test(old_ones_go_but_for_those_that_wait),
        cmocka_unit_test(a_reset_takes_those_of_its_scope),
    };

    return cmocka_run_group_tests_name("delivery", tests, NULL, NULL);
}
