#include "lifecycle.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "history.h"
#include "base/glob.h"
#include "resource/inference.h"
#include "outcome.h"
#include "query.h"
#include "store.h"
#include "timer.h"
#include "work.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

#define TRANSITION(...)
#define USE(...)
#define TIMEOUT(...)
#define MESSAGE(...)

const struct transition lifecycle_transitions[] = {
#undef TRANSITION
#undef USE
#define TRANSITION(kind, from, event, to, evidence, source) \
    { #kind, #from, #event, #to, evidence, source },
#define USE(kind, status, event, evidence, source) \
    { #kind, #status, #event, #status, evidence, source },
#include "lifecycle.def"
#undef TRANSITION
#undef USE
#define TRANSITION(...)
#define USE(...)
};
const size_t lifecycle_transition_count = COUNT(lifecycle_transitions);

const struct timeout lifecycle_timeouts[] = {
#undef TIMEOUT
#define TIMEOUT(kind, status, setting, step, event, otherwise) \
    { #kind, #status, SETTING_##setting, step, #event, #otherwise },
#include "lifecycle.def"
#undef TIMEOUT
#define TIMEOUT(...)
};
const size_t lifecycle_timeout_count = COUNT(lifecycle_timeouts);

const struct status_message lifecycle_messages[] = {
#undef MESSAGE
#define MESSAGE(kind, status, text, evidence, source) { #kind, #status, text, evidence, source },
#include "lifecycle.def"
#undef MESSAGE
};
const size_t lifecycle_message_count = COUNT(lifecycle_messages);

#undef TRANSITION
#undef USE
#undef TIMEOUT

/* Where each kind keeps its status. */
static const struct keeper {
    const char *kind;
    enum sql status, set_status, remove, count;
} keepers[] = {
    { "project", SQL_PROJECT_STATUS, SQL_PROJECT_SET_STATUS, SQL_PROJECT_REMOVE,
        SQL_PROJECT_COUNT_IN },
    { "dataset", SQL_DATASET_STATUS, SQL_DATASET_SET_STATUS, SQL_DATASET_REMOVE,
        SQL_DATASET_COUNT_IN },
    { "project_version", SQL_PROJECT_VERSION_STATUS, SQL_PROJECT_VERSION_SET_STATUS,
        SQL_PROJECT_VERSION_REMOVE, SQL_PROJECT_VERSION_COUNT_IN },
    { "adapter", SQL_PROJECT_VERSION_STATUS, SQL_PROJECT_VERSION_SET_STATUS,
        SQL_PROJECT_VERSION_REMOVE, SQL_ADAPTER_COUNT_IN },
};

static const struct keeper *
find_keeper(const char *kind)
{
    for (size_t i = 0; i < COUNT(keepers); i++)
        if (strcmp(keepers[i].kind, kind) == 0)
            return &keepers[i];
    assert(!"a kind without a keeper");
    return NULL;
}

static const struct transition *
find_transition(const char *kind, const char *from, const char *event)
{
    for (size_t i = 0; i < COUNT(lifecycle_transitions); i++) {
        const struct transition *t = &lifecycle_transitions[i];

        if (strcmp(t->from, from) == 0 && strcmp(t->event, event) == 0 &&
            strcmp(t->kind, kind) == 0)
            return t;
    }
    return NULL;
}

static const struct timeout *
find_timeout(const char *kind, const char *status)
{
    for (size_t i = 0; i < COUNT(lifecycle_timeouts); i++)
        if (strcmp(lifecycle_timeouts[i].kind, kind) == 0 &&
            strcmp(lifecycle_timeouts[i].status, status) == 0)
            return &lifecycle_timeouts[i];
    return NULL;
}

static const char *
usual_message(const char *kind, const char *status)
{
    for (size_t i = 0; i < COUNT(lifecycle_messages); i++)
        if (strcmp(lifecycle_messages[i].kind, kind) == 0 &&
            strcmp(lifecycle_messages[i].status, status) == 0)
            return lifecycle_messages[i].text;
    return NULL;
}

static void
write_status(struct store *store, const struct keeper *keeper, const char *arn, const char *status,
    const char *message, int64_t entered_ms)
{
    struct query q = query(store, keeper->set_status);

    query_text(&q, ":arn", arn);
    query_text(&q, ":status", status);
    query_text(&q, ":message", message);
    query_int(&q, ":now", entered_ms);
    query_run(&q);
}

static void
remove_resource(struct store *store, const struct keeper *keeper, const char *arn)
{
    struct query q = query(store, keeper->remove);

    query_text(&q, ":arn", arn);
    query_run(&q);
}

/* ---- outcomes ----------------------------------------------------------- */

bool
lifecycle_can_fail(const struct timeout *timeout)
{
    return strcmp(timeout->event, timeout->otherwise) != 0;
}

/* The step ends as the outcome says, but never in the past. */
static void
tell(struct store *store, const struct timeout *timeout, const struct outcome *outcome,
    struct timer *timer)
{
    timer->event = timeout->otherwise;
    timer->message = outcome->message;
    if (outcome->after_ms != OUTCOME_AS_USUAL)
        timer->due_ms = timer->begun_ms + outcome->after_ms;
    if (timer->due_ms < store_now(store))
        timer->due_ms = store_now(store);
}

/* The step that ends well with this event: none for one that was told to fail already. */
static const struct timeout *
find_step(const char *kind, const char *event)
{
    for (size_t i = 0; i < COUNT(lifecycle_timeouts); i++)
        if (strcmp(lifecycle_timeouts[i].kind, kind) == 0 &&
            strcmp(lifecycle_timeouts[i].event, event) == 0)
            return &lifecycle_timeouts[i];
    return NULL;
}

static void
tell_if_it_fits(struct store *store, struct timer *timer, struct outcome *outcome)
{
    const struct timeout *step = find_step(timer->kind, timer->event);

    if (step == NULL || strcmp(step->step, outcome->event) != 0 ||
        !glob_matches(outcome->resource, timer->arn))
        return;
    outcome_hit(store, outcome);
    outcome->hits++;
    tell(store, step, outcome, timer);
    timer_arm(store, timer);
}

/* A whole ARN needs no search. */
static void
tell_the_one(struct store *store, struct outcome *outcome)
{
    struct timer timer;

    for (size_t i = 0; i < COUNT(lifecycle_timeouts) && outcome->hits < outcome->times; i++)
        if (strcmp(lifecycle_timeouts[i].step, outcome->event) == 0 &&
            timer_find(store, lifecycle_timeouts[i].kind, outcome->resource, &timer))
            tell_if_it_fits(store, &timer, outcome);
}

bool
lifecycle_tell_pending(struct store *store, int64_t outcome_id, struct lifecycle_place *place,
    int budget)
{
    struct timer at = { .kind = place->kind, .arn = place->arn, .due_ms = place->due_ms }, timer;
    struct outcome outcome;

    if (!outcome_find(store, outcome_id, &outcome))
        return false; /* it was removed meanwhile */
    if (glob_is_literal(outcome.resource)) {
        tell_the_one(store, &outcome);
        return false;
    }
    while (outcome.hits < outcome.times && timer_after(store, &at, &timer)) {
        at = timer;
        tell_if_it_fits(store, &timer, &outcome);
        if (--budget == 0) {
            place->due_ms = at.due_ms;
            snprintf(place->kind, sizeof place->kind, "%s", at.kind);
            snprintf(place->arn, sizeof place->arn, "%s", at.arn);
            return outcome.hits < outcome.times;
        }
    }
    return false;
}

/* ---- moving ------------------------------------------------------------- */

static void
begin_step(struct store *store, const struct timeout *timeout, const char *arn)
{
    int64_t now = store_now(store);
    struct timer timer = { .kind = timeout->kind,
        .arn = arn,
        .event = timeout->event,
        .begun_ms = now,
        .due_ms = now + setting_int(store, timeout->setting) };
    struct outcome outcome;

    if (lifecycle_can_fail(timeout) && outcome_take(store, timeout->step, arn, &outcome))
        tell(store, timeout, &outcome, &timer);
    timer_arm(store, &timer);
}

/* Replaces the timer of the status left by that of the status reached, if it does not last. */
static void
set_timer(struct store *store, const struct transition *t, const char *arn)
{
    const struct timeout *timeout = find_timeout(t->kind, t->to);

    if (timeout == NULL && find_timeout(t->kind, t->from) != NULL)
        timer_disarm(store, t->kind, arn);
    if (timeout != NULL)
        begin_step(store, timeout, arn);
}

enum result
lifecycle_accepts(struct store *store, const char *kind, const char *arn, const char *status,
    const char *event)
{
    if (find_transition(kind, status, event) != NULL)
        return RESULT_OK;
    return refuse(store, RESULT_WRONG_STATE, "%s is %s, which has no %s", arn, status, event);
}

bool
lifecycle_lasts(const char *kind, const char *status)
{
    return find_timeout(kind, status) == NULL;
}

bool
lifecycle_is_under_way(const char *kind, const char *status)
{
    const struct timeout *timeout = find_timeout(kind, status);

    return timeout != NULL &&
           strcmp(find_transition(kind, status, timeout->event)->to, LIFECYCLE_NONE) != 0;
}

int64_t
lifecycle_count(struct store *store, const char *kind, const char *status)
{
    struct query q = query(store, find_keeper(kind)->count);

    query_text(&q, ":status", status);
    return query_int_value(&q, 0);
}

static enum result
move(struct store *store, const char *kind, const char *arn, const char *event, const char *message)
{
    const struct keeper *keeper = find_keeper(kind);
    const struct transition *t;
    const char *status;
    enum result result;
    struct query q = query(store, keeper->status);

    query_text(&q, ":arn", arn);
    if (!query_row(&q))
        return refuse(store, RESULT_NOT_FOUND, "there is no %s", arn);
    status = query_column_text(&q, 0);
    query_done(&q);
    result = lifecycle_accepts(store, kind, arn, status, event);
    if (result != RESULT_OK)
        return result;
    t = find_transition(kind, status, event);
    if (strcmp(t->to, t->from) == 0)
        return RESULT_OK;

    history_add(store, &(struct event){ .kind = kind,
                           .arn = arn,
                           .event = event,
                           .from = strcmp(t->from, LIFECYCLE_NONE) == 0 ? NULL : t->from,
                           .to = t->to });
    set_timer(store, t, arn);
    if (strcmp(t->to, LIFECYCLE_NONE) == 0)
        remove_resource(store, keeper, arn);
    else
        write_status(store, keeper, arn, t->to, message ? message : usual_message(kind, t->to),
            store_now(store));
    return RESULT_OK;
}

enum result
lifecycle_move(struct store *store, const char *kind, const char *arn, const char *event)
{
    return move(store, kind, arn, event, NULL);
}

static bool
has_status(const char *kind, const char *status)
{
    for (size_t i = 0; i < COUNT(lifecycle_transitions); i++)
        if (strcmp(lifecycle_transitions[i].kind, kind) == 0 &&
            strcmp(lifecycle_transitions[i].from, status) == 0)
            return strcmp(status, LIFECYCLE_NONE) != 0;
    return false;
}

/* Arms the timer of a status that does not last. */
static enum result
place_timer(struct store *store, const char *kind, const char *arn, const struct placing *placing)
{
    const struct timeout *timeout = find_timeout(kind, placing->status);
    struct timer timer = { .kind = kind,
        .arn = arn,
        .event = placing->event,
        .message = placing->event_message,
        .begun_ms = placing->entered_ms,
        .due_ms = placing->due_ms };

    if (timeout == NULL)
        return !placing->is_pending ? RESULT_OK
                                    : refuse(store, RESULT_WRONG_STATE,
                                          "%s lasts: nothing is pending", placing->status);
    if (timer.event == NULL)
        timer.event = timeout->event;
    if (!placing->is_pending || timer.due_ms == -1)
        timer.due_ms = placing->entered_ms + setting_int(store, timeout->setting);
    if (strcmp(timer.event, timeout->event) != 0 && strcmp(timer.event, timeout->otherwise) != 0)
        return refuse(store, RESULT_WRONG_STATE, "%s ends with %s or %s, not with %s",
            placing->status, timeout->event, timeout->otherwise, timer.event);
    timer_arm(store, &timer);
    return RESULT_OK;
}

enum result
lifecycle_place(struct store *store, const char *kind, const char *arn,
    const struct placing *placing)
{
    enum result result;

    if (!has_status(kind, placing->status))
        return refuse(store, RESULT_WRONG_STATE, "%s is not a status of the lifecycle %s",
            placing->status, kind);
    result = place_timer(store, kind, arn, placing);
    if (result != RESULT_OK)
        return result;
    history_add(store,
        &(struct event){ .kind = kind, .arn = arn, .event = "place", .to = placing->status });
    write_status(store, find_keeper(kind), arn, placing->status,
        placing->message ? placing->message : usual_message(kind, placing->status),
        placing->entered_ms);
    return RESULT_OK;
}

void
lifecycle_hold(struct store *store, const char *kind, const char *arn, const char *task,
    const char *what)
{
    work_add(store, kind, arn, task, what);
    timer_disarm(store, kind, arn);
}

bool
lifecycle_is_told_to_fail(struct store *store, const char *kind, const char *arn)
{
    const struct timeout *step;
    struct outcome outcome;
    struct timer timer;

    if (!work_timer(store, kind, arn, &timer))
        return false;
    step = find_step(kind, timer.event);
    if (step == NULL)
        return true;
    if (!lifecycle_can_fail(step) || !outcome_take(store, step->step, arn, &outcome))
        return false;
    tell(store, step, &outcome, &timer);
    work_tell(store, &timer);
    return true;
}

/* The timer as it was, or, when it was due meanwhile, now: what is past stays as it was. */
static void
release(struct store *store, struct timer *timer)
{
    if (timer->due_ms < store_now(store))
        timer->due_ms = store_now(store);
    work_remove(store, timer->kind, timer->arn);
    timer_arm(store, timer);
}

void
lifecycle_release(struct store *store, const char *kind, const char *arn, const char *message)
{
    struct timer timer;

    if (!work_timer(store, kind, arn, &timer))
        return;
    if (find_step(kind, timer.event) != NULL)
        timer.message = message;
    release(store, &timer);
}

void
lifecycle_release_failed(struct store *store, const char *kind, const char *arn,
    const char *message)
{
    const struct timeout *step;
    struct timer timer;

    if (!work_timer(store, kind, arn, &timer))
        return;
    step = find_step(kind, timer.event);
    if (step != NULL) {
        timer.event = step->otherwise;
        timer.message = message;
    }
    release(store, &timer);
}

/* It fires at the moment it was due, however late we are. */
static void
fire(struct store *store, const struct timer *timer)
{
    store_set_now(store, timer->due_ms);
    if (strcmp(timer->kind, INFERENCE_TIMER) == 0) {
        timer_disarm(store, timer->kind, timer->arn);
        inference_follow_demand(store, timer->arn);
    } else if (move(store, timer->kind, timer->arn, timer->event, timer->message) != RESULT_OK) {
        timer_disarm(store, timer->kind, timer->arn); /* of a resource that went another way */
    }
}

bool
lifecycle_run(struct store *store, int budget)
{
    int64_t now = store_now(store);
    struct timer timer;
    bool fired = false;

    while (timer_next(store, &timer) && timer.due_ms <= now) {
        if (budget-- == 0)
            return fired; /* the world stays at the moment of what was fired last */
        if (!fired)
            store_set_fired_after(store, history_last(store));
        fire(store, &timer);
        fired = true;
    }
    store_set_now(store, now);
    return fired;
}

int64_t
lifecycle_next_due(struct store *store)
{
    struct timer timer;

    return timer_next(store, &timer) ? timer.due_ms : INT64_MAX;
}
