#include "report.h"

#include <stdlib.h>

#include "../../state/history.h"
#include "../http.h"
#include "../job.h"
#include "../server.h"
#include "control.h"

struct report {
    struct server *server;
    struct exchange *exchange;
    bool (*write)(struct report *);
    void *context;
    FILE *text;
    char *bytes;
    size_t length;
    unsigned status;
    bool listing; /* an item was written: the next needs a comma */
};

static void
open_text(struct report *report)
{
    report->text = open_memstream(&report->bytes, &report->length);
    if (report->text == NULL)
        abort();
}

static void
finish(struct report *report)
{
    if (fclose(report->text) != 0)
        abort(); /* out of memory */
    exchange_reply(report->exchange, (struct reply){ .status = report->status,
                                         .content_type = "application/json",
                                         .body = report->bytes,
                                         .length = report->length });
    free(report->context);
    free(report);
}

static bool
work(void *context)
{
    struct report *report = context;
    bool more = report->write(report);

    if (!more)
        finish(report);
    return more;
}

void
report_begin(struct control *control, bool (*write)(struct report *), void *context)
{
    struct report *report = calloc(1, sizeof *report);

    if (report == NULL)
        abort();
    report->server = control->server;
    report->exchange = control->exchange;
    report->write = write;
    report->context = context;
    report->status = 200;
    open_text(report);
    control->ended = true;
    if (work(report))
        job_add(report->server, work, report);
}

struct store *
report_store(struct report *report)
{
    return report->server->store;
}

void *
report_context(struct report *report)
{
    return report->context;
}

FILE *
report_text(struct report *report)
{
    return report->text;
}

void
report_again(struct report *report)
{
    fclose(report->text);
    free(report->bytes);
    open_text(report);
}

void
report_fail(struct report *report, const char *why)
{
    cJSON *json = control_error("StoreFailed", why);

    report_again(report);
    report->status = 500;
    report_list(report, "");
    report_item(report, json);
}

void
report_list(struct report *report, const char *before)
{
    fputs(before, report->text);
    report->listing = false;
}

void
report_item(struct report *report, cJSON *item)
{
    char *text = cJSON_PrintUnformatted(item);

    if (text == NULL)
        abort();
    fprintf(report->text, "%s%s", report->listing ? "," : "", text);
    report->listing = true;
    cJSON_free(text);
    cJSON_Delete(item);
}

cJSON *
report_event(const struct event *event, bool with_cause)
{
    cJSON *json = cJSON_CreateObject();

    control_set_instant(json, "at", event->at_ms);
    cJSON_AddStringToObject(json, "arn", event->arn);
    cJSON_AddStringToObject(json, "kind", event->kind);
    cJSON_AddStringToObject(json, "event", event->event);
    if (event->from == NULL)
        cJSON_AddNullToObject(json, "from");
    else
        cJSON_AddStringToObject(json, "from", event->from);
    cJSON_AddStringToObject(json, "to", event->to);
    if (with_cause)
        cJSON_AddStringToObject(json, "cause", event->cause);
    return json;
}
