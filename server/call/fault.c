#include "fault.h"

#include <string.h>

#include "../../state/base/array.h"
#include "../../state/fault.h"
#include "../../state/base/glob.h"
#include "../../state/store.h"
#include "call.h"
#include "../model/model.h"

const struct fault_message fault_messages[] = {
#define MESSAGE(error, status, text, evidence, source) { error, status, text, evidence, source },
#include "fault_messages.def"
#undef MESSAGE
};
const size_t fault_message_count = COUNT(fault_messages);

static const char *const wires[] = {
    [WIRE_RESET] = "reset",
    [WIRE_EMPTY] = "empty",
    [WIRE_GARBAGE] = "garbage",
    [WIRE_TRUNCATE] = "truncate",
    [WIRE_HANG] = "hang",
};

enum wire_fault
fault_wire(const char *name)
{
    for (size_t i = WIRE_NONE + 1; i < COUNT(wires); i++)
        if (strcmp(wires[i], name) == 0)
            return (enum wire_fault)i;
    return WIRE_NONE;
}

bool
fault_may_be(enum error error, const struct operation_model *model)
{
    return error_rows[error].form != FORM_SERVICE || error_is_among(error, model->errors);
}

/* ---- which one ---------------------------------------------------------- */

/* Whether an ARN somewhere in there fits the glob. */
static bool
names_resource(const cJSON *json, const char *glob)
{
    if (cJSON_IsString(json))
        return strncmp(json->valuestring, "arn:", 4) == 0 && glob_matches(glob, json->valuestring);
    for (const cJSON *item = json->child; item != NULL; item = item->next)
        if (names_resource(item, glob))
            return true;
    return false;
}

static bool
fits(const struct fault *fault, const struct call *call)
{
    return (fault->resource == NULL || names_resource(call->input, fault->resource)) &&
           (fault->error == NULL || fault_may_be(error_find(fault->error), call->model));
}

static const struct fault *
find(struct call *call)
{
    size_t count;
    struct fault *faults = fault_live(call->store, call->model->name, &call->scope, &count);

    for (size_t i = 0; i < count; i++)
        if (fits(&faults[i], call) && fault_meets(call->store, &faults[i]))
            return &faults[i];
    return NULL;
}

/* ---- what it does ------------------------------------------------------- */

const char *
fault_message(enum error error, unsigned status)
{
    for (size_t i = 0; i < fault_message_count; i++)
        if (fault_messages[i].error == error && fault_messages[i].status == status)
            return fault_messages[i].text;
    return NULL;
}

static void
explain_strike(struct call *call, const struct fault *fault)
{
    call->rule = "FAULT";
    call->found = store_format(call->store, "fault %lld: %s%s%s", (long long)fault->id,
        fault->error == NULL ? "" : fault->error,
        fault->error == NULL || fault->wire == NULL ? "" : ", ",
        fault->wire == NULL ? "" : fault->wire);
    call->evidence = DOCUMENTED;
    call->source = "a fault of the control API, /_local/faults";
}

static void
answer_error(struct call *call, const struct fault *fault)
{
    enum error error = error_find(fault->error);
    unsigned status = fault->status == 0 ? error_rows[error].status : (unsigned)fault->status;
    const char *message = fault->message == NULL ? fault_message(error, status) : fault->message;

    fail_with(call, error, message);
    call->status = status;
}

bool
fault_lets_pass(struct call *call, struct strike *strike)
{
    const struct fault *fault = find(call);

    if (fault == NULL)
        return true;
    call->fault = fault->id;
    strike->delay_ms = fault->delay_ms;
    if (fault->wire != NULL)
        strike->wire = fault_wire(fault->wire);
    if (fault->error != NULL)
        answer_error(call, fault);
    else if (strike->wire == WIRE_NONE || strike->wire == WIRE_TRUNCATE)
        return true;
    explain_strike(call, fault);
    return false;
}
