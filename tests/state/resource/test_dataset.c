/* Entries of datasets: whatever is done to them, figures and labels are those of the entries. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/base/array.h"
#include "../../../state/resource/dataset.h"
#include "../../../state/resource/dataset_distribute.h"
#include "../../../state/resource/dataset_entry.h"
#include "../../../state/page.h"
#include "../../../state/resource/project.h"
#include "../../../state/step.h"
#include "../../../state/store.h"
#include "../../support/world.h"

#define IMAGES 40
#define LABELS 4

static struct store *store;
static int64_t train, test;

static int64_t
make(struct project *project, const char *type)
{
    struct dataset dataset = { .project_id = project->id,
        .project_name = project->name,
        .scope = project->scope,
        .type = type };

    assert_int_equal(dataset_create(store, &dataset, NULL, NULL), RESULT_OK);
    assert_int_equal(dataset_find(store, dataset.arn, &dataset), RESULT_OK);
    return dataset.id;
}

static int
open_world(void **state)
{
    struct project project = { .scope = { "123456789012", "us-east-1" },
        .name = "p",
        .feature = "CUSTOM_LABELS",
        .auto_update = "DISABLED" };

    (void)state;
    store = world_open(":memory:");
    step_begin(store, "test");
    project_create(store, &project);
    project_find(store, project.arn, &project);
    train = make(&project, "TRAIN");
    test = make(&project, "TEST");
    step_end(store, true);
    return 0;
}

static int
close_world(void **state)
{
    (void)state;
    store_close(store);
    return 0;
}

/* Repeats on every run. */
static unsigned
draw(unsigned below)
{
    static unsigned state = 1;

    state = state * 1103515245 + 12345;
    return (state >> 16) % below;
}

/* An image with some of the labels, each with a box or none. */
static struct dataset_entry
entry_of(unsigned image)
{
    char labels[128] = "{", name[32];

    for (unsigned i = 0; i < LABELS; i++) {
        if (draw(3) != 0)
            continue;
        snprintf(name, sizeof name, "%s\"l%u\":%u", labels[1] == '\0' ? "" : ",", i, draw(3));
        strcat(labels, name);
    }
    strcat(labels, "}");
    return (struct dataset_entry){ .source_ref = store_format(store, "s3://b/%u", image),
        .line = store_format(store, "{\"%u\":%u}", image, draw(1000)),
        .is_labeled = labels[1] != '}',
        .has_errors = draw(4) == 0,
        .labels = store_format(store, "%s", labels) };
}

/* Everything about a dataset, as text. */
static const char *
told(int64_t dataset_id)
{
    const struct dataset_filter any = { .labeled = -1, .has_errors = -1 };
    struct page page = { .first = true, .size = 1000 };
    size_t count;
    struct dataset_entry *entries = dataset_entry_list(store, dataset_id, &any, &page, &count);
    char *text = store_alloc(store, 100000);
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        used += (size_t)sprintf(text + used, "%s %d\n", entries[i].line, entries[i].is_labeled);
    struct dataset_label *labels = dataset_label_list(store, dataset_id, &page, &count);
    int64_t sums[LABELS][2] = { { 0 } }, entry_count, label_count;

    for (size_t i = 0; i < count; i++) {
        int label = labels[i].name[1] - '0';

        assert_true(labels[i].entries > 0);
        sums[label][0] = labels[i].entries;
        sums[label][1] = labels[i].boxes;
    }
    for (int i = 0; i < LABELS; i++)
        used += (size_t)sprintf(text + used, "l%d %d %d\n", i, (int)sums[i][0], (int)sums[i][1]);
    dataset_figures(store, dataset_id, &entry_count, &label_count);
    assert_int_equal(label_count, count);
    sprintf(text + used, "%d\n", (int)entry_count);
    return text;
}

/* The labels of the entries that are found by them are those that the list of labels counts. */
static void
check_labels(int64_t dataset_id)
{
    struct page page = { .first = true, .size = 1000 };
    size_t label_count, count;
    struct dataset_label *labels = dataset_label_list(store, dataset_id, &page, &label_count);

    for (size_t i = 0; i < label_count; i++) {
        const struct dataset_filter filter = { .labels =
                                                   store_format(store, "[\"%s\"]", labels[i].name),
            .labeled = -1,
            .has_errors = -1 };

        dataset_entry_list(store, dataset_id, &filter, &page, &count);
        assert_int_equal(count, labels[i].entries);
    }
}

static void
put_some(int64_t step, unsigned count)
{
    struct dataset_entry entry;

    while (dataset_steps_settle(store, train, step, 1 + (int)draw(20)))
        ;
    while (count-- > 0) {
        entry = entry_of(draw(IMAGES));
        dataset_entry_put(store, train, step, &entry);
    }
}

static void
undo(int64_t step)
{
    while (dataset_step_undo(store, train, step, 1 + (int)draw(20)))
        ;
}

