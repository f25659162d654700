#include "evaluation.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "../../state/base/array.h"
#include "../../state/base/hash.h"
#include "../../state/base/memory.h"

/* Cases looked at in one turn, and when the best of some is taken. */
#define CASES_AT_ONCE 512
#define ROUNDS_MOST 32

enum mistake { MISSES = 1, MISTAKES = 2 };

void
evaluation_begin(struct evaluation *e, size_t label_count, bool boxes, uint64_t seed)
{
    *e = (struct evaluation){ .boxes = boxes, .seed = seed, .label_count = label_count };
    e->labels = memory_new((label_count + 1) * sizeof *e->labels);
    e->tested = memory_new((label_count + 1) * sizeof *e->tested);
}

void
evaluation_end(struct evaluation *e)
{
    free(e->cases);
    free(e->labels);
    free(e->tested);
    *e = (struct evaluation){ 0 };
}

/* ---- chance that is always the same ------------------------------------- */

/* From 0 on, below 1, in thousandths of thousandths: short in print. */
static double
chance(const struct evaluation *e, uint64_t stream, uint64_t n)
{
    return (double)(hash_mix(e->seed ^ hash_draw(n, stream)) % 1000000) / 1e6;
}

static double
threshold(const struct evaluation *e, uint16_t label)
{
    return 0.3 + 0.4 * chance(e, 1, label);
}

double
evaluation_confidence(const struct evaluation *e, size_t at, bool mistaken)
{
    const struct evaluation_case *one = &e->cases[at];
    uint16_t label = mistaken ? one->mistaken : one->label;
    double least = e->labels[label].threshold, middle = least + (1 - least) / 2;
    double some = chance(e, mistaken ? 2 : 3, at);

    /* Right predictions are surer than wrong ones: the average precision is the recall. */
    if (mistaken)
        return least + (middle - least) * some;
    return one->missed ? least * some : middle + (1 - middle) * some;
}

/* ---- counting ----------------------------------------------------------- */

static bool
begins_label(const struct evaluation *e, size_t at)
{
    for (size_t i = at; i-- > 0 && e->cases[i].image == e->cases[at].image;)
        if (e->cases[i].label == e->cases[at].label)
            return false;
    return true;
}

void
evaluation_add(struct evaluation *e, uint32_t image, uint16_t label)
{
    struct evaluation_label *l = &e->labels[label];

    e->cases = array_room(e->cases, e->case_count, &e->case_capacity, sizeof *e->cases);
    e->cases[e->case_count] =
        (struct evaluation_case){ .image = image, .label = label, .mistaken = EVALUATION_NONE };
    if (l->true_positives++ == 0)
        e->tested[e->tested_count++] = label;
    l->images += begins_label(e, e->case_count);
    e->case_count++;
}

static double
f1_of(const struct evaluation_label *l)
{
    int64_t all = 2 * l->true_positives + l->false_positives + l->false_negatives;

    return all == 0 ? 0 : 2 * (double)l->true_positives / (double)all;
}

static void
count_one(struct evaluation *e, uint16_t label, int found, int mistaken)
{
    struct evaluation_label *l = &e->labels[label];

    e->sum -= f1_of(l);
    l->true_positives += found;
    l->false_negatives -= found;
    l->false_positives += mistaken;
    e->sum += f1_of(l);
}

/* Makes the mistake, or with -1 takes it back. */
static void
count(struct evaluation *e, const struct evaluation_case *one, enum mistake mistake, uint16_t other,
    int sign)
{
    if (mistake & MISSES)
        count_one(e, one->label, -sign, 0);
    if (mistake & MISTAKES)
        count_one(e, other, 0, sign);
}

/* ---- simulating --------------------------------------------------------- */

/* Whether the image has the label, or something on it was taken for it. */
static bool
image_has(const struct evaluation *e, size_t at, uint16_t label)
{
    uint32_t image = e->cases[at].image;

    while (at > 0 && e->cases[at - 1].image == image)
        at--;
    for (; at < e->case_count && e->cases[at].image == image; at++)
        if (e->cases[at].label == label || e->cases[at].mistaken == label)
            return true;
    return false;
}

/* A label that the case could be taken for; EVALUATION_NONE when there is none. */
static uint16_t
another(const struct evaluation *e, size_t at)
{
    uint64_t from = hash_mix(e->seed + at);

    if (e->boxes && e->tested_count == 1)
        return e->cases[at].label; /* a box of it elsewhere */
    for (size_t i = 0; i < e->tested_count; i++) {
        uint16_t label = e->tested[(from + i) % e->tested_count];

        if (label != e->cases[at].label && (e->boxes || !image_has(e, at, label)))
            return label;
    }
    return EVALUATION_NONE;
}

/* How far the score would be from the wanted one. */
static double
distance_with(struct evaluation *e, size_t at, enum mistake mistake, uint16_t other, double wanted)
{
    double sum = e->sum, distance;

    count(e, &e->cases[at], mistake, other, 1);
    distance = fabs(e->sum / (double)e->tested_count - wanted);
    count(e, &e->cases[at], mistake, other, -1);
    e->sum = sum;
    return distance;
}

static void
make(struct evaluation *e, size_t at, enum mistake mistake, uint16_t other)
{
    struct evaluation_case *one = &e->cases[at];

    count(e, one, mistake, other, 1);
    one->missed = (mistake & MISSES) != 0;
    one->mistaken = mistake & MISTAKES ? other : EVALUATION_NONE;
}

/* A number that has no divisor in common with n: n steps of it visit all. */
static size_t
stride_over(size_t n)
{
    for (size_t stride = (size_t)((double)n * 0.6180339887) | 1;; stride++) {
        size_t a = n, b = stride, rest;

        for (; b != 0; a = b, b = rest)
            rest = a % b;
        if (a == 1)
            return stride;
    }
}

