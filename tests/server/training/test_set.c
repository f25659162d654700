/* The split of a training set: a fifth of each label, spread evenly, the same for the same name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/training/set.h"

static struct training_set *
open_set(uint64_t seed)
{
    const struct manifest_limits limits = { .line = 100000,
        .labels = 50,
        .boxes = 50,
        .label_length = 100,
        .side_least = 1,
        .side_most = 10000 };
    struct training_set *set = training_set_open(&limits, 10000, 100, seed);

    assert_non_null(set);
    return set;
}

static void
add(struct training_set *set, int image, const char *label)
{
    char line[512];
    int length = snprintf(line, sizeof line,
        "{\"source-ref\":\"s3://bucket/%d.jpg\",\"x\":1,\"x-metadata\":{\"confidence\":1,"
        "\"class-name\":\"%s\",\"human-annotated\":\"yes\",\"creation-date\":"
        "\"2021-07-11T03:33:42.025Z\",\"type\":\"groundtruth/image-classification\"}}",
        image, label);

    assert_true(training_set_add(set, PART_TRAINING, line, (size_t)length));
}

static void
split(struct training_set *set)
{
    set->is_split = true;
    training_set_filled(set);
    training_set_decide(set);
    for (size_t i = 0; i < set->sample_count; i++)
        training_set_assign(set, i);
}

static int64_t
images_of(struct training_set *set, const char *label, enum part part)
{
    return set->labels[training_set_label_named(set, label)].images[IMAGE_LEVEL_LABELS][part];
}

static void
a_fifth_of_each_label_and_one_at_least_goes_to_the_test(void **state)
{
    static const int wanted[][2] = { { 1, 0 }, { 2, 1 }, { 4, 1 }, { 7, 1 }, { 8, 2 }, { 10, 2 },
        { 100, 20 }, { 103, 21 } };

    (void)state;
    for (uint64_t seed = 0; seed < 7; seed++)
        for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
            struct training_set *set = open_set(seed);

            for (int image = 0; image < wanted[i][0]; image++)
                add(set, image, "cat");
            for (int image = 0; image < 50; image++)
                add(set, 1000 + image, "dog");
            split(set);
            assert_int_equal(images_of(set, "cat", PART_TESTING), wanted[i][1]);
            assert_int_equal(images_of(set, "cat", PART_TRAINING), wanted[i][0] - wanted[i][1]);
            assert_int_equal(images_of(set, "dog", PART_TESTING), 10);
            assert_int_equal(set->rows[PART_TESTING], wanted[i][1] + 10);
            assert_int_equal(set->rows[PART_TRAINING], wanted[i][0] + 40 - wanted[i][1]);
            training_set_close(set);
        }
}

/* One of any five that follow each other; which of them is the name's. */
static void
it_is_spread_evenly_by_the_seed(void **state)
{
    size_t firsts[2];

    (void)state;
    for (uint64_t seed = 3; seed < 5; seed++) {
        struct training_set *set = open_set(seed);
        size_t last = 0, count = 0;

        for (int image = 0; image < 50; image++)
            add(set, image, "cat");
        split(set);
        for (size_t i = 0; i < set->sample_count; i++) {
            if (set->samples[i].part != PART_TESTING)
                continue;
            if (count++ == 0)
                firsts[seed - 3] = i;
            else
                assert_int_equal(i - last, 5);
            last = i;
        }
        assert_int_equal(count, 10);
        training_set_close(set);
    }
    assert_int_not_equal(firsts[0], firsts[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fifth_of_each_label_and_one_at_least_goes_to_the_test),
        cmocka_unit_test(it_is_spread_evenly_by_the_seed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
