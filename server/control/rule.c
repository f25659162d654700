#include "rule.h"

#include <stdio.h>
#include <string.h>

#include "../../state/base/arn.h"
#include "../../state/base/glob.h"
#include "../../state/base/memory.h"
#include "../../state/lifecycle_table.h"
#include "../../state/resource.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../call/error.h"
#include "../call/fault.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../call/operation.h"
#include "control.h"
#include "report.h"

#define RULES_PER_TURN 1000

/* ---- listing ------------------------------------------------------------ */

struct listing {
    const struct rule_kind *kind;
    int64_t after;
};

static bool
write_rules(struct report *report)
{
    struct listing *listing = report_context(report);
    cJSON *json;
    int written = 0;

    if (listing->after == 0) {
        fprintf(report_text(report), "{\"%s\":", listing->kind->all);
        report_list(report, "[");
    }
    step_begin(report_store(report), listing->kind->all);
    while (written < RULES_PER_TURN &&
           (json = listing->kind->next(report_store(report), &listing->after)) != NULL) {
        report_item(report, json);
        written++;
    }
    if (!report_step_end(report))
        return false;
    if (written < RULES_PER_TURN)
        fputs("]}", report_text(report));
    return written == RULES_PER_TURN;
}

void
rules_list(struct control *control, const struct rule_kind *kind)
{
    struct listing *listing = memory_new(sizeof *listing);

    listing->kind = kind;
    report_begin(control, write_rules, listing);
}

/* Ends the step, and the call with `json`; unless the store failed. */
static void
end(struct control *control, cJSON *json)
{
    if (control_step_end(control, true))
        control_answer(control, json);
    else
        cJSON_Delete(json);
}

/* The same, of a rule that is not there for NULL. */
void
rule_answer(struct control *control, const struct rule_kind *kind, cJSON *json)
{
    if (json != NULL)
        end(control, json);
    else if (control_step_end(control, true))
        control_fail(control, 404, "NotFound", "There is no %s '%s'.", kind->one, control->name);
}

static bool
has_name(const cJSON *rule, const char *id)
{
    return rule != NULL &&
           strcmp(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(rule, "id")), id) == 0;
}

void
rule_get(struct control *control, const struct rule_kind *kind)
{
    int64_t after = control_id(control) - 1;
    cJSON *json;

    step_begin(control->store, kind->all);
    json = kind->next(control->store, &after);
    if (!has_name(json, control->name)) {
        cJSON_Delete(json);
        json = NULL;
    }
    rule_answer(control, kind, json);
}

/* ---- adding and deleting ------------------------------------------------ */

void
rule_added(struct control *control, int64_t id)
{
    cJSON *json = cJSON_CreateObject();

    control_set_id(json, id);
    end(control, json);
}

void
rules_delete(struct control *control, const struct rule_kind *kind)
{
    struct scope scope;
    cJSON *json;

    if (!control_scope(control, &scope))
        return;
    step_begin(control->store, kind->all);
    json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "deleted",
        kind->remove_all(control->store, control_any(scope.account), control_any(scope.region)));
    end(control, json);
}

void
rule_delete(struct control *control, const struct rule_kind *kind)
{
    step_begin(control->store, kind->all);
    rule_answer(control, kind,
        kind->remove(control->store, control_id(control)) ? cJSON_CreateObject() : NULL);
}

/* ---- steps -------------------------------------------------------------- */

bool
rule_step_fits(struct control *control, const char *event, const char *resource)
{
    enum resource found, wanted = RESOURCE_NONE;
    char glob[256];

    if (!glob_is_literal(resource))
        return true;
    found = resource_of_arn(resource, &(struct scope){ "", "" });
    for (size_t i = 0; i < lifecycle_timeout_count && wanted != found; i++)
        if (strcmp(lifecycle_timeouts[i].step, event) == 0)
            wanted = resource_of_kind(lifecycle_timeouts[i].kind);
    if (wanted == found && found != RESOURCE_NONE)
        return true;
    resource_glob(wanted, glob, sizeof glob);
    return control_fail(control, 400, "InvalidValue", "'%s' is a step of what fits *:%s.", event,
        glob);
}

/* ---- errors ------------------------------------------------------------- */

static bool
may_be(enum error error, const struct operation *operation, enum rule_errors errors)
{
    if (error == NO_ERROR)
        return false;
    if (errors == RULE_DECLARED_ERROR)
        return error_is_among(error, operation->model->errors);
    return operation == NULL || fault_may_be(error, operation->model);
}

/* "A, B, C". */
static void
list_errors(const struct operation *operation, enum rule_errors errors, char *out, size_t size)
{
    size_t used = 0;

    *out = '\0';
    for (enum error error = NO_ERROR + 1; error < ERROR_COUNT && used < size; error++)
        if (may_be(error, operation, errors))
            used += (size_t)snprintf(out + used, size - used, "%s%s", used == 0 ? "" : ", ",
                error_rows[error].name);
}

static bool
check_code(struct control *control, const struct operation *operation, enum rule_errors errors,
    const char *code)
{
    char known[900];

    if (may_be(error_find(code), operation, errors))
        return true;
    list_errors(operation, errors, known, sizeof known);
    return control_fail(control, 400, "UnknownError", "%s answers no '%.64s'. It may be: %s.",
        operation == NULL ? "The service" : operation->name, code, known);
}

bool
rule_read_error(struct control *control, const struct operation *operation, enum rule_errors errors,
    struct rule_error *error)
{
    const cJSON *given = member_of(control->body, "error");

    if (given == NULL)
        return true;
    *error = (struct rule_error){ .code = text_of(given, "code"),
        .message = text_of(given, "message"),
        .status = control_count(given, "status", 0) };
    return check_code(control, operation, errors, error->code);
}

void
rule_set_error(cJSON *object, const struct rule_error *error)
{
    cJSON *json;

    if (error->code == NULL)
        return;
    json = cJSON_AddObjectToObject(object, "error");
    cJSON_AddStringToObject(json, "code", error->code);
    if (error->message != NULL)
        cJSON_AddStringToObject(json, "message", error->message);
    if (error->status != 0)
        cJSON_AddNumberToObject(json, "status", (double)error->status);
}
