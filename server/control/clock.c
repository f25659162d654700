/* Control of time: freeze it, scale it, set it forward, advance it and see what fired. */

#include <stdlib.h>
#include <string.h>

#include "../../state/clock.h"
#include "../../state/clocks.h"
#include "../../state/history.h"
#include "../../state/base/instant.h"
#include "../../state/base/memory.h"
#include "../../state/lifecycle.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/timer.h"
#include "../../state/work.h"
#include "../../state/world.h"
#include "../json/tree.h"
#include "control.h"
#include "report.h"

static cJSON *
describe(struct store *store, const char *account)
{
    struct clock clock = world_clock(store);
    int64_t due = lifecycle_next_due(store);
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "mode", clock.frozen ? "frozen" : "real");
    control_set_instant(json, "now", store_now(store));
    cJSON_AddNumberToObject(json, "scale", clock.scale);
    if (due == INT64_MAX)
        cJSON_AddNullToObject(json, "nextDue");
    else
        control_set_instant(json, "nextDue", due);
    if (*account != '\0')
        cJSON_AddBoolToObject(json, "own", clocks_has_own(store, account));
    return json;
}

static void
answer_clock(struct control *control, const char *account)
{
    cJSON *json;

    step_begin_of(control->store, "clock", account);
    json = describe(control->store, account);
    if (control_step_end(control, true))
        control_answer(control, json);
    else
        cJSON_Delete(json);
}

void
control_clock_get(struct control *control)
{
    struct scope scope;

    if (control_scope(control, &scope))
        answer_clock(control, scope.account);
}

/* From here on the step is by a clock of the account's own. */
static void
begin_own(struct store *store, const char *account)
{
    if (*account == '\0')
        return;
    clocks_add(store, account);
    step_enter(store, account);
}

void
control_clock_put(struct control *control)
{
    const char *mode = text_of(control->body, "mode");
    struct clock clock;
    struct scope scope;
    bool set;

    if (!control_scope(control, &scope))
        return;
    step_begin_of(control->store, "clock", scope.account);
    begin_own(control->store, scope.account);
    clock = world_clock(control->store);
    set = world_set_clock(control->store, mode ? strcmp(mode, "frozen") == 0 : clock.frozen,
        control_number(control->body, "scale", clock.scale),
        control_moment(control->body, "now", store_now(control->store)));
    if (!control_step_end(control, set))
        return;
    if (!set) {
        control_fail(control, 409, "ClockGoesForward",
            "The clock is never set back: 'now' lies before its present moment.");
        return;
    }
    answer_clock(control, scope.account);
}

/* Time that has passed in an account does not go back: it has to wait for the world, or catch up. */
void
control_clock_delete(struct control *control)
{
    struct store *store = control->store;
    struct scope scope;
    bool ahead;

    if (!control_scope(control, &scope))
        return;
    if (*scope.account == '\0') {
        control_fail(control, 400, "InvalidValue", "Give the 'account' whose clock it is.");
        return;
    }
    step_begin_of(store, "clock", scope.account);
    ahead = store_now(store) > clocks_now(store, "");
    if (!ahead) {
        clocks_remove(store, scope.account);
        step_enter(store, scope.account); /* what was due meanwhile by the world's fires */
    }
    if (!control_step_end(control, !ahead))
        return;
    if (ahead)
        control_fail(control, 409, "ClockGoesForward",
            "The clock of %s is ahead of the world's, and no clock is set back.", scope.account);
    else
        answer_clock(control, scope.account);
}

/* ---- advancing ---------------------------------------------------------- */

enum until { UNTIL_MOMENT, UNTIL_NEXT, UNTIL_SETTLED };

/* An advance under way: what fires is gathered from the history as it does. */
struct advance {
    char account[ACCOUNT_SIZE]; /* "": of the world */
    enum until until;
    int64_t
        target_ms; /* but for UNTIL_SETTLED; before it has begun, of UNTIL_MOMENT, how far it is */
    int64_t after; /* the last event written */
    bool begun;
};

/* Sets the clock forward to `target_ms`, as it is: real or frozen, at its scale. */
static void
set_forward(struct store *store, int64_t target_ms)
{
    struct clock clock = world_clock(store);

    if (target_ms > clock_now(&clock))
        world_set_clock(store, clock.frozen, clock.scale, target_ms);
}

/* What fires meanwhile by the clocks of others is not of this advance. */
static bool
is_by_this_clock(struct store *store, const char *arn)
{
    return strcmp(clocks_of_arn(store, arn)->account, store_clock(store)) == 0;
}

