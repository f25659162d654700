#define _GNU_SOURCE /* memfd_create() */

#include "report.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../state/base/memory.h"
#include "../../state/history.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../http/http.h"
#include "../work/job.h"
#include "../record/journal.h"
#include "../call/server.h"
#include "control.h"

struct report {
    struct server *server;
    struct exchange *exchange;
    bool (*write)(struct report *);
    void *context;
    void (*on_give_up)(void *context); /* or NULL */
    FILE *text;
    int file;      /* where it is: in pages of memory, for a buffer is copied whole as it grows */
    char *bytes;   /* instead, when file is -1 */
    size_t length; /* likewise */
    unsigned status;
    bool listing; /* an item was written: the next needs a comma */
};

/* When there is no file left to open, a buffer must do. */
static void
open_text(struct report *report)
{
    int writer = memfd_create("report", MFD_CLOEXEC);

    report->file = writer < 0 ? -1 : fcntl(writer, F_DUPFD_CLOEXEC, 0);
    report->text = report->file < 0 ? NULL : fdopen(writer, "w");
    if (report->text != NULL)
        return;
    if (writer >= 0)
        close(writer);
    if (report->file >= 0)
        close(report->file);
    report->file = -1;
    report->text = memory_made(open_memstream(&report->bytes, &report->length));
}

static void
finish(struct report *report)
{
    struct reply reply = { .status = report->status, .content_type = "application/json" };
    long length = ftell(report->text);

    if (length < 0 || fclose(report->text) != 0)
        abort(); /* out of memory */
    reply.length = (size_t)length;
    if (report->file >= 0) {
        exchange_reply_file(report->exchange, reply, report->file);
    } else {
        reply.body = report->bytes;
        exchange_reply(report->exchange, reply);
    }
    free(report->context);
    free(report);
}

static void
drop_text(struct report *report)
{
    fclose(report->text);
    if (report->file >= 0)
        close(report->file);
    else
        free(report->bytes);
}

static void
give_up(void *context)
{
    struct report *report = context;

    drop_text(report);
    if (report->on_give_up != NULL)
        report->on_give_up(report->context);
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
    struct report *report = memory_new(sizeof *report);

    report->server = control->server;
    report->exchange = control->exchange;
    report->write = write;
    report->context = context;
    report->status = 200;
    open_text(report);
    control->ended = true;
    if (work(report))
        job_add(report->server, work, give_up, report);
}

void
report_on_give_up(struct report *report, void (*end)(void *context))
{
    report->on_give_up = end;
}

void
report_wait(struct report *report)
{
    job_wait(report->server);
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
    drop_text(report);
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

bool
report_step_end(struct report *report)
{
    char why[256];

    if (step_end(report->server->store, true))
        return true;
    snprintf(why, sizeof why, "The store failed: %s; nothing was changed.",
        store_why(report->server->store));
    report_fail(report, why);
    return false;
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
    char *text = memory_made(cJSON_PrintUnformatted(item));

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

static void
add_text(cJSON *json, const char *member, const char *text)
{
    if (text == NULL)
        cJSON_AddNullToObject(json, member);
    else
        cJSON_AddStringToObject(json, member, text);
}

static void
add_json(cJSON *json, const char *member, const char *text)
{
    cJSON_AddRawToObject(json, member, text == NULL ? "null" : text);
}

/* As it came, but for the space in it. */
static void
add_input(cJSON *json, const char *text)
{
    cJSON *input = text == NULL ? NULL : cJSON_Parse(text);

    cJSON_AddItemToObject(json, "input", input == NULL ? cJSON_CreateNull() : input);
}

cJSON *
report_request(const struct journal_entry *entry, bool in_brief)
{
    cJSON *json = cJSON_CreateObject();
    char fault[32];

    cJSON_AddNumberToObject(json, "id", (double)entry->id);
    control_set_instant(json, "at", entry->at_ms);
    control_set_instant(json, "realAt", entry->real_ms);
    add_text(json, "requestId", entry->request_id);
    add_text(json, "operation", entry->operation);
    add_text(json, "account", entry->account);
    add_text(json, "region", entry->region);
    add_text(json, "accessKeyId", entry->access_key_id);
    cJSON_AddNumberToObject(json, "status", entry->status);
    add_text(json, "error", entry->error);
    if (!in_brief) {
        add_input(json, entry->input);
        add_json(json, "output", entry->output);
    }
    cJSON_AddNumberToObject(json, "durationUs", (double)entry->duration_us);
    if (entry->fault != 0) {
        snprintf(fault, sizeof fault, "%" PRId64, entry->fault);
        add_text(json, "fault", fault);
    }
    if (entry->explain != NULL)
        add_json(json, "explain", entry->explain);
    if (entry->ignored != NULL)
        add_json(json, "ignoredMembers", entry->ignored);
    return json;
}
