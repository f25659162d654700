/* Simulated evaluations: how near they come to the wanted score, and that their figures agree. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/training/evaluation.h"

#include "../../../state/base/array.h"

/* `images` test images, each with `per_image` labels, taken in turn. */
static void
evaluate(struct evaluation *e, size_t labels, uint32_t images, size_t per_image, bool boxes,
    double wanted)
{
    evaluation_begin(e, labels, boxes, 7);
    for (uint32_t i = 0; i < images; i++)
        for (size_t k = 0; k < per_image; k++)
            evaluation_add(e, i, (uint16_t)((i + k) % labels));
    while (!evaluation_go_on(e, wanted))
        ;
}

/* Counts everything again, from the cases alone. */
static void
check_figures(const struct evaluation *e)
{
    double f1 = 0, precision = 0, recall = 0;

    for (uint16_t label = 0; label < e->label_count; label++) {
        const struct evaluation_label *l = &e->labels[label];
        int64_t found = 0, missed = 0, mistaken = 0;

        for (size_t i = 0; i < e->case_count; i++) {
            found += e->cases[i].label == label && !e->cases[i].missed;
            missed += e->cases[i].label == label && e->cases[i].missed;
            mistaken += e->cases[i].mistaken == label;
        }
        assert_int_equal(l->true_positives, found);
        assert_int_equal(l->false_negatives, missed);
        assert_int_equal(l->false_positives, mistaken);
        if (found > 0)
            assert_true(
                fabs(l->f1 - 2 * l->precision * l->recall / (l->precision + l->recall)) < 1e-12);
        f1 += l->f1;
        precision += l->precision;
        recall += l->recall;
    }
    assert_true(fabs(e->f1 - f1 / (double)e->tested_count) < 1e-9);
    assert_true(fabs(e->precision - precision / (double)e->tested_count) < 1e-9);
    assert_true(fabs(e->recall - recall / (double)e->tested_count) < 1e-9);
}

static void
many_images_come_to_the_wanted_score(void **state)
{
    static const double wanted[] = { 0, 0.1, 0.5, 0.85, 0.95, 0.99, 1 };

    (void)state;
    for (size_t i = 0; i < COUNT(wanted); i++) {
        for (size_t labels = 2; labels < 8; labels++) {
            struct evaluation e;

            evaluate(&e, labels, 800, 1, false, wanted[i]);
            assert_true(fabs(e.f1 - wanted[i]) < 0.002);
            check_figures(&e);
            evaluation_end(&e);
            evaluate(&e, labels - 1, 400, 2, true, wanted[i]);
            assert_true(fabs(e.f1 - wanted[i]) < 0.002);
            check_figures(&e);
            evaluation_end(&e);
        }
    }
}

static void
few_images_come_as_near_as_one_mistake_is(void **state)
{
    struct evaluation e;

    (void)state;
    evaluate(&e, 2, 2, 1, false, 0.95);
    assert_true(fabs(e.f1 - 1) < 1e-12); /* the next would be 5/6 */
    evaluation_end(&e);
    evaluate(&e, 2, 10, 1, false, 0.95);
    assert_true(fabs(e.f1 - 0.95) < 0.005);
    check_figures(&e);
    evaluation_end(&e);
    evaluate(&e, 3, 0, 1, false, 0.95);
    assert_true(e.f1 == 0 && e.tested_count == 0);
    evaluation_end(&e);
}

static void
no_image_is_taken_for_what_it_has_too(void **state)
{
    struct evaluation e;

    (void)state;
    evaluate(&e, 4, 300, 3, false, 0.4);
    check_figures(&e);
    for (size_t i = 0; i < e.case_count; i++)
        for (size_t k = 0; k < e.case_count; k++)
            if (e.cases[i].image == e.cases[k].image) {
                assert_int_not_equal(e.cases[i].mistaken, e.cases[k].label);
                if (i != k && e.cases[i].mistaken != EVALUATION_NONE)
                    assert_int_not_equal(e.cases[i].mistaken, e.cases[k].mistaken);
            }
    evaluation_end(&e);
}

static void
the_matrix_agrees_with_precision_and_recall(void **state)
{
    struct evaluation e;
    size_t count;
    struct confusion *matrix;

    (void)state;
    evaluate(&e, 5, 333, 1, false, 0.8);
    matrix = evaluation_confusion(&e, &count);
    for (uint16_t label = 0; label < 5; label++) {
        double mistaken = 0;

        for (size_t i = 0; i < count; i++) {
            if (matrix[i].label == label && matrix[i].predicted == label)
                assert_true(fabs(matrix[i].value - e.labels[label].recall) < 1e-12);
            else if (matrix[i].predicted == label)
                mistaken += matrix[i].value * (double)e.labels[matrix[i].label].images;
        }
        assert_int_equal(lround(mistaken), e.labels[label].false_positives);
    }
    free(matrix);
    evaluation_end(&e);
}

static void
confidences_are_on_the_right_side_of_the_threshold(void **state)
{
    struct evaluation e;

    (void)state;
    evaluate(&e, 3, 500, 1, true, 0.6);
    for (size_t i = 0; i < e.case_count; i++) {
        const struct evaluation_case *one = &e.cases[i];
        double sure = evaluation_confidence(&e, i, false);

        assert_true(sure >= 0 && sure <= 1);
        assert_true((sure >= e.labels[one->label].threshold) == !one->missed);
        if (one->mistaken != EVALUATION_NONE)
            assert_true(evaluation_confidence(&e, i, true) >= e.labels[one->mistaken].threshold);
    }
    evaluation_end(&e);
}

static void
the_same_seed_makes_the_same_mistakes(void **state)
{
    struct evaluation a, b;

    (void)state;
    evaluate(&a, 3, 100, 1, false, 0.7);
    evaluate(&b, 3, 100, 1, false, 0.7);
    for (size_t i = 0; i < a.case_count; i++) {
        assert_int_equal(a.cases[i].missed, b.cases[i].missed);
        assert_int_equal(a.cases[i].mistaken, b.cases[i].mistaken);
    }
    evaluation_end(&a);
    evaluation_end(&b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_images_come_to_the_wanted_score),
        cmocka_unit_test(few_images_come_as_near_as_one_mistake_is),
        cmocka_unit_test(no_image_is_taken_for_what_it_has_too),
        cmocka_unit_test(the_matrix_agrees_with_precision_and_recall),
        cmocka_unit_test(confidences_are_on_the_right_side_of_the_threshold),
        cmocka_unit_test(the_same_seed_makes_the_same_mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
