/* The walk: every status × every event of lifecycle.def, and every status that does not last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../state/base/array.h"
#include "../../state/history.h"
#include "../../state/lifecycle.h"
#include "../../state/resource/project_version.h"
#include "../../state/step.h"
#include "../../state/resource/project.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../../state/timer.h"
#include "../../state/world.h"
#include "../support/world.h"

/* ---- the table, as it is read here --------------------------------------- */

static const char *
destination(const char *kind, const char *from, const char *event)
{
    for (size_t i = 0; i < lifecycle_transition_count; i++) {
        const struct transition *t = &lifecycle_transitions[i];

        if (strcmp(t->kind, kind) == 0 && strcmp(t->from, from) == 0 &&
            strcmp(t->event, event) == 0)
            return t->to;
    }
    return NULL;
}

static const struct timeout *
timeout_of(const char *kind, const char *status)
{
    for (size_t i = 0; i < lifecycle_timeout_count; i++)
        if (strcmp(lifecycle_timeouts[i].kind, kind) == 0 &&
            strcmp(lifecycle_timeouts[i].status, status) == 0)
            return &lifecycle_timeouts[i];
    return NULL;
}

static const char *
message_of(const char *kind, const char *status)
{
    for (size_t i = 0; i < lifecycle_message_count; i++)
        if (strcmp(lifecycle_messages[i].kind, kind) == 0 &&
            strcmp(lifecycle_messages[i].status, status) == 0)
            return lifecycle_messages[i].text;
    return NULL;
}

static bool
is_first_of(size_t i, const char *(*name)(const struct transition *))
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(name(&lifecycle_transitions[j]), name(&lifecycle_transitions[i])) == 0)
            return false;
    return true;
}

static const char *
from(const struct transition *t)
{
    return t->from;
}

static const char *
event(const struct transition *t)
{
    return t->event;
}

/* ---- the walk ------------------------------------------------------------- */

static size_t
events_of(struct store *store, const char *arn)
{
    struct event found;
    size_t count = 0;

    for (int64_t after = 0; history_next(store, arn, &after, &found);)
        count++;
    return count;
}

static void
check_arrival(struct store *store, const char *kind, const char *arn, const char *status)
{
    const struct timeout *timeout = timeout_of(kind, status);
    const char *message = message_of(kind, status);
    struct timer timer;

    if (strcmp(status, LIFECYCLE_NONE) == 0)
        return; /* it is gone: there is nothing to look at */
    assert_string_equal(world_status(store, arn), status);
    if (message != NULL)
        assert_string_equal(world_message(store, arn), message);
    step_begin(store, "test");
    assert_int_equal(timer_find(store, kind, arn, &timer), timeout != NULL);
    if (timeout != NULL) {
        assert_string_equal(timer.event, timeout->event);
        assert_int_equal(timer.due_ms, store_now(store) + setting_int(store, timeout->setting));
    }
    step_end(store, true);
}

/* Tells the version that is `status` of `happened`, and checks all that may follow; whether it moved. */
static bool
tell(struct store *store, const char *kind, const char *arn, const char *status,
    const char *happened)
{
    const char *to = destination(kind, status, happened);
    bool moves = to != NULL && strcmp(to, status) != 0;
    char *before = world_dump(store), *after;
    enum result result;
    size_t events;

    step_begin(store, "test");
    events = events_of(store, arn);
    result = lifecycle_move(store, kind, arn, happened);
    assert_int_equal(events_of(store, arn), events + moves);
    step_end(store, result == RESULT_OK);
    if (result != (to == NULL ? RESULT_WRONG_STATE : RESULT_OK))
        fail_msg("%s %s: %s answers %d", kind, status, happened, result);
    after = world_dump(store);
    if (moves)
        check_arrival(store, kind, arn, to);
    else
        assert_string_equal(after, before);
    free(before);
    free(after);
    return moves;
}

