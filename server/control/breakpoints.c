/*
 * Control of breakpoints: the ends of steps that are held until they are released.
 *
 * The rule: a breakpoint holds a step when that is due; until then it goes on as ever.
 */
#include "../../state/breakpoint.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/timer.h"
#include "../json/tree.h"
#include "control.h"
#include "rule.h"

static void
list_what_is_held(cJSON *json, const char *member, struct store *store, int64_t id)
{
    cJSON *list = cJSON_AddArrayToObject(json, member);
    struct timer at = { .kind = "", .arn = "" }, timer;

    for (; breakpoint_holds(store, id, &at, &timer); at = timer)
        cJSON_AddItemToArray(list, cJSON_CreateString(timer.arn));
}

static cJSON *
next(struct store *store, int64_t *after)
{
    struct breakpoint breakpoint;
    cJSON *json;

    if (!breakpoint_next(store, after, &breakpoint))
        return NULL;
    json = cJSON_CreateObject();
    control_set_id(json, breakpoint.id);
    cJSON_AddStringToObject(json, "resource", breakpoint.resource);
    cJSON_AddStringToObject(json, "event", breakpoint.event);
    cJSON_AddNumberToObject(json, "times", (double)breakpoint.times);
    cJSON_AddNumberToObject(json, "hits", (double)breakpoint.hits);
    cJSON_AddNumberToObject(json, "left", (double)(breakpoint.times - breakpoint.hits));
    list_what_is_held(json, "holds", store, breakpoint.id);
    return json;
}

static const struct rule_kind breakpoints = { .one = "breakpoint",
    .all = "breakpoints",
    .next = next,
    .remove = breakpoint_remove,
    .remove_all = breakpoint_remove_all };

void
control_breakpoint_post(struct control *control)
{
    struct breakpoint breakpoint = { .event = text_of(control->body, "event"),
        .times = control_count(control->body, "times", 1) };

    if (!control_arn_glob(control, "resource", &breakpoint.resource) ||
        !rule_step_fits(control, breakpoint.event, breakpoint.resource))
        return;
    step_begin(control->store, "breakpoints");
    rule_added(control, breakpoint_add(control->store, &breakpoint));
}

void
control_breakpoint_release(struct control *control)
{
    cJSON *json = cJSON_CreateObject();
    bool released;

    step_begin(control->store, "breakpoints");
    list_what_is_held(json, "released", control->store, control_id(control));
    released = breakpoint_release(control->store, control_id(control));
    if (!released) {
        cJSON_Delete(json);
        json = NULL;
    }
    rule_answer(control, &breakpoints, json);
}

void
control_breakpoints_get(struct control *control)
{
    rules_list(control, &breakpoints);
}

void
control_breakpoint_get(struct control *control)
{
    rule_get(control, &breakpoints);
}

void
control_breakpoints_delete(struct control *control)
{
    rules_delete(control, &breakpoints);
}

void
control_breakpoint_delete(struct control *control)
{
    rule_delete(control, &breakpoints);
}
