/* What DetectCustomLabels finds in images that its version was trained with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* call.h has one, too */

#include "../../../server/call/handlers.h"
#include "../../../server/call/call.h"
#include "../../../server/call/gather.h"
#include "../../../server/model/model.h"
#include "../../../state/base/digest.h"
#include "../../../state/resource/project_version.h"
#include "../../../state/step.h"
#include "../../../server/call/operation.h"
#include "../../../state/store.h"
#include "../../../state/resource/version_image.h"
#include "../../support/world.h"

/* 64 x 64 pixels. */
#define PNG                                                                                        \
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQAAAACCEkxzAAAAEklEQVR42mMIhQKGUcYog3QGAE1xqgEfgS6gAAAAAElF" \
    "TkSu"                                                                                         \
    "QmCC"
#define BYTES "{\"Bytes\":\"" PNG "\"}"
#define OBJECT(name) "{\"S3Object\":{\"Bucket\":\"images\",\"Name\":\"" name "\"}}"

struct fixture {
    struct store *store;
    char arn[ARN_SIZE];
    unsigned char png[sizeof PNG];
    size_t length;
    char digest[SHA256_HEX_SIZE];
};

static void
teach(struct fixture *world, const char *name, const char *sha256, const char *labels)
{
    struct project_version version;

    step_begin(world->store, "test");
    assert_int_equal(project_version_find(world->store, world->arn, &version), RESULT_OK);
    version_image_add(world->store, version.model_id,
        &(struct version_image){ .source_ref = name, .sha256 = sha256, .labels = labels });
    assert_true(step_end(world->store, true));
}

static void
set_threshold(struct fixture *world, const char *label, double threshold)
{
    struct project_version version;

    step_begin(world->store, "test");
    assert_int_equal(project_version_find(world->store, world->arn, &version), RESULT_OK);
    version_label_set(world->store, version.model_id, label, threshold);
    assert_true(step_end(world->store, true));
}

static int
open_world(void **state)
{
    struct fixture *world = calloc(1, sizeof *world);

    assert_non_null(world);
    world->store = world_open(":memory:");
    world_train(world->store, "v1", world->arn);
    world_pass(world->store, HOUR_MS);
    world_start(world->store, world->arn, 1, 0);
    world_pass(world->store, HOUR_MS);
    assert_true(base64_decode(PNG, strlen(PNG), world->png, &world->length));
    sha256_hex(world->png, world->length, world->digest);
    *state = world;
    return 0;
}

static int
close_world(void **state)
{
    struct fixture *world = *state;

    store_close(world->store);
    free(world);
    return 0;
}

#define UNKNOWN                                                                         \
    "UNKNOWN_IMAGE: neither scripted nor trained with: unknown.labels (a setting) and " \
    "/_local/detections have something found"

/*
 * What is answered for the image, "name confidence [box]; …", and why: "RULE: …". `seen` are the
 * bytes of its S3 object, when S3 is on.
 */
static const char *
see(struct fixture *world, const char *image, const char *more, struct gathered *seen)
{
    static char text[1024];
    struct call call = { .store = world->store,
        .operation = operation_find("DetectCustomLabels"),
        .model = MODEL(DetectCustomLabels),
        .gathered = seen };
    struct project_version version;
    size_t used = 0;
    char input[1024];
    cJSON *label, *output;

    snprintf(input, sizeof input, "{\"Image\":%s%s%s}", image, *more == '\0' ? "" : ",", more);
    call.input = cJSON_Parse(input);
    assert_non_null(call.input);
    step_begin(world->store, "test");
    assert_int_equal(project_version_find(world->store, world->arn, &version), RESULT_OK);
    call.fetched = &version;
    if (seen != NULL)
        seen->named = cJSON_GetObjectItem(cJSON_GetObjectItem(call.input, "Image"), "S3Object");
    call.output = written_object(&call.answer);
    assert_true(detect_custom_labels(&call));
    output = cJSON_Parse(written_end(&call.answer));
    assert_non_null(output);
    cJSON_ArrayForEach(label, cJSON_GetObjectItem(output, "CustomLabels"))
    {
        char *box = cJSON_PrintUnformatted(cJSON_GetObjectItem(label, "Geometry"));

        used += (size_t)snprintf(text + used, sizeof text - used, "%s %.1f%s%s; ",
            cJSON_GetObjectItem(label, "Name")->valuestring,
            cJSON_GetObjectItem(label, "Confidence")->valuedouble, box == NULL ? "" : " ",
            box == NULL ? "" : box);
        cJSON_free(box);
    }
    snprintf(text + used, sizeof text - used, "%s: %s", call.rule, call.found);
    assert_true(step_end(world->store, true));
    cJSON_Delete(call.input);
    cJSON_Delete(output);
    free(call.answer.text.bytes);
    return text;
}