/* Tells a version that is `status` of everything that happens to anything. */
static void
tell_all(const char *kind, const char *status)
{
    struct store *store = NULL;
    char arn[ARN_SIZE];

    for (size_t i = 0; i < lifecycle_transition_count; i++) {
        if (!is_first_of(i, event))
            continue;
        if (store == NULL) {
            store = world_open(":memory:");
            world_train(store, "v", arn);
            world_put(store, arn, status);
        }
        if (tell(store, kind, arn, status, lifecycle_transitions[i].event)) {
            store_close(store);
            store = NULL;
        }
    }
    if (store != NULL)
        store_close(store);
}

static void
every_status_takes_the_events_of_the_table_and_no_other(void **state)
{
    static const char *const kinds[] = { "project_version", "adapter" };

    (void)state;
    for (size_t k = 0; k < COUNT(kinds); k++)
        for (size_t i = 0; i < lifecycle_transition_count; i++)
            if (is_first_of(i, from))
                tell_all(kinds[k], lifecycle_transitions[i].from);
}

static void
what_is_not_there_is_not_found(void **state)
{
    struct store *store = world_open(":memory:");

    (void)state;
    step_begin(store, "test");
    assert_int_equal(lifecycle_move(store, "project_version", "nobody", "start"), RESULT_NOT_FOUND);
    assert_int_equal(lifecycle_move(store, "project", "nobody", "delete"), RESULT_NOT_FOUND);
    step_end(store, true);
    store_close(store);
}

/* ---- time ------------------------------------------------------------------ */

static bool
is_there(struct store *store, const char *arn)
{
    struct project_version version;
    enum result result;

    step_begin(store, "test");
    result = project_version_find(store, arn, &version);
    step_end(store, true);
    return result == RESULT_OK;
}

/* By the event that leads to it from the status before, so that its timer is that of the program. */
static void
enter(struct store *store, const char *kind, const char *arn, const char *status)
{
    for (size_t i = 0; i < lifecycle_transition_count; i++) {
        const struct transition *t = &lifecycle_transitions[i];

        if (strcmp(t->kind, kind) != 0 || strcmp(t->to, status) != 0)
            continue;
        world_put(store, arn, t->from);
        step_begin(store, "test");
        assert_int_equal(lifecycle_move(store, kind, arn, t->event), RESULT_OK);
        step_end(store, true);
        return;
    }
    fail_msg("%s: nothing leads to %s", kind, status);
}

static void
a_status_in_progress_lasts_to_the_millisecond(void **state)
{
    (void)state;
    for (size_t i = 0; i < lifecycle_timeout_count; i++) {
        const struct timeout *timeout = &lifecycle_timeouts[i];
        struct store *store = world_open(":memory:");
        char arn[ARN_SIZE];
        const char *to;

        if (strcmp(timeout->kind, "project_version") != 0 &&
            strcmp(timeout->kind, "adapter") != 0) {
            store_close(store);
            continue; /* the stories have the others */
        }
        to = destination(timeout->kind, timeout->status, timeout->event);
        world_train(store, "v", arn);
        world_set(store, timeout->setting, 7777);
        enter(store, timeout->kind, arn, timeout->status);
        world_pass(store, 7776);
        assert_string_equal(world_status(store, arn), timeout->status);
        world_pass(store, 1);
        if (strcmp(to, LIFECYCLE_NONE) == 0)
            assert_false(is_there(store, arn));
        else
            assert_string_equal(world_status(store, arn), to);
        store_close(store);
    }
}

/* A life that has every kind of timer in it; `pass` makes an hour pass. */
static char *
live(void (*pass)(struct store *))
{
    struct store *store = world_open(":memory:");
    char one[ARN_SIZE], two[ARN_SIZE], *dump;

    world_set(store, SETTING_TPS_PER_UNIT, 1);
    world_train(store, "one", one);
    world_pass(store, 1234);
    world_train(store, "two", two);
    pass(store);
    world_start(store, one, 1, 3);
    world_start(store, two, 2, 0);
    pass(store);
    for (int i = 0; i < 4; i++)
        world_detect(store, one);
    world_stop(store, two);
    pass(store);
    world_stop(store, one);
    pass(store);
    dump = world_dump(store);
    store_close(store);
    return dump;
}

