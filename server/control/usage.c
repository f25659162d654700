/* What would have been billed, by version and in total, and what is running still. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/arn.h"
#include "../../state/base/memory.h"
#include "../../state/step.h"
#include "../../state/usage.h"
#include "../http/http.h"
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
    FILE *running; /* the list of what is, while the versions are written */
    char *running_text;
    size_t running_length;
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
    inquiry->running =
        memory_made(open_memstream(&inquiry->running_text, &inquiry->running_length));
    report_list(report, "{\"versions\":[");
}

static void
end(struct report *report, struct inquiry *inquiry)
{
    report_list(report, "],\"totals\":");
    report_item(report, describe(&inquiry->total, &inquiry->prices));
    if (fclose(inquiry->running) != 0)
        abort(); /* out of memory */
    fprintf(report_text(report), ",\"running\":[%s]}", inquiry->running_text);
    free(inquiry->running_text);
}

static bool
concerns(const struct inquiry *inquiry, const struct usage *usage)
{
    const struct scope *scope = &inquiry->scope;

    return (*scope->account == '\0' || strcmp(scope->account, usage->scope.account) == 0) &&
           (*scope->region == '\0' || strcmp(scope->region, usage->scope.region) == 0);
}

static void
write_running(struct inquiry *inquiry, const struct usage *usage)
{
    cJSON *arn;
    char *text;

    if (usage->units == 0)
        return;
    arn = cJSON_CreateStringReference(usage->arn);
    text = memory_made(cJSON_PrintUnformatted(arn));
    fprintf(inquiry->running, "%s%s", ftell(inquiry->running) > 0 ? "," : "", text);
    cJSON_free(text);
    cJSON_Delete(arn);
}

static bool
write_usage(struct report *report)
{
    struct inquiry *inquiry = report_context(report);
    struct store *store = report_store(report);
    const char *arn = *inquiry->arn == '\0' ? NULL : inquiry->arn;
    struct usage usage;
    int rows = 0;

    step_begin(store, "usage");
    if (!inquiry->begun)
        begin(report, inquiry);
    while (rows < ROWS_PER_TURN && usage_next(store, arn, &inquiry->after, &usage)) {
        rows++;
        if (!concerns(inquiry, &usage))
            continue;
        report_item(report, describe(&usage, &inquiry->prices));
        write_running(inquiry, &usage);
        usage_sum(&inquiry->total, &usage);
    }
    if (!report_step_end(report)) {
        fclose(inquiry->running);
        free(inquiry->running_text);
        return false;
    }
    if (rows < ROWS_PER_TURN)
        end(report, inquiry);
    return rows == ROWS_PER_TURN;
}

void
control_usage(struct control *control)
{
    const char *arn = exchange_argument(control->exchange, "arn");
    struct inquiry *inquiry;
    struct scope scope;

    if (!control_scope(control, &scope))
        return;
    if (arn != NULL && arn_parse(arn, &(struct scope){ "", "" }) != ARN_PROJECT_VERSION) {
        control_fail(control, 400, "InvalidValue", "'arn' must be the ARN of a version.");
        return;
    }
    inquiry = memory_new(sizeof *inquiry);
    inquiry->scope = scope;
    snprintf(inquiry->arn, sizeof inquiry->arn, "%s", arn == NULL ? "" : arn);
    report_begin(control, write_usage, inquiry);
}
