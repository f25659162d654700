#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/lifecycle_work.h"
#include "../../../state/resource/project_version.h"
#include "../../../state/step.h"
#include "../../../state/store.h"
#include "../../../state/resource/version_image.h"
#include "../../../state/work.h"
#include "../../support/world.h"

#define LABELS "[{\"name\":\"cat\",\"confidence\":1}]"

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

static void
teach(struct store *store, int64_t model_id)
{
    version_image_add(store, model_id,
        &(struct version_image){ .source_ref = "s3://b/2.png", .sha256 = "aa", .labels = LABELS });
    version_image_add(store, model_id,
        &(struct version_image){ .source_ref = "s3://b/1.png", .sha256 = "aa", .labels = LABELS });
    version_image_add(store, model_id,
        &(struct version_image){ .source_ref = "s3://b/3.png", .labels = "[]" });
    version_label_set(store, model_id, "cat", 0.25);
    version_label_set(store, model_id, "axe", 0.5);
}

static struct project_version
find(struct store *store, const char *arn)
{
    struct project_version version = { .id = 0 };

    assert_int_equal(project_version_find(store, arn, &version), RESULT_OK);
    return version;
}

static void
it_is_found_by_what_it_is_and_by_what_it_is_called(void **state)
{
    struct store *store = *state;
    struct version_image image;
    char arn[ARN_SIZE], other[ARN_SIZE];
    int64_t id, other_id;

    world_train(store, "v1", arn);
    world_train(store, "v2", other);
    step_begin(store, "test");
    id = find(store, arn).model_id;
    other_id = find(store, other).model_id;
    assert_int_equal(id, find(store, arn).id);
    teach(store, id);

    assert_true(version_image_of_digest(store, id, "aa", &image));
    assert_string_equal(image.source_ref, "s3://b/1.png");
    assert_true(version_image_of_source(store, id, "s3://b/3.png", &image));
    assert_null(image.sha256);
    assert_string_equal(image.labels, "[]");
    assert_false(version_image_of_digest(store, id, "bb", &image));
    assert_false(version_image_of_source(store, id, "s3://b/4.png", &image));
    assert_false(version_image_of_digest(store, other_id, "aa", &image));
    assert_true(version_label_threshold(store, id, "cat", -1) == 0.25);
    assert_true(version_label_threshold(store, id, "dog", -1) == -1);
    assert_true(version_label_threshold(store, other_id, "cat", -1) == -1);
    step_end(store, true);
}

static void
what_is_said_last_of_an_image_counts_but_its_digest_is_not_forgotten(void **state)
{
    struct store *store = *state;
    struct version_image image;
    char arn[ARN_SIZE];
    int64_t id;

    world_train(store, "v1", arn);
    step_begin(store, "test");
    id = find(store, arn).model_id;
    teach(store, id);
    version_image_add(store, id,
        &(struct version_image){ .source_ref = "s3://b/1.png", .labels = "[]" });
    assert_true(version_image_of_digest(store, id, "aa", &image));
    assert_string_equal(image.source_ref, "s3://b/1.png");
    assert_string_equal(image.labels, "[]");
    version_label_set(store, id, "cat", 0.75);
    assert_true(version_label_threshold(store, id, "cat", -1) == 0.75);
    step_end(store, true);
}

static void
all_of_it_is_listed_by_name(void **state)
{
    struct store *store = *state;
    struct version_image image;
    const char *after = "", *label = "";
    char arn[ARN_SIZE];
    double threshold;
    int64_t id;

    world_train(store, "v1", arn);
    step_begin(store, "test");
    id = find(store, arn).model_id;
    teach(store, id);
    for (int i = 1; i <= 3; i++) {
        assert_true(version_image_next(store, id, &after, &image));
        assert_string_equal(after, store_format(store, "s3://b/%d.png", i));
    }
    assert_false(version_image_next(store, id, &after, &image));
    assert_true(version_label_next(store, id, &label, &threshold));
    assert_string_equal(label, "axe");
    assert_true(version_label_next(store, id, &label, &threshold));
    assert_true(threshold == 0.25);
    assert_false(version_label_next(store, id, &label, &threshold));
    step_end(store, true);
}

static void
copy(struct store *store, const char *arn, char copied[ARN_SIZE])
{
    struct project_version source, version;

    step_begin(store, "test");
    source = version = find(store, arn);
    version.name = "copy";
    version.project_name = "p";
    assert_int_equal(project_version_copy(store, &source, &version), RESULT_OK);
    snprintf(copied, ARN_SIZE, "%s", version.arn);
    step_end(store, true);
}

/* What is known of many images is forgotten first, in pieces, by whoever finds the work. */
static void
forget(struct store *store, const struct project_version *version)
{
    struct work work;
    int pieces = 1;

    world_pass(store, HOUR_MS);
    assert_string_equal(world_status(store, version->arn), "DELETING");
    step_begin(store, "test");
    assert_true(work_next(store, 0, &work));
    assert_string_equal(work.task, TASK_FORGET);
    while (version_image_forget(store, version->model_id, 1))
        pieces++;
    assert_int_equal(pieces, 4);
    lifecycle_work_done(store, work.kind, work.arn, NULL);
    step_end(store, true);
}

/* Only the last that knows the images has work to do before it is gone. */
static void
remove_version(struct store *store, const char *arn, bool is_last)
{
    struct project_version version;
    char name[ARN_SIZE];
    struct work work;

    step_begin(store, "test");
    version = find(store, arn);
    assert_int_equal(project_version_delete(store, &version), RESULT_OK);
    assert_int_equal(work_next(store, 0, &work), is_last);
    step_end(store, true);
    snprintf(name, sizeof name, "%s", arn);
    version.arn = name;
    if (is_last)
        forget(store, &version);
    world_pass(store, HOUR_MS);
    step_begin(store, "test");
    assert_int_equal(project_version_find(store, arn, &version), RESULT_NOT_FOUND);
    step_end(store, true);
}

static bool
knows(struct store *store, int64_t model_id)
{
    struct version_image image;
    bool known;

    step_begin(store, "test");
    known = version_image_of_source(store, model_id, "s3://b/1.png", &image) &&
            version_label_threshold(store, model_id, "cat", -1) >= 0;
    step_end(store, true);
    return known;
}

static void
a_copy_knows_it_too_and_it_goes_with_the_last_that_does(void **state)
{
    struct store *store = *state;
    char arn[ARN_SIZE], copied[ARN_SIZE];
    int64_t id;

    world_train(store, "v1", arn);
    step_begin(store, "test");
    id = find(store, arn).model_id;
    teach(store, id);
    step_end(store, true);
    world_pass(store, HOUR_MS);
    copy(store, arn, copied);
    world_pass(store, HOUR_MS);
    step_begin(store, "test");
    assert_int_equal(find(store, copied).model_id, id);
    step_end(store, true);

    remove_version(store, arn, false);
    assert_true(knows(store, id));
    remove_version(store, copied, true);
    assert_false(knows(store, id));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
        TEST(it_is_found_by_what_it_is_and_by_what_it_is_called),
        TEST(what_is_said_last_of_an_image_counts_but_its_digest_is_not_forgotten),
        TEST(all_of_it_is_listed_by_name),
        TEST(a_copy_knows_it_too_and_it_goes_with_the_last_that_does),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