static void
jump(struct store *store)
{
    world_pass(store, HOUR_MS);
}

static void
stroll(struct store *store)
{
    for (int i = 0; i < 3600; i++)
        world_pass(store, SECOND_MS);
}

static void
limp(struct store *store)
{
    int64_t left = HOUR_MS, stride = 1;

    for (; left > stride; stride = stride * 7 % 600011 + 1) {
        world_pass(store, stride);
        left -= stride;
    }
    world_pass(store, left);
}

/* Without the secret, which is random. */
static const char *
after_world(char *dump)
{
    char *world = strstr(dump, "world|");

    if (world != NULL)
        memset(world, ' ', strcspn(world, "\n"));
    return dump;
}

static void
one_long_jump_does_what_many_short_ones_do(void **state)
{
    char *jumped = live(jump), *strolled = live(stroll), *limped = live(limp);

    (void)state;
    assert_string_equal(after_world(strolled), after_world(jumped));
    assert_string_equal(after_world(limped), after_world(jumped));
    free(jumped);
    free(strolled);
    free(limped);
}

static int64_t
count_in(struct store *store, const char *status)
{
    int64_t count;

    step_look(store);
    count = lifecycle_count(store, "project", status);
    step_looked(store);
    return count;
}

/* A project that is made in no time, in the step. */
static const char *
create(struct store *store, const char *name)
{
    struct project project = { .scope = { "123456789012", "us-east-1" },
        .name = name,
        .feature = "CUSTOM_LABELS",
        .auto_update = "DISABLED" };

    assert_int_equal(project_create(store, &project), RESULT_OK);
    return project.arn;
}

static void
what_takes_no_time_can_be_asked_for_until_its_step_ends(void **state)
{
    struct store *store = world_open(":memory:");
    struct timer timer;
    const char *arn;

    (void)state;
    world_set(store, SETTING_PROJECT_CREATE, 0);
    step_begin(store, "test");
    arn = create(store, "p");
    assert_true(timer_find(store, "project", arn, &timer));
    assert_string_equal(timer.event, "created");
    assert_int_equal(timer.due_ms, store_now(store));
    assert_int_equal(timer_count(store), 1);
    assert_true(step_end(store, true));
    assert_int_equal(count_in(store, "CREATED"), 1);
    store_close(store);
}

static void
much_that_takes_no_time_is_done_with_its_step(void **state)
{
    struct store *store = world_open(":memory:");
    const char *awaited;

    (void)state;
    world_set(store, SETTING_PROJECT_CREATE, 0);
    step_begin(store, "test");
    create(store, "p");
    awaited = create(store, "q");
    timer_await(store, "project", awaited, true);
    create(store, "r");
    assert_true(step_end(store, true));
    assert_int_equal(count_in(store, "CREATED"), 2);
    assert_int_equal(count_in(store, "CREATING"), 1);
    step_begin(store, "test");
    assert_int_equal(timer_count(store), 0);
    timer_await(store, "project", awaited, false);
    assert_true(step_end(store, true));
    assert_int_equal(count_in(store, "CREATED"), 3);
    store_close(store);
}

static void
what_takes_no_time_is_dropped_with_its_step(void **state)
{
    struct store *store = world_open(":memory:");

    (void)state;
    world_set(store, SETTING_PROJECT_CREATE, 0);
    step_begin(store, "test");
    create(store, "p");
    assert_true(step_end(store, false));
    step_begin(store, "test");
    assert_int_equal(timer_count(store), 0);
    create(store, "q");
    assert_true(step_end(store, true));
    assert_int_equal(count_in(store, "CREATED"), 1);
    store_close(store);
}

/* ---- the table itself -------------------------------------------------------- */

static void
every_way_that_a_step_may_end_is_a_transition(void **state)
{
    (void)state;
    for (size_t i = 0; i < lifecycle_timeout_count; i++) {
        const struct timeout *t = &lifecycle_timeouts[i];

        assert_non_null(destination(t->kind, t->status, t->event));
        assert_non_null(destination(t->kind, t->status, t->otherwise));
    }
}