static size_t
next_case(struct evaluation *e)
{
    size_t start;

    assert(e->case_count > 0);
    start = (size_t)(e->seed % e->case_count);
    return (start + e->next++ % e->case_count * (e->stride % e->case_count)) % e->case_count;
}

static double
distance_now(const struct evaluation *e, double wanted)
{
    return fabs(e->sum / (double)e->tested_count - wanted);
}

static bool
is_near(const struct evaluation *e, double wanted)
{
    return distance_now(e, wanted) < 1e-12;
}

/* One thing taken for another, as long as that brings the score nearer; once over all. */
static void
go_coarse(struct evaluation *e, double wanted)
{
    for (int i = 0; i < CASES_AT_ONCE && e->next < e->case_count; i++) {
        size_t at = next_case(e);
        uint16_t other = another(e, at);

        if (is_near(e, wanted))
            break;
        if (other != EVALUATION_NONE &&
            distance_with(e, at, MISSES | MISTAKES, other, wanted) < distance_now(e, wanted))
            make(e, at, MISSES | MISTAKES, other);
    }
    if (e->next >= e->case_count || is_near(e, wanted)) {
        e->phase = EVALUATION_FINE;
        e->next = 0;
    }
}

/* The best of smaller mistakes of some cases. */
static void
go_fine(struct evaluation *e, double wanted)
{
    static const enum mistake mistakes[] = { MISSES, MISTAKES, MISSES | MISTAKES };
    double best = distance_now(e, wanted);
    size_t best_at = 0;
    enum mistake best_mistake = 0;

    for (int i = 0; i < CASES_AT_ONCE && (size_t)i < e->case_count; i++) {
        size_t at = next_case(e);
        uint16_t other = another(e, at);

        if (e->cases[at].missed || e->cases[at].mistaken != EVALUATION_NONE)
            continue;
        for (size_t k = 0; k < COUNT(mistakes); k++) {
            double distance;

            if (other == EVALUATION_NONE && mistakes[k] != MISSES)
                continue;
            distance = distance_with(e, at, mistakes[k], other, wanted);
            if (distance < best - 1e-12) {
                best = distance;
                best_at = at;
                best_mistake = mistakes[k];
            }
        }
    }
    if (best_mistake != 0)
        make(e, best_at, best_mistake, another(e, best_at));
    if (best_mistake == 0 || ++e->rounds == ROUNDS_MOST)
        e->phase = EVALUATION_DONE;
}

static double
part(int64_t some, int64_t others)
{
    return some + others == 0 ? 0 : (double)some / (double)(some + others);
}

static void
conclude(struct evaluation *e)
{
    e->precision = e->recall = e->f1 = 0;
    for (size_t i = 0; i < e->tested_count; i++) {
        struct evaluation_label *l = &e->labels[e->tested[i]];

        l->precision = part(l->true_positives, l->false_positives);
        l->recall = part(l->true_positives, l->false_negatives);
        l->f1 = f1_of(l);
        e->precision += l->precision;
        e->recall += l->recall;
        e->f1 += l->f1;
    }
    if (e->tested_count > 0) {
        e->precision /= (double)e->tested_count;
        e->recall /= (double)e->tested_count;
        e->f1 /= (double)e->tested_count;
    }
}

bool
evaluation_go_on(struct evaluation *e, double wanted)
{
    if (e->stride == 0) {
        for (size_t i = 0; i < e->label_count; i++)
            e->labels[i].threshold = threshold(e, (uint16_t)i);
        e->stride = stride_over(e->case_count == 0 ? 1 : e->case_count);
        e->sum = (double)e->tested_count;
        if (e->case_count == 0)
            e->phase = EVALUATION_DONE;
    }
    if (e->phase == EVALUATION_COARSE)
        go_coarse(e, wanted);
    else if (e->phase == EVALUATION_FINE)
        go_fine(e, wanted);
    if (e->phase == EVALUATION_DONE)
        conclude(e);
    return e->phase == EVALUATION_DONE;
}

/* ---- the confusion matrix ----------------------------------------------- */

static int
compare(const void *one, const void *other)
{
    const struct confusion *a = one, *b = other;

    if (a->label != b->label)
        return a->label < b->label ? -1 : 1;
    return (a->predicted > b->predicted) - (a->predicted < b->predicted);
}

struct confusion *
evaluation_confusion(const struct evaluation *e, size_t *count)
{
    struct confusion *list = NULL;
    size_t room = e->tested_count, kept = 0;

    for (size_t i = 0; i < e->case_count; i++)
        room += e->cases[i].mistaken != EVALUATION_NONE;
    list = memory_resize(list, (room + 1) * sizeof *list);
    for (size_t i = 0; i < e->tested_count; i++)
        list[kept++] = (struct confusion){ e->tested[i], e->tested[i],
            e->labels[e->tested[i]].true_positives, 0 };
    for (size_t i = 0; i < e->case_count; i++)
        if (e->cases[i].mistaken != EVALUATION_NONE)
            list[kept++] = (struct confusion){ e->cases[i].label, e->cases[i].mistaken, 1, 0 };
    qsort(list, kept, sizeof *list, compare);
    *count = 0;
    for (size_t i = 0; i < kept; i++) {
        if (*count > 0 && compare(&list[*count - 1], &list[i]) == 0)
            list[*count - 1].images += list[i].images;
        else
            list[(*count)++] = list[i];
    }
    for (size_t i = 0; i < *count; i++)
        list[i].value = (double)list[i].images / (double)e->labels[list[i].label].images;
    return list;
}