static void
an_image_is_known_by_its_bytes_and_by_its_name(void **state)
{
    struct fixture *world = *state;

    assert_string_equal(see(world, BYTES, "", NULL), UNKNOWN);
    teach(world, "s3://images/cat.png", world->digest, "[{\"name\":\"cat\",\"confidence\":1}]");
    teach(world, "s3://images/dog.png", NULL, "[{\"name\":\"dog\",\"confidence\":0.5}]");
    assert_string_equal(see(world, BYTES, "", NULL),
        "cat 100.0; GROUND_TRUTH: trained with s3://images/cat.png");
    assert_string_equal(see(world, OBJECT("cat.png"), "", NULL),
        "cat 100.0; GROUND_TRUTH: trained with s3://images/cat.png");
    assert_string_equal(see(world, OBJECT("dog.png"), "", NULL),
        "dog 50.0; GROUND_TRUTH: trained with s3://images/dog.png");
    assert_string_equal(see(world, OBJECT("emu.png"), "", NULL), UNKNOWN);
}

static void
bytes_that_are_seen_say_more_than_a_name(void **state)
{
    struct fixture *world = *state;
    struct gathered seen = { .result = S3_OK,
        .bytes = (char *)world->png,
        .size = (int64_t)world->length };
    char other[SHA256_HEX_SIZE];

    sha256_hex("other", 5, other);
    teach(world, "s3://images/cat.png", world->digest, "[{\"name\":\"cat\",\"confidence\":1}]");
    teach(world, "s3://images/dog.png", other, "[{\"name\":\"dog\",\"confidence\":1}]");
    teach(world, "s3://images/emu.png", NULL, "[{\"name\":\"emu\",\"confidence\":1}]");
    assert_string_equal(see(world, OBJECT("copy.png"), "", &seen),
        "cat 100.0; GROUND_TRUTH: trained with s3://images/cat.png");
    assert_string_equal(see(world, OBJECT("dog.png"), "", &seen),
        "cat 100.0; GROUND_TRUTH: trained with s3://images/cat.png");
    teach(world, "s3://images/cat.png", other, "[{\"name\":\"cat\",\"confidence\":1}]");
    assert_string_equal(see(world, OBJECT("dog.png"), "", &seen), UNKNOWN);
    assert_string_equal(see(world, OBJECT("emu.png"), "", &seen),
        "emu 100.0; GROUND_TRUTH: trained with s3://images/emu.png");
}

static void
assumed_thresholds_count_until_the_caller_says_another(void **state)
{
    struct fixture *world = *state;

    teach(world, "s3://images/zoo.png", NULL,
        "[{\"name\":\"ape\",\"confidence\":0.5},{\"name\":\"bee\",\"confidence\":0.25},"
        "{\"name\":\"cow\",\"confidence\":0.125}]");
    set_threshold(world, "ape", 0.5);
    set_threshold(world, "bee", 0.375);
    assert_string_equal(see(world, OBJECT("zoo.png"), "", NULL),
        "ape 50.0; cow 12.5; GROUND_TRUTH: trained with s3://images/zoo.png");
    assert_string_equal(see(world, OBJECT("zoo.png"), "\"MinConfidence\":0", NULL),
        "ape 50.0; bee 25.0; cow 12.5; GROUND_TRUTH: trained with s3://images/zoo.png");
    assert_string_equal(see(world, OBJECT("zoo.png"), "\"MinConfidence\":20,\"MaxResults\":1",
                            NULL),
        "ape 50.0; GROUND_TRUTH: trained with s3://images/zoo.png");
}