static void
a_step_that_is_undone_leaves_everything_as_it_was(void **state)
{
    int64_t step = 1;

    (void)state;
    step_begin(store, "test");
    for (int turn = 0; turn < 50; turn++) {
        const char *before = told(train);

        put_some(++step, draw(60));
        check_labels(train);
        undo(step);
        assert_string_equal(told(train), before);
        put_some(step, draw(10)); /* and that is kept, whatever the next step does */
        before = told(train);
        put_some(++step, draw(10));
        undo(step);
        assert_string_equal(told(train), before);
    }
    step_end(store, true);
}

static void
an_image_is_once_in_a_step(void **state)
{
    struct dataset_entry first, second;

    (void)state;
    step_begin(store, "test");
    first = entry_of(1);
    second = entry_of(1);
    assert_true(dataset_entry_put(store, train, 2, &first));
    assert_false(dataset_entry_put(store, train, 2, &second));
    assert_false(dataset_entry_add(store, train, &second));
    assert_true(dataset_entry_put(store, train, 3, &second));
    step_end(store, true);
}

static void
what_is_moved_dropped_or_copied_takes_its_labels_along(void **state)
{
    int64_t after = 0, entries, labels;
    const char *before;

    (void)state;
    step_begin(store, "test");
    put_some(2, 100);
    while (dataset_steps_settle(store, train, 3, 7))
        ;
    before = told(train);
    while (dataset_entries_move(store, train, test, 7))
        ;
    assert_string_equal(told(test), before);
    check_labels(test);
    dataset_figures(store, train, &entries, &labels);
    assert_true(entries == 0 && labels == 0);
    while (dataset_entries_copy(store, test, train, &after, 7))
        ;
    assert_string_equal(told(train), before);
    while (dataset_entries_drop(store, test, 7))
        ;
    dataset_figures(store, test, &entries, &labels);
    assert_true(entries == 0 && labels == 0);
    assert_string_equal(told(train), before);
    step_end(store, true);
}

static enum distributed
distribute(uint64_t seed, int limit)
{
    struct distribution *d = distribution_begin(train, test, seed);
    enum distributed done;

    while ((done = distribution_step(store, d, limit)) == DISTRIBUTED_SOME)
        ;
    distribution_end(d);
    return done;
}

/* `count` images, with labels in turn. */
static void
fill(unsigned count, unsigned labels)
{
    struct dataset_entry entry;

    while (dataset_entries_drop(store, test, 100) || dataset_entries_drop(store, train, 100))
        ;
    for (unsigned i = 0; i < count; i++) {
        entry = entry_of(i);
        entry.labels = store_format(store, "{\"l%u\":0}", i % labels);
        entry.is_labeled = true;
        assert_true(dataset_entry_add(store, train, &entry));
    }
}

static void
a_fifth_is_distributed_of_every_label(void **state)
{
    static const unsigned counts[] = { 4, 5, 8, 15, 70, 71, 72, 73 };
    struct page page = { .first = true, .size = 10 };
    int64_t entries, labels;
    size_t count;

    (void)state;
    step_begin(store, "test");
    for (size_t i = 0; i < COUNT(counts); i++) {
        struct dataset_label *list;

        fill(counts[i], 2);
        assert_int_equal(distribute(i, 1 + (int)draw(20)), DISTRIBUTED_ALL);
        dataset_figures(store, test, &entries, &labels);
        assert_int_equal(entries, counts[i] < 5 ? 1 : (counts[i] + 2) / 5);
        list = dataset_label_list(store, test, &page, &count);
        for (size_t j = 0; j < count; j++)
            assert_in_range(list[j].entries, counts[i] / 10, counts[i] / 10 + 1);
        dataset_figures(store, train, &entries, &labels);
        assert_int_equal(labels, 2);
    }
    step_end(store, true);
}

static void
a_seed_distributes_the_same_again(void **state)
{
    const char *first;

    (void)state;
    step_begin(store, "test");
    fill(40, 3);
    distribute(7, 9);
    first = told(test);
    distribute(7, 32); /* what was moved goes back first */
    assert_string_equal(told(test), first);
    distribute(8, 32);
    assert_string_not_equal(told(test), first);
    step_end(store, true);
}

static void
a_label_with_one_image_is_too_few_to_distribute(void **state)
{
    int64_t entries, labels;

    (void)state;
    step_begin(store, "test");
    fill(1, 1);
    assert_int_equal(distribute(1, 10), DISTRIBUTED_TOO_FEW);
    fill(3, 2);
    assert_int_equal(distribute(1, 10), DISTRIBUTED_TOO_FEW);
    dataset_figures(store, train, &entries, &labels);
    assert_int_equal(entries, 3);
    fill(0, 1);
    assert_int_equal(distribute(1, 10), DISTRIBUTED_TOO_FEW);
    step_end(store, true);
}

#define test_of(function) cmocka_unit_test_setup_teardown(function, open_world, close_world)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        test_of(a_step_that_is_undone_leaves_everything_as_it_was),
        test_of(an_image_is_once_in_a_step),
        test_of(what_is_moved_dropped_or_copied_takes_its_labels_along),
        test_of(a_fifth_is_distributed_of_every_label),
        test_of(a_seed_distributes_the_same_again),
        test_of(a_label_with_one_image_is_too_few_to_distribute),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
