/*
 * Control of faults: errors, delays and broken connections in place of answers.
 *
 * What a fault is for that could never happen, or would do nothing, is refused: a test that waits
 * for it would wait for ever.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/duration.h"
#include "../../state/fault.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../fault.h"
#include "../model/model.h"
#include "../near.h"
#include "../operation.h"
#include "control.h"
#include "report.h"

#define COUNT_MAX 1000000000
#define DELAY_MAX_MS 3600000
#define FAULTS_PER_TURN 1000

static const char *const nothing[] = { NULL };

/* ---- posting ------------------------------------------------------------ */

static bool
read_operation(struct control *control, struct fault *fault)
{
    const char *meant;

    if (!control_text(control, "operation", &fault->operation))
        return false;
    if (fault->operation == NULL)
        return control_fail(control, 400, "InvalidValue",
            "Give 'operation': the name of one, or * for every one.");
    if (strcmp(fault->operation, "*") == 0 || operation_find(fault->operation) != NULL)
        return true;
    meant = near_name(fault->operation, operation_name);
    return control_fail(control, 400, "UnknownOperation", "The service has no operation '%s'%s%s.",
        fault->operation, meant == NULL ? "" : "; the nearest is ", meant == NULL ? "" : meant);
}

/* The errors that the operation, or any operation, may answer: "A, B, C". */
static void
list_errors(const struct operation *operation, char *out, size_t size)
{
    size_t used = 0;

    *out = '\0';
    for (enum error error = NO_ERROR + 1; error < ERROR_COUNT && used < size; error++)
        if (operation == NULL ? error != OperationNotServed : fault_may_be(error, operation->model))
            used += (size_t)snprintf(out + used, size - used, "%s%s", used == 0 ? "" : ", ",
                error_rows[error].name);
}

/* Whether some operation of the fault may answer so. */
static bool
check_error(struct control *control, const struct fault *fault)
{
    const struct operation *operation = operation_find(fault->operation); /* NULL: any */
    enum error error = error_find(fault->error);
    char known[900];

    if (error != NO_ERROR && error != OperationNotServed &&
        (operation == NULL || fault_may_be(error, operation->model)))
        return true;
    list_errors(operation, known, sizeof known);
    return control_fail(control, 400, "UnknownError", "%s answers no '%.64s'. It may be: %s.",
        operation == NULL ? "The service" : operation->name, fault->error, known);
}

static bool
read_error_members(struct control *control, struct fault *fault)
{
    static const char *const members[] = { "code", "message", "status", NULL };

    if (!control_members(control, members) || !control_text(control, "code", &fault->error) ||
        !control_text(control, "message", &fault->message) ||
        (cJSON_HasObjectItem(control->body, "status") &&
            !control_count(control, "status", 400, 599, &fault->status)))
        return false;
    if (fault->error == NULL)
        return control_fail(control, 400, "InvalidValue", "Give the 'code' of the 'error'.");
    return check_error(control, fault);
}

/* The members of `error` are read as those of a body. */
static bool
read_error(struct control *control, struct fault *fault)
{
    cJSON *body = control->body;
    cJSON *error = cJSON_GetObjectItemCaseSensitive(body, "error");
    bool good;

    if (error == NULL)
        return true;
    if (!cJSON_IsObject(error))
        return control_fail(control, 400, "WrongType",
            "'error' must be an object with 'code', and perhaps 'message' and 'status'.");
    control->body = error;
    good = read_error_members(control, fault);
    control->body = body;
    return good;
}

static bool
read_caller(struct control *control, struct fault *fault)
{
    if (!control_text(control, "account", &fault->account) ||
        !control_text(control, "region", &fault->region))
        return false;
    if (*fault->account != '\0' && !account_is_valid(fault->account))
        return control_fail(control, 400, "InvalidValue", "'account' must be twelve digits.");
    if (strlen(fault->region) >= REGION_SIZE)
        return control_fail(control, 400, "InvalidValue", "'region' must be the name of a region.");
    return cJSON_GetObjectItemCaseSensitive(control->body, "resource") == NULL ||
           control_arn_glob(control, "resource", &fault->resource);
}

static bool
read_occasions(struct control *control, struct fault *fault)
{
    if ((cJSON_HasObjectItem(control->body, "times") &&
            !control_count(control, "times", 1, COUNT_MAX, &fault->times)) ||
        !control_count(control, "skip", 0, COUNT_MAX, &fault->skip) ||
        !control_number(control, "probability", &fault->probability) ||
        !control_duration(control, "delay", &fault->delay_ms))
        return false;
    if (!(fault->probability >= 0 && fault->probability <= 1))
        return control_fail(control, 400, "InvalidValue", "'probability' must be from 0 to 1.");
    return fault->delay_ms <= DELAY_MAX_MS ||
           control_fail(control, 400, "InvalidValue", "'delay' must be at most 1h.");
}