static void
a_box_is_answered_as_it_was_drawn(void **state)
{
    struct fixture *world = *state;

    teach(world, "s3://images/zoo.png", NULL,
        "[{\"name\":\"ape\",\"confidence\":1,"
        "\"boundingBox\":{\"left\":0.25,\"top\":0.5,\"width\":0.125,\"height\":0.0625}}]");
    assert_string_equal(see(world, OBJECT("zoo.png"), "", NULL),
        "ape 100.0 "
        "{\"BoundingBox\":{\"Width\":0.125,\"Height\":0.0625,\"Left\":0.25,\"Top\":0.5}}; "
        "GROUND_TRUTH: trained with s3://images/zoo.png");
}

/* What is assumed of an image, without the reason. */
static const char *
assume(struct fixture *world, const char *image)
{
    static char text[1024];
    char *end;

    snprintf(text, sizeof text, "%s", see(world, image, "", NULL));
    end = strstr(text, "; ASSUMED: ");

    assert_non_null(end);
    *end = '\0';
    return text;
}

static void
an_image_that_is_not_known_shows_a_label_of_the_model_when_that_is_wanted(void **state)
{
    struct fixture *world = *state;
    bool seen[3] = { false };
    char first[1024], name[32];

    step_begin(world->store, "test");
    setting_set(world->store, SETTING_UNKNOWN_LABELS, UNKNOWN_LABELS_LABEL);
    step_end(world->store, true);
    assert_true(strncmp(assume(world, BYTES), "p ", 2) == 0);
    teach(world, "s3://images/zoo.png", NULL, "[{\"name\":\"ape\",\"confidence\":1}]");
    set_threshold(world, "ape", 0.9);
    set_threshold(world, "bee", 0.9);
    set_threshold(world, "cow", 0.9);
    snprintf(first, sizeof first, "%s", assume(world, BYTES));
    assert_string_equal(assume(world, BYTES), first);
    for (int i = 0; i < 100; i++) {
        char image[128];
        const char *label;

        snprintf(image, sizeof image, OBJECT("%d.png"), i);
        label = assume(world, image);
        assert_int_equal(sscanf(label, "%31s", name), 1);
        assert_true(strtod(label + strlen(name), NULL) > 90);
        seen[*name == 'a' ? 0 : *name == 'b' ? 1 : 2] = true;
        assert_null(strstr(label, "BoundingBox"));
    }
    assert_true(seen[0] && seen[1] && seen[2]);
    assert_string_equal(see(world, OBJECT("zoo.png"), "", NULL),
        "ape 100.0; GROUND_TRUTH: trained with s3://images/zoo.png");
    assert_true(
        strncmp(see(world, OBJECT("1.png"), "\"MinConfidence\":100", NULL), "ASSUMED", 7) == 0);
}

static void
what_is_assumed_by_a_model_of_boxes_has_one(void **state)
{
    struct fixture *world = *state;

    step_begin(world->store, "test");
    setting_set(world->store, SETTING_UNKNOWN_LABELS, UNKNOWN_LABELS_LABEL);
    step_end(world->store, true);
    teach(world, "s3://images/zoo.png", NULL,
        "[{\"name\":\"ape\",\"confidence\":1,"
        "\"boundingBox\":{\"left\":0.25,\"top\":0.5,\"width\":0.125,\"height\":0.0625}}]");
    for (int i = 0; i < 100; i++) {
        double left, top, width, height;
        char image[128];
        const char *box;

        snprintf(image, sizeof image, OBJECT("%d.png"), i);
        box = strstr(assume(world, image), "{\"BoundingBox\"");
        assert_non_null(box);
        assert_int_equal(
            sscanf(box, "{\"BoundingBox\":{\"Width\":%lf,\"Height\":%lf,\"Left\":%lf,\"Top\":%lf}}",
                &width, &height, &left, &top),
            4);
        assert_true(width > 0 && height > 0 && left >= 0 && top >= 0);
        assert_true(left + width <= 1 && top + height <= 1);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
        TEST(an_image_is_known_by_its_bytes_and_by_its_name),
        TEST(bytes_that_are_seen_say_more_than_a_name),
        TEST(assumed_thresholds_count_until_the_caller_says_another),
        TEST(a_box_is_answered_as_it_was_drawn),
        TEST(an_image_that_is_not_known_shows_a_label_of_the_model_when_that_is_wanted),
        TEST(what_is_assumed_by_a_model_of_boxes_has_one),
#undef TEST
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
