/* Deliveries: what other servers were told, or would have been. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/delivery.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../http/http.h"
#include "../json/tree.h"
#include "control.h"
#include "report.h"
#include "rule.h"

/* Deliveries written in one turn of the loop. */
#define DELIVERIES_PER_TURN 200

/* A look through them, under way. */
struct search {
    char arn[2049]; /* "" for all, like the next */
    char kind[16];
    int64_t after, left; /* goes on behind the one, with at most so many */
    bool begun;
};

static cJSON *
describe(const struct delivery *delivery)
{
    cJSON *json = cJSON_CreateObject();

    control_set_id(json, delivery->id);
    control_set_instant(json, "at", delivery->at_ms);
    tree_set_text(json, "arn", delivery->arn);
    tree_set_text(json, "kind", delivery_kinds[delivery->kind]);
    tree_set_text(json, "target", delivery->target);
    tree_set_text(json, "type", delivery->type);
    tree_set_text(json, "body", delivery->body);
    tree_set_text(json, "state", delivery->state);
    tree_set_int(json, "tries", delivery->tries);
    tree_set_text(json, "why", delivery->why);
    return json;
}

static bool
next(struct store *store, const struct search *search, int64_t *after, struct delivery *delivery)
{
    return delivery_next(store, control_any(search->arn), control_any(search->kind), after,
        delivery);
}

/* In a step; false when there are no more, or no more are wanted. */
static bool
write_some(struct report *report, struct search *search)
{
    struct delivery delivery;

    for (int i = 0; i < DELIVERIES_PER_TURN && search->left > 0; i++, search->left--) {
        if (!next(report_store(report), search, &search->after, &delivery))
            return false;
        report_item(report, describe(&delivery));
    }
    return search->left > 0;
}

static bool
write_deliveries(struct report *report)
{
    struct search *search = report_context(report);
    struct delivery delivery;
    int64_t behind;
    bool goes_on, more;

    if (!search->begun)
        report_list(report, "{\"deliveries\":[");
    search->begun = true;
    step_begin(report_store(report), "deliveries");
    goes_on = write_some(report, search);
    behind = search->after;
    more = search->left == 0 && next(report_store(report), search, &behind, &delivery);
    if (!report_step_end(report))
        return false;
    if (goes_on)
        return true;
    fputs("]", report_text(report));
    if (more)
        fprintf(report_text(report), ",\"next\":%" PRId64, search->after);
    fputs("}", report_text(report));
    return false;
}

static bool
read_kind(struct control *control, struct search *search)
{
    const char *kind = exchange_argument(control->exchange, "kind");

    for (size_t i = 0; kind != NULL && i < DELIVERY_KINDS; i++)
        if (strcmp(kind, delivery_kinds[i]) == 0)
            snprintf(search->kind, sizeof search->kind, "%s", kind);
    return kind == NULL || *search->kind != '\0' ||
           control_fail(control, 400, "InvalidValue", "'kind' must be SNS, KINESIS or S3.");
}

void
control_deliveries(struct control *control)
{
    struct search *search = memory_new(sizeof *search);

    search->left = INT64_MAX;
    if (read_kind(control, search) &&
        control_argument_arn(control, search->arn, sizeof search->arn) &&
        control_argument_integer(control, "after", 0, INT64_MAX, &search->after) &&
        control_argument_integer(control, "limit", 1, INT64_MAX, &search->left))
        report_begin(control, write_deliveries, search);
    else
        free(search);
}

static const struct rule_kind deliveries = { .one = "delivery",
    .all = "deliveries",
    .remove_all = delivery_remove_all };

void
control_deliveries_delete(struct control *control)
{
    rules_delete(control, &deliveries);
}
