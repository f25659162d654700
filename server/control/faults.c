/*
 * Control of faults: errors, delays and broken connections in place of answers.
 *
 * What a fault is for that could never happen, or would do nothing, is refused: a test that waits
 * for it would wait for ever.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/duration.h"
#include "../../state/fault.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../call/fault.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../call/near.h"
#include "../call/operation.h"
#include "control.h"
#include "rule.h"

#define DELAY_MAX_MS 3600000

/* ---- posting ------------------------------------------------------------ */

static bool
read_operation(struct control *control, struct fault *fault)
{
    const char *meant;

    fault->operation = text_of(control->body, "operation");
    if (strcmp(fault->operation, "*") == 0 || operation_find(fault->operation) != NULL)
        return true;
    meant = near_name(fault->operation, operation_name);
    return control_fail(control, 400, "UnknownOperation", "The service has no operation '%s'%s%s.",
        fault->operation, meant == NULL ? "" : "; the nearest is ", meant == NULL ? "" : meant);
}

static bool
read_error(struct control *control, struct fault *fault)
{
    struct rule_error error = { .code = NULL };

    if (!rule_read_error(control, operation_find(fault->operation), RULE_ANY_ERROR, &error))
        return false;
    fault->error = error.code;
    fault->message = error.message;
    fault->status = error.status;
    return true;
}

static const char *
text_or_any(const cJSON *body, const char *member)
{
    const char *text = text_of(body, member);

    return text == NULL ? "" : text;
}

static bool
read_caller(struct control *control, struct fault *fault)
{
    fault->account = text_or_any(control->body, "account");
    fault->region = text_or_any(control->body, "region");
    if (strlen(fault->region) >= REGION_SIZE)
        return control_fail(control, 400, "InvalidValue", "'region' must be the name of a region.");
    return member_of(control->body, "resource") == NULL ||
           control_arn_glob(control, "resource", &fault->resource);
}

static bool
read_occasions(struct control *control, struct fault *fault)
{
    fault->times = control_count(control->body, "times", FAULT_ALWAYS);
    fault->skip = control_count(control->body, "skip", 0);
    fault->probability = control_number(control->body, "probability", 1);
    fault->delay_ms = control_duration(control->body, "delay", 0);
    return fault->delay_ms <= DELAY_MAX_MS ||
           control_fail(control, 400, "InvalidValue", "'delay' must be at most 1h.");
}

static bool
read_fault(struct control *control, struct fault *fault)
{
    if (!read_operation(control, fault) || !read_caller(control, fault) ||
        !read_occasions(control, fault) || !read_error(control, fault))
        return false;
    fault->wire = text_of(control->body, "wire");
    if (fault->error != NULL && fault->wire != NULL && fault_wire(fault->wire) != WIRE_TRUNCATE)
        return control_fail(control, 400, "InvalidValue",
            "After %s there is no answer that 'error' could be: give one of the two.", fault->wire);
    if (fault->error == NULL && fault->wire == NULL && fault->delay_ms == 0)
        return control_fail(control, 400, "InvalidValue",
            "The fault does nothing: give 'error', 'wire' or 'delay'.");
    return true;
}

void
control_faults_post(struct control *control)
{
    struct fault fault = { .id = 0 };

    if (!read_fault(control, &fault))
        return;
    step_begin(control->store, "faults");
    rule_added(control, fault_add(control->store, &fault));
}

/* ---- listing ------------------------------------------------------------ */

static void
set_if_said(cJSON *json, const char *member, const char *text)
{
    if (text != NULL && *text != '\0')
        cJSON_AddStringToObject(json, member, text);
}

/* As it was given, and what became of it. */
static cJSON *
describe(const struct fault *fault)
{
    cJSON *json = cJSON_CreateObject();
    char delay[DURATION_SIZE];

    control_set_id(json, fault->id);
    set_if_said(json, "operation", fault->operation);
    set_if_said(json, "resource", fault->resource);
    set_if_said(json, "account", fault->account);
    set_if_said(json, "region", fault->region);
    if (fault->times != FAULT_ALWAYS)
        cJSON_AddNumberToObject(json, "times", (double)fault->times);
    if (fault->skip != 0)
        cJSON_AddNumberToObject(json, "skip", (double)fault->skip);
    if (fault->probability < 1)
        cJSON_AddNumberToObject(json, "probability", fault->probability);
    if (fault->delay_ms != 0) {
        duration_print(fault->delay_ms, delay);
        set_if_said(json, "delay", delay);
    }
    rule_set_error(json, &(struct rule_error){ fault->error, fault->message, fault->status });
    set_if_said(json, "wire", fault->wire);
    cJSON_AddNumberToObject(json, "matches", (double)fault->matches);
    cJSON_AddNumberToObject(json, "hits", (double)fault->hits);
    return json;
}

static cJSON *
next(struct store *store, int64_t *after)
{
    struct fault fault;

    return fault_next(store, after, &fault) ? describe(&fault) : NULL;
}

static const struct rule_kind faults = { .one = "fault",
    .all = "faults",
    .next = next,
    .remove = fault_remove,
    .remove_all = fault_remove_all };

void
control_faults(struct control *control)
{
    rules_list(control, &faults);
}

void
control_faults_delete(struct control *control)
{
    rules_delete(control, &faults);
}

void
control_fault(struct control *control)
{
    rule_get(control, &faults);
}

void
control_fault_delete(struct control *control)
{
    rule_delete(control, &faults);
}
