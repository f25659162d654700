/* Lives, as the history tells them: who did what to what, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../state/history.h"
#include "../../state/base/instant.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../support/world.h"

/* The history as text: a line for each move, with the last part but one of the ARN. */
static char *
transcript(struct store *store)
{
    char *text = NULL, at[INSTANT_SIZE], name[ARN_SIZE];
    size_t length;
    FILE *out = open_memstream(&text, &length);
    struct event event;

    assert_non_null(out);
    step_begin(store, "test");
    for (int64_t after = 0; history_next(store, NULL, &after, &event);) {
        instant_print(event.at_ms, at);
        snprintf(name, sizeof name, "%s", event.arn);
        *strrchr(name, '/') = '\0';
        fprintf(out, "%.8s %s %s: %s -> %s, by %s\n", at + strlen("2030-01-01T"),
            strrchr(name, '/') + 1, event.event, event.from == NULL ? "-" : event.from, event.to,
            event.cause);
    }
    step_end(store, true);
    fclose(out);
    return text;
}

static void
check_transcript(struct store *store, const char *expected)
{
    char *found = transcript(store);

    assert_string_equal(found, expected);
    free(found);
    store_close(store);
}

static void
a_model_is_trained_started_and_stopped(void **state)
{
    struct store *store = world_open(":memory:");
    char arn[ARN_SIZE];

    (void)state;
    world_train(store, "v", arn);
    world_pass(store, HOUR_MS);
    world_start(store, arn, 1, 0);
    world_pass(store, HOUR_MS);
    world_stop(store, arn);
    world_pass(store, HOUR_MS);
    check_transcript(store,
        "00:00:00 p create: - -> CREATING, by CreateProject\n"
        "00:00:00 p created: CREATING -> CREATED, by timer\n"
        "00:00:00 v train: - -> TRAINING_IN_PROGRESS, by CreateProjectVersion\n"
        "00:30:00 v trained: TRAINING_IN_PROGRESS -> TRAINING_COMPLETED, by timer\n"
        "01:00:00 v start: TRAINING_COMPLETED -> STARTING, by StartProjectVersion\n"
        "01:10:00 v started: STARTING -> RUNNING, by timer\n"
        "02:00:00 v stop: RUNNING -> STOPPING, by StopProjectVersion\n"
        "02:02:00 v stopped: STOPPING -> STOPPED, by timer\n");
}

static void
what_is_due_fires_in_the_order_of_its_moments_however_late(void **state)
{
    struct store *store = world_open(":memory:");
    char slow[ARN_SIZE], quick[ARN_SIZE];

    (void)state;
    world_train(store, "slow", slow);
    world_set(store, SETTING_VERSION_TRAIN, 5 * SECOND_MS);
    world_pass(store, MINUTE_MS);
    world_train(store, "quick", quick);
    world_pass(store, 20 * HOUR_MS);
    check_transcript(store,
        "00:00:00 p create: - -> CREATING, by CreateProject\n"
        "00:00:00 p created: CREATING -> CREATED, by timer\n"
        "00:00:00 slow train: - -> TRAINING_IN_PROGRESS, by CreateProjectVersion\n"
        "00:01:00 quick train: - -> TRAINING_IN_PROGRESS, by CreateProjectVersion\n"
        "00:01:05 quick trained: TRAINING_IN_PROGRESS -> TRAINING_COMPLETED, by timer\n"
        "00:30:00 slow trained: TRAINING_IN_PROGRESS -> TRAINING_COMPLETED, by timer\n");
}

static void
steps_that_take_no_time_are_told_all_the_same(void **state)
{
    struct store *store = world_open(":memory:");
    char arn[ARN_SIZE];

    (void)state;
    world_set(store, SETTING_VERSION_TRAIN, 0);
    world_set(store, SETTING_VERSION_START, 0);
    world_train(store, "v", arn);
    world_start(store, arn, 1, 0);
    assert_string_equal(world_status(store, arn), "RUNNING");
    check_transcript(store,
        "00:00:00 p create: - -> CREATING, by CreateProject\n"
        "00:00:00 p created: CREATING -> CREATED, by timer\n"
        "00:00:00 v train: - -> TRAINING_IN_PROGRESS, by CreateProjectVersion\n"
        "00:00:00 v trained: TRAINING_IN_PROGRESS -> TRAINING_COMPLETED, by timer\n"
        "00:00:00 v start: TRAINING_COMPLETED -> STARTING, by StartProjectVersion\n"
        "00:00:00 v started: STARTING -> RUNNING, by timer\n");
}

static void
a_history_keeps_as_many_moves_as_it_is_told_to(void **state)
{
    struct store *store = world_open(":memory:");
    char arn[ARN_SIZE];
    struct event event;
    int64_t oldest = 0, newest;

    (void)state;
    world_set(store, SETTING_HISTORY_SIZE, 2000);
    world_set(store, SETTING_VERSION_START, 0);
    world_set(store, SETTING_VERSION_STOP, 0);
    world_train(store, "v", arn);
    world_pass(store, HOUR_MS);
    for (int i = 0; i < 600; i++) {
        world_start(store, arn, 1, 0);
        world_stop(store, arn);
    }
    step_begin(store, "test");
    newest = history_last(store);
    assert_true(history_next(store, NULL, &oldest, &event));
    step_end(store, true);
    assert_true(newest > 2400);
    assert_true(newest - oldest >= 1999 && newest - oldest < 2100);
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_is_trained_started_and_stopped),
        cmocka_unit_test(what_is_due_fires_in_the_order_of_its_moments_however_late),
        cmocka_unit_test(steps_that_take_no_time_are_told_all_the_same),
        cmocka_unit_test(a_history_keeps_as_many_moves_as_it_is_told_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