/* Whether something is being done that a timer of this clock awaits. */
static bool
something_is_done(struct store *store)
{
    struct work work;

    for (int64_t after = 0; work_next(store, after, &work); after = work.id)
        if (is_by_this_clock(store, work.arn))
            return true;
    return false;
}

static void
write_fired(struct report *report, struct advance *advance)
{
    struct store *store = report_store(report);
    struct event event;

    while (history_next(store, NULL, &advance->after, &event))
        if (strcmp(event.cause, "timer") == 0 && is_by_this_clock(store, event.arn))
            report_item(report, report_event(&event, false));
}

/*
 * Whether something that the advance is to fire is still pending; sets the clock forward to it
 * where need be.
 */
static bool
goes_on(struct store *store, struct advance *advance)
{
    int64_t due;

    switch (advance->until) {
    case UNTIL_SETTLED: /* what is kept for days is not to be lost by it */
        due = lifecycle_next_end(store);
        if (due == INT64_MAX)
            return false;
        set_forward(store, due);
        return true;
    default:
        return lifecycle_next_due(store) <= advance->target_ms;
    }
}

/*
 * The first turn: from here on what fires is of this advance, also what this very step has fired.
 */
static void
begin_advance(struct report *report, struct advance *advance)
{
    struct store *store = report_store(report);
    struct clock clock = world_clock(store);

    advance->begun = true;
    advance->after = store_fired_after(store);
    if (advance->after == -1)
        advance->after = history_last(store);
    if (advance->until == UNTIL_MOMENT)
        advance->target_ms += clock_now(&clock);
    else if (advance->until == UNTIL_NEXT)
        advance->target_ms = lifecycle_next_due(store);
    if (advance->target_ms > CLOCK_END_MS) /* nothing is next; or beyond the end of time */
        advance->target_ms = advance->until == UNTIL_NEXT ? store_now(store) : CLOCK_END_MS;
    set_forward(store, advance->target_ms);
    report_list(report, "{\"fired\":[");
}

/* What no time ends: steps that wait for answers. */
static void
write_waiting(struct report *report)
{
    struct store *store = report_store(report);
    struct timer at = { .kind = "", .arn = "" }, timer;
    bool any = false;

    for (; timer_that_polls(store, &at, &timer); at = timer) {
        cJSON *item;

        if (!is_by_this_clock(store, timer.arn))
            continue;
        item = cJSON_CreateObject();
        report_list(report, any ? "," : "],\"waiting\":[");
        cJSON_AddStringToObject(item, "arn", timer.arn);
        cJSON_AddStringToObject(item, "event", timer.event);
        cJSON_AddNumberToObject(item, "polls", (double)timer.polls);
        report_item(report, item);
        any = true;
    }
}

static bool
write_advance(struct report *report)
{
    struct advance *advance = report_context(report);
    struct store *store = report_store(report);
    char now[INSTANT_SIZE];
    struct clock clock;
    bool more;

    step_begin_of(store, "advance", advance->account);
    begin_own(store, advance->account);
    /* What is being done now is done at this moment of the world, however long it takes. */
    if (something_is_done(store)) {
        report_wait(report);
        return report_step_end(report);
    }
    if (!advance->begun)
        begin_advance(report, advance);
    write_fired(report, advance);
    more = goes_on(store, advance);
    clock = world_clock(store);
    if (!more)
        write_waiting(report);
    if (!report_step_end(report))
        return false;
    if (!more) {
        instant_print(clock_now(&clock), now);
        fprintf(report_text(report), "],\"now\":\"%s\"}", now);
    }
    return more;
}

void
control_clock_advance(struct control *control)
{
    const char *until = text_of(control->body, "until");
    struct advance *advance;
    struct scope scope;

    if (!control_scope(control, &scope))
        return;
    if ((member_of(control->body, "by") == NULL) == (until == NULL)) {
        control_fail(control, 400, "InvalidValue", "Give either 'by' or 'until'.");
        return;
    }
    advance = memory_new(sizeof *advance);
    memcpy(advance->account, scope.account, ACCOUNT_SIZE);
    advance->target_ms = control_duration(control->body, "by", -1);
    if (until != NULL)
        advance->until = strcmp(until, "next") == 0 ? UNTIL_NEXT : UNTIL_SETTLED;
    report_begin(control, write_advance, advance);
}
