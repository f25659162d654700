#include "lifecycle.h"

#include <assert.h>
#include <string.h>

#include "base/arn.h"
#include "base/array.h"
#include "breakpoint.h"
#include "history.h"
#include "lifecycle_outcome.h"
#include "query.h"
#include "store.h"
#include "timer.h"

/* Where each resource keeps its status. */
static const struct keeper {
    enum sql status, set_status, remove;
} keepers[RESOURCE_COUNT] = {
#define RESOURCE(name, arn, key, tags) \
    [RESOURCE_##name] = { SQL_##name##_status, SQL_##name##_set_status, SQL_##name##_remove },
#include "resources.def"
};

static const struct keeper *
find_keeper(const char *kind)
{
    enum resource resource = resource_of_kind(kind);

    assert(resource != RESOURCE_NONE);
    return &keepers[resource];
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

/* ---- moving ------------------------------------------------------------- */

#define TRANSITION(...)
#define USE(...)
#define TIMEOUT(...)
#define MESSAGE(...)

/* Those that ask a row when they end. */
static const struct deadline {
    const char *kind, *event;
    enum sql due;
} deadlines[] = {
#define DEADLINE(kind, status, setting, step, event, otherwise) \
    { #kind, #event, SQL_##kind##_##event##_due },
#include "lifecycle.def"
    { NULL, NULL, SQL_COUNT },
};

/* When a status ends: at its moment (INT64_MAX: never), or after so many answers that show it. */
struct ending {
    int64_t due_ms, polls;
};

/* How a status that is entered then ends in this way. */
static struct ending
find_ending(struct store *store, const struct timeout *timeout, const char *arn, int64_t entered_ms)
{
    struct setting_step step = setting_step(store, timeout->setting);
    const struct deadline *deadline = deadlines;
    struct ending its;
    struct query q;

    while (deadline->kind != NULL && (strcmp(deadline->kind, timeout->kind) != 0 ||
                                         strcmp(deadline->event, timeout->event) != 0))
        deadline++;
    if (deadline->kind == NULL)
        return (struct ending){ .due_ms = entered_ms + step.ms, .polls = step.polls };
    q = query(store, deadline->due);
    query_text(&q, ":arn", arn);
    query_int(&q, ":usual", step.ms);
    its.due_ms = query_int_value(&q, INT64_MAX);
    its.polls = its.due_ms == INT64_MAX ? 0 : step.polls;
    return its;
}

/* Which of the ends of a status comes first; NULL: it lasts. */
static const struct timeout *
find_end(struct store *store, const char *kind, const char *status, const char *arn,
    int64_t entered_ms, struct ending *ending)
{
    const struct timeout *first = NULL;

    *ending = (struct ending){ .due_ms = INT64_MAX };
    for (size_t i = 0; i < lifecycle_timeout_count; i++) {
        const struct timeout *timeout = &lifecycle_timeouts[i];
        struct ending its;

        if (strcmp(timeout->kind, kind) != 0 || strcmp(timeout->status, status) != 0)
            continue;
        its = find_ending(store, timeout, arn, entered_ms);
        if (its.due_ms < ending->due_ms) {
            *ending = its;
            first = timeout;
        }
    }
    return first;
}

/* Replaces the timer of the status left by that of the status reached, if it does not last. */
static void
set_timer(struct store *store, const struct transition *t, const char *arn)
{
    struct timer timer = { .kind = t->kind, .arn = arn, .begun_ms = store_now(store) };
    struct ending ending;
    const struct timeout *timeout = find_end(store, t->kind, t->to, arn, store_now(store), &ending);

    if (lifecycle_find_timeout(t->kind, t->from) != NULL)
        timer_disarm(store, t->kind, arn);
    if (timeout == NULL)
        return;
    timer.event = timeout->event;
    timer.due_ms = ending.due_ms;
    timer.polls = ending.polls;
    lifecycle_ask_outcomes(store, timeout, &timer);
    timer_arm_new(store, &timer);
}

enum result
lifecycle_accepts(struct store *store, const char *kind, const char *arn, const char *status,
    const char *event)
{
    if (lifecycle_find_transition(kind, status, event) != NULL)
        return RESULT_OK;
    return refuse(store, RESULT_WRONG_STATE, "%s is %s, which has no %s", arn, status, event);
}

static enum sql
find_count(const char *kind)
{
    static const struct {
        const char *kind;
        enum sql count;
    } counts[] = {
#define LIFECYCLE(kind, resource) { #kind, SQL_##kind##_count_in },
#include "resources.def"
    };
    size_t i = 0;

    while (strcmp(counts[i].kind, kind) != 0)
        i++;
    return counts[i].count;
}

int64_t
lifecycle_count(struct store *store, const char *kind, const char *status)
{
    struct query q = query(store, find_count(kind));

    query_text(&q, ":status", status);
    return query_int_value(&q, 0);
}

/* Its status, and the lifecycle that it follows. */
static enum result
find_status(struct store *store, const struct keeper *keeper, const char *arn, const char **status,
    const char **kind)
{
    struct query q = query(store, keeper->status);

    query_text(&q, ":arn", arn);
    if (!query_row(&q)) {
        refuse(store, RESULT_NOT_FOUND, "there is no %s", arn);
        return RESULT_NOT_FOUND;
    }
    *status = query_column_text(&q, 0);
    *kind = query_column_text(&q, 1);
    query_done(&q);
    return RESULT_OK;
}

enum result
lifecycle_finds(struct store *store, enum resource resource, const char *arn)
{
    const char *status, *kind;

    return find_status(store, &keepers[resource], arn, &status, &kind);
}

static enum result
move_from(struct store *store, const char *kind, const char *arn, const char *status,
    const char *event, const char *message)
{
    const struct keeper *keeper = find_keeper(kind);
    const struct transition *t = lifecycle_find_transition(kind, status, event);

    if (t == NULL)
        return lifecycle_accepts(store, kind, arn, status, event);
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
        write_status(store, keeper, arn, t->to,
            message ? message : lifecycle_usual_message(kind, t->to), store_now(store));
    return RESULT_OK;
}

static enum result
move(struct store *store, const char *kind, const char *arn, const char *event, const char *message)
{
    const char *status, *its_kind;
    enum result result = find_status(store, find_keeper(kind), arn, &status, &its_kind);

    return result == RESULT_OK ? move_from(store, kind, arn, status, event, message) : result;
}

enum result
lifecycle_move(struct store *store, const char *kind, const char *arn, const char *event)
{
    return move(store, kind, arn, event, NULL);
}

enum result
lifecycle_move_from(struct store *store, const char *kind, const char *arn, const char *status,
    const char *event)
{
    if (status == NULL)
        return refuse(store, RESULT_NOT_FOUND, "it was not read: the store failed");
    return move_from(store, kind, arn, status, event, NULL);
}

enum result
lifecycle_move_to(struct store *store, const char *arn, const char *to)
{
    enum resource resource = resource_of_arn(arn, &(struct scope){ "", "" });
    const char *status, *kind;
    const struct transition *t;
    enum result result;

    if (resource == RESOURCE_NONE)
        return refuse(store, RESULT_NOT_FOUND, "there is no %s", arn);
    result = find_status(store, &keepers[resource], arn, &status, &kind);
    if (result != RESULT_OK)
        return result;
    t = lifecycle_find_move(kind, status, to);
    if (t == NULL)
        return refuse(store, RESULT_WRONG_STATE, "%s is %s, and does not come to %s by itself", arn,
            status, to);
    return move_from(store, kind, arn, status, t->event, NULL);
}

/* The end of a status that is declared; NULL: it has no such end. */
static const struct timeout *
find_named_end(const char *kind, const char *status, const char *event)
{
    for (size_t i = 0; i < lifecycle_timeout_count; i++) {
        const struct timeout *timeout = &lifecycle_timeouts[i];

        if (strcmp(timeout->kind, kind) == 0 && strcmp(timeout->status, status) == 0 &&
            (strcmp(timeout->event, event) == 0 || strcmp(timeout->otherwise, event) == 0))
            return timeout;
    }
    return NULL;
}

/* Arms the timer of a status that does not last. */
static enum result
place_timer(struct store *store, const char *kind, const char *arn, const struct placing *placing)
{
    struct timer timer = { .kind = kind,
        .arn = arn,
        .event = placing->event,
        .message = placing->event_message,
        .begun_ms = placing->entered_ms,
        .due_ms = placing->due_ms,
        .polls = placing->polls };
    struct ending usual;
    const struct timeout *first =
        find_end(store, kind, placing->status, arn, placing->entered_ms, &usual);

    if (first == NULL)
        return !placing->is_pending ? RESULT_OK
                                    : refuse(store, RESULT_WRONG_STATE,
                                          "%s lasts: nothing is pending", placing->status);
    if (timer.event == NULL)
        timer.event = first->event;
    if (find_named_end(kind, placing->status, timer.event) == NULL)
        return refuse(store, RESULT_WRONG_STATE, "%s ends with %s or %s, not with %s",
            placing->status, first->event, first->otherwise, timer.event);
    if (timer.polls > 0) {
        timer.due_ms = placing->entered_ms;
    } else if (!placing->is_pending || timer.due_ms == -1) {
        timer.due_ms = usual.due_ms;
        timer.polls = usual.polls;
    }
    timer_arm(store, &timer);
    if (placing->breakpoint != 0 && breakpoint_exists(store, placing->breakpoint))
        timer_hold(store, kind, arn, placing->breakpoint);
    return RESULT_OK;
}

enum result
lifecycle_place(struct store *store, const char *kind, const char *arn,
    const struct placing *placing)
{
    enum result result;

    if (!lifecycle_has_status(kind, placing->status))
        return refuse(store, RESULT_WRONG_STATE, "%s is not a status of the lifecycle %s",
            placing->status, kind);
    result = place_timer(store, kind, arn, placing);
    if (result != RESULT_OK)
        return result;
    history_add(store,
        &(struct event){ .kind = kind, .arn = arn, .event = "place", .to = placing->status });
    write_status(store, find_keeper(kind), arn, placing->status,
        placing->message ? placing->message : lifecycle_usual_message(kind, placing->status),
        placing->entered_ms);
    return RESULT_OK;
}

void
lifecycle_ask_again(struct store *store, const char *kind, const char *arn)
{
    const struct timeout *end;
    struct ending ending;
    struct timer timer;
    const char *status, *its_kind;

    if (!timer_find(store, kind, arn, &timer) ||
        find_status(store, find_keeper(kind), arn, &status, &its_kind) != RESULT_OK)
        return;
    end = find_end(store, kind, status, arn, timer.begun_ms, &ending);
    if (end == NULL || strcmp(end->event, timer.event) == 0)
        return;
    timer.event = end->event;
    timer_arm(store, &timer);
}

/* ---- firing ------------------------------------------------------------- */

#define TIMER(kind, fire) void fire(struct store *, const char *arn);
#include "timers.def"
#undef TIMER

static const struct timer_owner {
    const char *kind;
    void (*fire)(struct store *, const char *arn);
} timer_owners[] = {
#define TIMER(kind, fire) { #kind, fire },
#include "timers.def"
#undef TIMER
};

#define END(kind, event, function) void function(struct store *, const char *arn);
#include "ends.def"
#undef END

static const struct {
    const char *kind, *event;
    void (*function)(struct store *, const char *arn);
} ends[] = {
#define END(kind, event, function) { #kind, #event, function },
#include "ends.def"
#undef END
};

/* Whoever it is that has timers of this kind; NULL: a lifecycle. */
static const struct timer_owner *
find_owner(const char *kind)
{
    for (size_t i = 0; i < COUNT(timer_owners); i++)
        if (strcmp(timer_owners[i].kind, kind) == 0)
            return &timer_owners[i];
    return NULL;
}

static lifecycle_judge *judge; /* NULL: nobody */

void
lifecycle_set_judge(lifecycle_judge *new_judge)
{
    judge = new_judge;
}

/* It moves as its timer says, unless the judge has it end otherwise; and what else that brings is done. */
static enum result
end_step(struct store *store, const struct timer *timer)
{
    struct verdict end = { .kind = timer->kind,
        .arn = timer->arn,
        .event = timer->event,
        .message = timer->message };
    enum result result;

    if (judge != NULL)
        judge(store, &end);
    result = move(store, end.kind, end.arn, end.event, end.message);
    for (size_t i = 0; result == RESULT_OK && i < COUNT(ends); i++)
        if (strcmp(ends[i].kind, end.kind) == 0 && strcmp(ends[i].event, end.event) == 0)
            ends[i].function(store, end.arn);
    return result;
}

static const char *
account_of(const char *arn, char account[ACCOUNT_SIZE])
{
    struct scope scope = { "", "" };

    arn_read(arn, &scope);
    return memcpy(account, scope.account, ACCOUNT_SIZE);
}

/* Each step is held once: released, it ends. */
static bool
is_held(struct store *store, const struct timer *timer)
{
    const struct timeout *step = lifecycle_find_end(timer->kind, timer->event);

    return step != NULL && timer->breakpoint == 0 && breakpoint_takes(store, step->step, timer);
}

/* It fires at the moment it was due, however late we are, and by the settings of its account. */
static void
fire(struct store *store, const struct timer *timer)
{
    const struct timer_owner *owner = find_owner(timer->kind);
    char account[ACCOUNT_SIZE];

    store_set_account(store, account_of(timer->arn, account), store_clock(store));
    store_set_now(store, timer->due_ms);
    if (is_held(store, timer))
        return;
    if (owner != NULL) {
        timer_disarm(store, timer->kind, timer->arn);
        owner->fire(store, timer->arn);
    } else if (end_step(store, timer) != RESULT_OK) {
        timer_disarm(store, timer->kind, timer->arn); /* of a resource that went another way */
    }
}

bool
lifecycle_run(struct store *store, int budget, int64_t *due_ms)
{
    const char *account = store_keep(store, store_account(store));
    int64_t now = store_now(store);
    struct timer timer;
    bool fired = false;

    while ((*due_ms = timer_next(store, &timer) ? timer.due_ms : INT64_MAX) <= now) {
        if (budget-- == 0) {
            timer_write_down(store);
            break; /* the world stays at the moment of what was fired last */
        }
        if (!fired)
            store_set_fired_after(store, history_last(store));
        fire(store, &timer);
        fired = true;
    }
    if (budget >= 0)
        store_set_now(store, now);
    store_set_account(store, account, store_clock(store));
    return fired;
}

int64_t
lifecycle_next_due(struct store *store)
{
    struct timer timer;

    return timer_next(store, &timer) ? timer.due_ms : INT64_MAX;
}

int64_t
lifecycle_next_end(struct store *store)
{
    return timer_next_end(store);
}
