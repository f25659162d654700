/*
 * Control of outcomes: what the next timed steps of some resources end in.
 *
 * The rule: an outcome takes the first `times` steps that fit it, beginning with those under way
 * when it comes. A step that it has taken fails, even if the outcome is then deleted; `after`
 * counts from the step's beginning.
 */

#include <stdlib.h>
#include <string.h>

#include "../../state/base/duration.h"
#include "../../state/base/memory.h"
#include "../../state/lifecycle_outcome.h"
#include "../../state/outcome.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../http/http.h"
#include "../json/tree.h"
#include "control.h"
#include "report.h"
#include "rule.h"

#define AFTER_MAX_MS INT64_C(3153600000000) /* a hundred years, as of every duration */
#define TIMERS_PER_TURN 500

/* ---- posting ------------------------------------------------------------ */

static bool
read_outcome(struct control *control, struct outcome *outcome)
{
    if (!control_arn_glob(control, "resource", &outcome->resource))
        return false;
    outcome->event = text_of(control->body, "event");
    outcome->message = text_of(control->body, "message");
    outcome->times = control_count(control->body, "times", 1);
    outcome->probability = control_number(control->body, "probability", 1);
    outcome->after_ms = control_duration(control->body, "after", OUTCOME_AS_USUAL);
    if (outcome->after_ms > AFTER_MAX_MS)
        return control_fail(control, 400, "InvalidValue",
            "'after' must be at most a hundred years.");
    return rule_step_fits(control, outcome->event, outcome->resource);
}

struct posting {
    int64_t id;
    struct steps_seen seen;
};

static bool
tell_pending(struct report *report)
{
    struct posting *posting = report_context(report);
    struct store *store = report_store(report);
    cJSON *json;
    bool more;

    step_begin(store, "outcomes");
    more = lifecycle_tell_pending(store, posting->id, &posting->seen, TIMERS_PER_TURN);
    if (!report_step_end(report))
        return false;
    if (!more) {
        json = cJSON_CreateObject();
        control_set_id(json, posting->id);
        report_item(report, json);
    }
    return more;
}

void
control_outcome_post(struct control *control)
{
    struct outcome outcome = { .id = 0 };
    struct posting *posting;

    if (!read_outcome(control, &outcome))
        return;
    posting = memory_new(sizeof *posting);
    step_begin(control->store, "outcomes");
    posting->id = outcome_add(control->store, &outcome);
    if (step_end(control->store, true)) {
        report_begin(control, tell_pending, posting);
    } else {
        free(posting);
        control_store_failed(control);
    }
}

/* ---- listing ------------------------------------------------------------ */

static void
set_optional(cJSON *json, const char *member, const char *text)
{
    if (text == NULL)
        cJSON_AddNullToObject(json, member);
    else
        cJSON_AddStringToObject(json, member, text);
}

static cJSON *
describe(const struct outcome *outcome)
{
    cJSON *json = cJSON_CreateObject();
    char after[DURATION_SIZE];

    if (outcome->after_ms != OUTCOME_AS_USUAL)
        duration_print(outcome->after_ms, after);
    control_set_id(json, outcome->id);
    cJSON_AddStringToObject(json, "resource", outcome->resource);
    cJSON_AddStringToObject(json, "event", outcome->event);
    cJSON_AddStringToObject(json, "to", "fail");
    set_optional(json, "message", outcome->message);
    cJSON_AddNumberToObject(json, "times", (double)outcome->times);
    set_optional(json, "after", outcome->after_ms == OUTCOME_AS_USUAL ? NULL : after);
    if (outcome->probability < 1)
        cJSON_AddNumberToObject(json, "probability", outcome->probability);
    cJSON_AddNumberToObject(json, "hits", (double)outcome->hits);
    cJSON_AddNumberToObject(json, "left", (double)(outcome->times - outcome->hits));
    return json;
}

static cJSON *
next(struct store *store, int64_t *after)
{
    struct outcome outcome;

    return outcome_next(store, after, &outcome) ? describe(&outcome) : NULL;
}

static const struct rule_kind outcomes = { .one = "outcome",
    .all = "outcomes",
    .next = next,
    .remove = outcome_remove,
    .remove_all = outcome_remove_all };

void
control_outcomes_get(struct control *control)
{
    rules_list(control, &outcomes);
}

void
control_outcome_get(struct control *control)
{
    rule_get(control, &outcomes);
}

void
control_outcomes_delete(struct control *control)
{
    rules_delete(control, &outcomes);
}

void
control_outcome_delete(struct control *control)
{
    rule_delete(control, &outcomes);
}
