/* How much alike faces are: a function of who they are, and of nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../../server/scene/region.h"
#include "../../../server/scene/similarity.h"

#define PAIRS 5000

static struct identity
identity(const char *key, const char *image, int place)
{
    return (struct identity){ .key = key, .image = image, .place = place };
}

static void
test_the_same_face_of_the_same_image_is_100(void **state)
{
    struct identity ann = identity("person:ann", "a", 0);

    (void)state;
    assert_true(similarity(&ann, &ann, RESEMBLANCE_NONE) == 100);
    assert_true(similarity(&ann, &ann, 50) == 100);
}

static void
test_one_person_is_from_97_on_and_below_100(void **state)
{
    char image[32];

    (void)state;
    for (int i = 0; i < PAIRS; i++) {
        struct identity one = identity("person:ann", "a", 0);
        struct identity other = identity("person:ann", image, i % 3);
        double value;

        snprintf(image, sizeof image, "image %d", i);
        value = similarity(&one, &other, RESEMBLANCE_NONE);
        assert_true(value >= 97 && value <= 99.99f);
    }
}

static void
test_strangers_are_above_0_and_below_2_6(void **state)
{
    char key[32];

    (void)state;
    for (int i = 0; i < PAIRS; i++) {
        struct identity one = identity("person:ann", "a", 0), other = identity(key, "a", 1);
        double value;

        snprintf(key, sizeof key, "person:%d", i);
        value = similarity(&one, &other, RESEMBLANCE_NONE);
        assert_true(value > 0 && value < 2.6);
    }
}

static void
test_look_alikes_are_what_was_declared(void **state)
{
    struct identity ann = identity("person:ann", "a", 0), eve = identity("person:eve", "b", 0);

    (void)state;
    assert_true(similarity(&ann, &eve, 83.5) == 83.5);
    assert_true(similarity(&ann, &eve, 0) == 0);
    assert_true(similarity(&ann, &ann, 83.5) == 100);
}

static void
test_it_is_the_same_from_either_side(void **state)
{
    char key[32];

    (void)state;
    for (int i = 0; i < PAIRS; i++) {
        struct identity one = identity("person:7", "a", i % 2), other = identity(key, "b", i % 5);

        snprintf(key, sizeof key, "person:%d", i % 9);
        assert_true(similarity(&one, &other, RESEMBLANCE_NONE) ==
                    similarity(&other, &one, RESEMBLANCE_NONE));
    }
}

static void
test_two_pairs_are_told_apart(void **state)
{
    struct identity ann = identity("person:ann", "a", 0), twin = identity("person:ann", "a", 1);
    struct identity other = identity("person:ann", "b", 0);

    (void)state;
    assert_true(
        similarity(&ann, &other, RESEMBLANCE_NONE) != similarity(&twin, &other, RESEMBLANCE_NONE));
    assert_true(similarity(&ann, &twin, RESEMBLANCE_NONE) < 100);
}

static void
test_a_threshold_counts_with_32_bits(void **state)
{
    (void)state;
    assert_true(similarity_reaches((float)83.4, 83.4));
    assert_false(similarity_reaches(83.4, 83.5));
}

/* ---- regions ------------------------------------------------------------ */

static bool
has(const char *regions, double left, double top, double width, double height)
{
    cJSON *json = cJSON_Parse(regions);
    bool found =
        regions_are_places(json) && regions_have(json, &(struct box){ left, top, width, height });

    cJSON_Delete(json);
    return found;
}

static void
test_more_than_half_of_a_box_lies_in_a_region(void **state)
{
    static const char left[] =
        "[{\"BoundingBox\":{\"Left\":0,\"Top\":0,\"Width\":0.5,\"Height\":1}}]";
    static const char below[] =
        "[{\"Polygon\":[{\"X\":0,\"Y\":0},{\"X\":1,\"Y\":1},{\"X\":0,\"Y\":1}]}]";

    (void)state;
    assert_true(has("[]", 0, 0, 1, 1));
    assert_true(has(left, 0.1, 0.1, 0.3, 0.3));
    assert_true(has(left, 0.3, 0.1, 0.3, 0.3));
    assert_false(has(left, 0.4, 0.1, 0.2, 0.3));
    assert_false(has(left, 0.5, 0.1, 0.2, 0.3));
    assert_true(has(below, 0.1, 0.5, 0.2, 0.2));
    assert_false(has(below, 0.5, 0.1, 0.2, 0.2));
    assert_false(has(below, 0.4, 0.4, 0.2, 0.2));
    assert_false(has("[{\"Polygon\":[{\"X\":0,\"Y\":0},{\"X\":1,\"Y\":1}]}]", 0, 0, 1, 1));
    assert_false(has("[{}]", 0, 0, 1, 1));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_face_of_the_same_image_is_100),
        cmocka_unit_test(test_one_person_is_from_97_on_and_below_100),
        cmocka_unit_test(test_strangers_are_above_0_and_below_2_6),
        cmocka_unit_test(test_look_alikes_are_what_was_declared),
        cmocka_unit_test(test_it_is_the_same_from_either_side),
        cmocka_unit_test(test_two_pairs_are_told_apart),
        cmocka_unit_test(test_a_threshold_counts_with_32_bits),
        cmocka_unit_test(test_more_than_half_of_a_box_lies_in_a_region),
    };

    return cmocka_run_group_tests_name("similarity", tests, NULL, NULL);
}