static bool
read_fault(struct control *control, struct fault *fault)
{
    static const char *const members[] = { "operation", "resource", "account", "region", "times",
        "skip", "probability", "delay", "error", "wire", NULL };

    if (!control_arguments(control, nothing) || !control_members(control, members) ||
        !read_operation(control, fault) || !read_caller(control, fault) ||
        !read_occasions(control, fault) || !read_error(control, fault) ||
        !control_text(control, "wire", &fault->wire))
        return false;
    if (fault->wire != NULL && fault_wire(fault->wire) == WIRE_NONE)
        return control_fail(control, 400, "InvalidValue",
            "'wire' must be reset, empty, garbage, truncate or hang.");
    if (fault->error != NULL && fault->wire != NULL && fault_wire(fault->wire) != WIRE_TRUNCATE)
        return control_fail(control, 400, "InvalidValue",
            "After %s there is no answer that 'error' could be: give one of the two.", fault->wire);
    if (fault->error == NULL && fault->wire == NULL && fault->delay_ms == 0)
        return control_fail(control, 400, "InvalidValue",
            "The fault does nothing: give 'error', 'wire' or 'delay'.");
    return true;
}

/* Ends the call with `json`, unless the store could not do what was asked. */
static void
answer(struct control *control, bool kept, cJSON *json)
{
    if (kept) {
        control_answer(control, json);
        return;
    }
    cJSON_Delete(json);
    control_store_failed(control);
}

void
control_faults_post(struct control *control)
{
    struct fault fault = { .account = "", .region = "", .times = FAULT_ALWAYS, .probability = 1 };
    cJSON *json;

    if (!read_fault(control, &fault))
        return;
    json = cJSON_CreateObject();
    step_begin(control->store, "faults");
    control_set_id(json, fault_add(control->store, &fault));
    answer(control, step_end(control->store, true), json);
}

/* ---- listing ------------------------------------------------------------ */

static void
set_text(cJSON *json, const char *member, const char *text)
{
    if (text != NULL && *text != '\0')
        cJSON_AddStringToObject(json, member, text);
}

static void
set_error(cJSON *json, const struct fault *fault)
{
    cJSON *error = cJSON_AddObjectToObject(json, "error");

    cJSON_AddStringToObject(error, "code", fault->error);
    if (fault->message != NULL)
        cJSON_AddStringToObject(error, "message", fault->message);
    if (fault->status != 0)
        cJSON_AddNumberToObject(error, "status", (double)fault->status);
}

/* As it was given, and what became of it. */
static cJSON *
describe(const struct fault *fault)
{
    cJSON *json = cJSON_CreateObject();
    char delay[DURATION_SIZE];

    control_set_id(json, fault->id);
    set_text(json, "operation", fault->operation);
    set_text(json, "resource", fault->resource);
    set_text(json, "account", fault->account);
    set_text(json, "region", fault->region);
    if (fault->times != FAULT_ALWAYS)
        cJSON_AddNumberToObject(json, "times", (double)fault->times);
    if (fault->skip != 0)
        cJSON_AddNumberToObject(json, "skip", (double)fault->skip);
    if (fault->probability < 1)
        cJSON_AddNumberToObject(json, "probability", fault->probability);
    if (fault->delay_ms != 0) {
        duration_print(fault->delay_ms, delay);
        set_text(json, "delay", delay);
    }
    if (fault->error != NULL)
        set_error(json, fault);
    set_text(json, "wire", fault->wire);
    cJSON_AddNumberToObject(json, "matches", (double)fault->matches);
    cJSON_AddNumberToObject(json, "hits", (double)fault->hits);
    return json;
}

static bool
write_faults(struct report *report)
{
    int64_t *after = report_context(report);
    struct fault fault;
    int written = 0;

    if (*after == 0)
        report_list(report, "{\"faults\":[");
    step_begin(report_store(report), "faults");
    while (written < FAULTS_PER_TURN && fault_next(report_store(report), after, &fault)) {
        report_item(report, describe(&fault));
        written++;
    }
    step_end(report_store(report), true);
    if (written < FAULTS_PER_TURN)
        fputs("]}", report_text(report));
    return written == FAULTS_PER_TURN;
}

void
control_faults(struct control *control)
{
    int64_t *after;

    if (!control_arguments(control, nothing) || !control_members(control, nothing))
        return;
    after = calloc(1, sizeof *after);
    if (after == NULL)
        abort();
    report_begin(control, write_faults, after);
}

/* ---- deleting ----------------------------------------------------------- */

void
control_faults_delete(struct control *control)
{
    static const char *const arguments[] = { "account", "region", NULL };
    struct scope scope;
    cJSON *json;
    int count;

    if (!control_arguments(control, arguments) || !control_members(control, nothing) ||
        !control_scope(control, &scope))
        return;
    step_begin(control->store, "faults");
    count = fault_remove_all(control->store, control_any(scope.account), control_any(scope.region));
    json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "deleted", count);
    answer(control, step_end(control->store, true), json);
}

void
control_fault_delete(struct control *control)
{
    bool found, kept;

    if (!control_arguments(control, nothing) || !control_members(control, nothing))
        return;
    step_begin(control->store, "faults");
    found = fault_remove(control->store, control_id(control));
    kept = step_end(control->store, true);
    if (kept && !found)
        control_fail(control, 404, "NotFound", "There is no fault '%s'.", control->name);
    else
        answer(control, kept, cJSON_CreateObject());
}
