#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/resource/detection.h"
#include "../../../state/step.h"
#include "../../../state/store.h"
#include "../../../state/world.h"
#include "../../support/world.h"

#define ARN "arn:aws:rekognition:us-east-1:123456789012:project/p/version/v/1"

static const char *const errors[] = { "InternalServerError", "LimitExceededException", NULL };

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

static int64_t
post(struct store *store, const struct detection *detection)
{
    int64_t id;

    step_begin(store, "test");
    id = detection_add(store, detection);
    step_end(store, true);
    return id;
}

/* For the version, of some image and name, without end. */
static int64_t
script(struct store *store, const char *version, const char *sha256, const char *s3)
{
    return post(store, &(struct detection){ .version = version,
                           .sha256 = sha256,
                           .s3 = s3,
                           .labels = "[]",
                           .times = DETECTION_ALWAYS });
}

/* Which one answers; 0: none does. */
static int64_t
take(struct store *store, const struct detection_call *call, bool keep)
{
    struct detection detection = { .id = 0 };
    bool taken;

    step_begin(store, "test");
    taken = detection_take(store, call, &detection);
    step_end(store, keep);
    return taken ? detection.id : 0;
}

static int64_t
answer(struct store *store, const char *sha256, const char *s3)
{
    return take(store,
        &(struct detection_call){ .arn = ARN,
            .has_model = true,
            .sha256 = sha256,
            .s3 = s3,
            .errors = errors },
        true);
}

static int64_t
hits(struct store *store, int64_t id)
{
    struct detection detection = { .hits = -1 };
    int64_t after = id - 1;

    step_begin(store, "test");
    detection_next(store, &after, &detection);
    step_end(store, true);
    assert_int_equal(detection.id, id);
    return detection.hits;
}

static void
bytes_come_before_names_and_names_before_any(void **state)
{
    struct store *store = *state;
    int64_t bytes = script(store, "*", "aa", NULL), name = script(store, "*", NULL, "b/*.png");
    int64_t any = script(store, "*", NULL, NULL);

    assert_int_equal(answer(store, "aa", "b/1.png"), bytes);
    assert_int_equal(answer(store, "bb", "b/1.png"), name);
    assert_int_equal(answer(store, NULL, "b/1.png"), name);
    assert_int_equal(answer(store, "aa", NULL), bytes);
    assert_int_equal(answer(store, "bb", "b/1.jpg"), any);
    assert_int_equal(answer(store, NULL, NULL), any);
}

static void
of_those_as_specific_the_newest_that_fits_counts(void **state)
{
    struct store *store = *state;
    int64_t old = script(store, "*", "aa", NULL), own = script(store, ARN, "aa", NULL);
    int64_t long_glob = script(store, "*", NULL, "b/birds/red/*"), newer;

    script(store, "*:project/q/version/*", "aa", NULL);
    assert_int_equal(answer(store, "aa", NULL), own);
    newer = script(store, "*", NULL, "b/*");
    assert_true(newer > long_glob && own > old);
    assert_int_equal(answer(store, NULL, "b/birds/red/1"), newer);
}

static void
the_services_own_model_has_no_arn(void **state)
{
    struct store *store = *state;
    struct detection_call call = { .arn = "", .has_model = true, .errors = errors };
    int64_t any = script(store, "*", NULL, NULL);

    script(store, "arn:*", NULL, NULL);
    assert_int_equal(take(store, &call, true), any);
}

static void
times_run_out(void **state)
{
    struct store *store = *state;
    int64_t always = script(store, "*", NULL, NULL);
    int64_t twice = post(store, &(struct detection){ .version = "*", .labels = "[]", .times = 2 });

    assert_int_equal(answer(store, NULL, NULL), twice);
    assert_int_equal(answer(store, NULL, NULL), twice);
    assert_int_equal(answer(store, NULL, NULL), always);
    assert_int_equal(hits(store, twice), 2);
    assert_int_equal(hits(store, always), 1);
}

static void
a_hit_of_labels_goes_with_its_step_and_that_of_an_error_does_not(void **state)
{
    struct store *store = *state;
    struct detection_call call = { .arn = ARN, .has_model = true, .errors = errors };
    int64_t labels = script(store, "*", NULL, NULL), error;

    assert_int_equal(take(store, &call, false), labels);
    assert_int_equal(hits(store, labels), 0);
    error = post(store, &(struct detection){ .version = "*",
                            .error = "InternalServerError",
                            .times = DETECTION_ALWAYS });
    assert_int_equal(take(store, &call, false), error);
    assert_int_equal(hits(store, error), 1);
}

static void
an_error_that_the_call_cannot_have_is_not_for_it(void **state)
{
    struct store *store = *state;
    int64_t labels = script(store, "*", NULL, NULL);

    post(store, &(struct detection){ .version = "*",
                    .error = "ImageTooLargeException",
                    .times = DETECTION_ALWAYS });
    assert_int_equal(answer(store, NULL, NULL), labels);
}

static void
bytes_are_only_asked_for_while_a_script_would_know_them(void **state)
{
    struct store *store = *state;

    script(store, "*", NULL, "b/*");
    step_begin(store, "test");
    assert_false(detection_knows_bytes(store));
    step_end(store, true);
    post(store, &(struct detection){ .version = "*", .sha256 = "aa", .labels = "[]", .times = 1 });
    step_begin(store, "test");
    assert_true(detection_knows_bytes(store));
    step_end(store, true);
    assert_true(answer(store, "aa", NULL) != 0);
    step_begin(store, "test");
    assert_false(detection_knows_bytes(store));
    step_end(store, true);
}

static int
count(struct store *store)
{
    struct detection detection;
    int64_t after = 0;
    int found = 0;

    step_begin(store, "test");
    while (detection_next(store, &after, &detection))
        found++;
    step_end(store, true);
    return found;
}

static void
a_reset_takes_what_is_for_its_scope_alone(void **state)
{
    struct store *store = *state;

    script(store, "*", NULL, NULL);
    script(store, ARN, NULL, NULL);
    script(store, "arn:*:eu-west-1:*", NULL, NULL);
    step_begin(store, "test");
    world_reset(store, "123456789012", NULL);
    step_end(store, true);
    assert_int_equal(count(store), 2);
    step_begin(store, "test");
    assert_int_equal(detection_remove_all(store, NULL, "eu-west-1"), 1);
    assert_false(detection_remove(store, 99));
    assert_true(detection_remove(store, 1));
    step_end(store, true);
    assert_int_equal(count(store), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
        TEST(bytes_come_before_names_and_names_before_any),
        TEST(of_those_as_specific_the_newest_that_fits_counts),
        TEST(the_services_own_model_has_no_arn),
        TEST(times_run_out),
        TEST(a_hit_of_labels_goes_with_its_step_and_that_of_an_error_does_not),
        TEST(an_error_that_the_call_cannot_have_is_not_for_it),
        TEST(bytes_are_only_asked_for_while_a_script_would_know_them),
        TEST(a_reset_takes_what_is_for_its_scope_alone),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
