/* The table of lifecycles, for whoever draws it. */

#include <string.h>

#include "../../state/base/evidence.h"
#include "../../state/lifecycle_table.h"
#include "../../state/resource.h"
#include "../../state/setting.h"
#include "../json/tree.h"
#include "control.h"

static bool
ends_by_time(const struct transition *transition)
{
    for (size_t i = 0; i < lifecycle_timeout_count; i++) {
        const struct timeout *timeout = &lifecycle_timeouts[i];

        if (strcmp(timeout->kind, transition->kind) == 0 &&
            strcmp(timeout->status, transition->from) == 0 &&
            (strcmp(timeout->event, transition->event) == 0 ||
                strcmp(timeout->otherwise, transition->event) == 0))
            return true;
    }
    return false;
}

static const char *
who_moves(const struct transition *transition)
{
    return ends_by_time(transition) ? "time" : transition->is_move ? "service" : "call";
}

static void
add_transitions(cJSON *list, const char *kind)
{
    for (size_t i = 0; i < lifecycle_transition_count; i++) {
        const struct transition *transition = &lifecycle_transitions[i];
        cJSON *json;

        if (strcmp(transition->kind, kind) != 0)
            continue;
        json = tree_append_object(list);
        tree_set_text(json, "from", transition->from);
        tree_set_text(json, "event", transition->event);
        tree_set_text(json, "to", transition->to);
        tree_set_text(json, "by", who_moves(transition));
        tree_set_text(json, "evidence", evidence_name(transition->evidence));
        tree_set_text(json, "source", transition->source);
    }
}

static void
add_steps(cJSON *list, const char *kind)
{
    for (size_t i = 0; i < lifecycle_timeout_count; i++) {
        const struct timeout *timeout = &lifecycle_timeouts[i];
        cJSON *json;

        if (strcmp(timeout->kind, kind) != 0)
            continue;
        json = tree_append_object(list);
        tree_set_text(json, "status", timeout->status);
        tree_set_text(json, "step", timeout->step);
        tree_set_text(json, "setting", setting_rows[timeout->setting].name);
        tree_set_text(json, "event", timeout->event);
        tree_set_text(json, "otherwise", timeout->otherwise);
        cJSON_AddBoolToObject(json, "canFail", lifecycle_can_fail(timeout));
    }
}

void
control_lifecycles(struct control *control)
{
    static const struct {
        const char *kind, *resource;
    } rows[] = {
#define LIFECYCLE(kind, resource) { #kind, #resource },
#include "../../state/resources.def"
    };
    cJSON *json = cJSON_CreateObject(), *list = tree_set_list(json, "lifecycles");

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cJSON *one = tree_append_object(list);

        tree_set_text(one, "kind", rows[i].kind);
        tree_set_text(one, "resource", rows[i].resource);
        add_transitions(tree_set_list(one, "transitions"), rows[i].kind);
        add_steps(tree_set_list(one, "steps"), rows[i].kind);
    }
    control_answer(control, json);
}
