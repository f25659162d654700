/* What would have been billed, by version and in total, and what is running still. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/instant.h"
#include "../../state/resource.h"
#include "../../state/base/memory.h"
#include "../../state/step.h"
#include "../../state/usage.h"
#include "../http/http.h"
#include "../json/text.h"
#include "control.h"
#include "report.h"

/* Rows looked at in one turn of the loop. */
#define ROWS_PER_TURN 500

#define HOUR_MS 3600000.0

struct inquiry {
    struct scope scope; /* "" for any */
    char arn[2049];     /* likewise */
    bool begun;
    int64_t after;
    struct prices prices; /* as they were when it began */
    struct usage total;
    struct text running, on; /* these lists, while the versions are written */
};

static cJSON *
describe(const struct usage *usage, const struct prices *prices)
{
    cJSON *json = cJSON_CreateObject();

    if (usage->arn != NULL)
        cJSON_AddStringToObject(json, "arn", usage->arn);
    cJSON_AddNumberToObject(json, "runningSeconds", (double)usage->running_ms / 1000);
    cJSON_AddNumberToObject(json, "inferenceUnitHours", (double)usage->unit_ms / HOUR_MS);
    cJSON_AddNumberToObject(json, "trainingSeconds", (double)usage->training_ms / 1000);
    cJSON_AddNumberToObject(json, "calls", (double)usage->calls);
    cJSON_AddNumberToObject(json, "throttledCalls", (double)usage->throttled_calls);
    cJSON_AddNumberToObject(json, "unitsInService", (double)usage->units);
    cJSON_AddNumberToObject(json, "estimatedCost", usage_cost(usage, prices));
    return json;
}

static void
begin(struct report *report, struct inquiry *inquiry)
{
    inquiry->begun = true;
    inquiry->prices = usage_prices(report_store(report));
    report_list(report, "{\"versions\":[");
}

static const char *
written(const struct text *items)
{
    return items->bytes == NULL ? "" : items->bytes;
}

static void
forget(struct inquiry *inquiry)
{
    free(inquiry->running.bytes);
    free(inquiry->on.bytes);
}

static void
end(struct report *report, struct inquiry *inquiry)
{
    report_list(report, "],\"totals\":");
    report_item(report, describe(&inquiry->total, &inquiry->prices));
    fprintf(report_text(report), ",\"running\":[%s],\"on\":[%s]}", written(&inquiry->running),
        written(&inquiry->on));
}

static bool
concerns(const struct inquiry *inquiry, const struct usage *usage)
{
    const struct scope *scope = &inquiry->scope;

    return (*scope->account == '\0' || strcmp(scope->account, usage->scope.account) == 0) &&
           (*scope->region == '\0' || strcmp(scope->region, usage->scope.region) == 0);
}

/* Adds it to a list, and deletes it. */
static void
list(struct text *items, cJSON *item)
{
    char *printed = memory_made(cJSON_PrintUnformatted(item));

    text_add_string(items, items->length > 0 ? "," : "");
    text_add_string(items, printed);
    cJSON_free(printed);
    cJSON_Delete(item);
}

static void
list_what_is_on(struct inquiry *inquiry, const struct usage *usage)
{
    char since[INSTANT_SIZE];
    cJSON *item;

    if (usage->units > 0)
        list(&inquiry->running, cJSON_CreateString(usage->arn));
    if (!usage_is_on(usage))
        return;
    instant_print(usage->entered_ms, since);
    item = cJSON_CreateObject();
    cJSON_AddStringToObject(item, "arn", usage->arn);
    cJSON_AddStringToObject(item, "status", usage->status);
    cJSON_AddStringToObject(item, "since", since);
    cJSON_AddNumberToObject(item, "estimatedCost", usage_cost(usage, &inquiry->prices));
    list(&inquiry->on, item);
}

static bool
write_usage(struct report *report)
{
    struct inquiry *inquiry = report_context(report);
    struct store *store = report_store(report);
    const char *arn = *inquiry->arn == '\0' ? NULL : inquiry->arn;
    struct usage usage;
    int rows = 0;
    bool good;

    step_begin_of(store, "usage", inquiry->scope.account);
    if (!inquiry->begun)
        begin(report, inquiry);
    while (rows < ROWS_PER_TURN && usage_next(store, arn, &inquiry->after, &usage)) {
        rows++;
        if (!concerns(inquiry, &usage))
            continue;
        report_item(report, describe(&usage, &inquiry->prices));
        list_what_is_on(inquiry, &usage);
        usage_sum(&inquiry->total, &usage);
    }
    good = report_step_end(report);
    if (good && rows == ROWS_PER_TURN)
        return true;
    if (good)
        end(report, inquiry);
    forget(inquiry);
    return false;
}

void
control_usage(struct control *control)
{
    const char *arn = exchange_argument(control->exchange, "arn");
    struct inquiry *inquiry;
    struct scope scope;

    if (!control_scope(control, &scope))
        return;
    if (arn != NULL &&
        resource_of_arn(arn, &(struct scope){ "", "" }) != RESOURCE_project_version) {
        control_fail(control, 400, "InvalidValue", "'arn' must be the ARN of a version.");
        return;
    }
    inquiry = memory_new(sizeof *inquiry);
    inquiry->scope = scope;
    snprintf(inquiry->arn, sizeof inquiry->arn, "%s", arn == NULL ? "" : arn);
    report_begin(control, write_usage, inquiry);
}