static void
messages_are_of_statuses_that_are_reached(void **state)
{
    (void)state;
    for (size_t i = 0; i < lifecycle_message_count; i++) {
        const struct status_message *message = &lifecycle_messages[i];
        bool reached = false;

        for (size_t j = 0; j < lifecycle_transition_count; j++)
            reached |= strcmp(lifecycle_transitions[j].to, message->status) == 0;
        if (!reached)
            fail_msg("nothing ever is %s", message->status);
        for (size_t j = 0; j < i; j++)
            assert_false(strcmp(lifecycle_messages[j].kind, message->kind) == 0 &&
                         strcmp(lifecycle_messages[j].status, message->status) == 0);
    }
}

/* Whether events lead from `status` to NONE in at most as many moves as there are transitions. */
static bool
ends(const char *kind, const char *status, size_t moves)
{
    if (strcmp(status, LIFECYCLE_NONE) == 0)
        return true;
    for (size_t i = 0; moves > 0 && i < lifecycle_transition_count; i++) {
        const struct transition *t = &lifecycle_transitions[i];

        if (strcmp(t->kind, kind) == 0 && strcmp(t->from, status) == 0 &&
            strcmp(t->to, status) != 0 && ends(kind, t->to, moves - 1))
            return true;
    }
    return false;
}

static void
whatever_happened_a_resource_can_be_got_rid_of(void **state)
{
    (void)state;
    for (size_t i = 0; i < lifecycle_transition_count; i++)
        if (!ends(lifecycle_transitions[i].kind, lifecycle_transitions[i].to, 6))
            fail_msg("%s stays %s", lifecycle_transitions[i].kind, lifecycle_transitions[i].to);
}

/* What fits in one step is 200 timers; the world is on its way until all have fired. */
#define MANY 450

static void
arm_many(struct store *store)
{
    step_begin(store, "test");
    for (int i = 0; i < MANY; i++) {
        create(store, store_format(store, "p%d", i));
        setting_set(store, SETTING_PROJECT_CREATE, i + 2); /* each a millisecond later */
    }
    step_end(store, true);
}

static void
more_timers_than_fit_in_a_step_fire_in_the_next_ones_each_at_its_moment(void **state)
{
    struct store *store = world_open(":memory:");

    (void)state;
    world_set(store, SETTING_LIMIT_PROJECTS, MANY);
    world_set(store, SETTING_PROJECT_CREATE, 1);
    arm_many(store);
    step_begin(store, "test");
    assert_true(world_set_clock(store, true, 1, store_now(store) + HOUR_MS));
    assert_true(step_end(store, true));
    for (int fired = 200; fired < MANY; fired += 200) {
        step_begin(store, "test");
        assert_int_equal(store_now(store), WORLD_BEGIN_MS + fired);
        assert_true(step_end(store, false));
        assert_int_equal(count_in(store, "CREATED"), fired); /* kept, whatever the step did */
    }
    step_begin(store, "test");
    assert_int_equal(store_now(store), WORLD_BEGIN_MS + HOUR_MS);
    step_end(store, false);
    assert_int_equal(count_in(store, "CREATED"), MANY);
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_timers_than_fit_in_a_step_fire_in_the_next_ones_each_at_its_moment),
        cmocka_unit_test(what_takes_no_time_can_be_asked_for_until_its_step_ends),
        cmocka_unit_test(much_that_takes_no_time_is_done_with_its_step),
        cmocka_unit_test(what_takes_no_time_is_dropped_with_its_step),
        cmocka_unit_test(every_status_takes_the_events_of_the_table_and_no_other),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(a_status_in_progress_lasts_to_the_millisecond),
        cmocka_unit_test(one_long_jump_does_what_many_short_ones_do),
        cmocka_unit_test(every_way_that_a_step_may_end_is_a_transition),
        cmocka_unit_test(messages_are_of_statuses_that_are_reached),
        cmocka_unit_test(whatever_happened_a_resource_can_be_got_rid_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
