/* The journal: which calls came, what was answered, and why. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/arn.h"
#include "../../state/base/memory.h"
#include "../../state/setting.h"
#include "../../state/step.h"
#include "../call/error.h"
#include "../http/http.h"
#include "../record/journal.h"
#include "../call/near.h"
#include "../call/operation.h"
#include "../call/server.h"
#include "control.h"
#include "report.h"

/* Text searched and written in one turn of the loop: a few milliseconds of it. */
#define BYTES_PER_TURN (1024 * 1024)

/* A look through the journal, under way. */
struct search {
    struct journal *journal;
    struct journal_filter filter;
    struct scope scope;
    char arn[2049], text[1025];
    int64_t after, last;         /* goes on behind the one, up to the other */
    int64_t before;              /* 0, or goes back from it */
    int64_t found, limit, shown; /* so many, of at most so many; the id of the last */
    bool begun, over, in_brief;
    bool full; /* there is more than `limit` */
};

/* ---- the question ------------------------------------------------------- */

static bool
unknown(struct control *control, const char *argument, const char *value, const char *meant)
{
    return control_fail(control, 400, "InvalidValue", "'%s': the service has no %s%s%s.", argument,
        value, meant == NULL ? "" : "; the nearest is ", meant == NULL ? "" : meant);
}

static bool
read_names(struct control *control, struct journal_filter *filter)
{
    const char *operation = exchange_argument(control->exchange, "operation");
    const char *error = exchange_argument(control->exchange, "error");

    if (operation != NULL) {
        if (operation_find(operation) == NULL)
            return unknown(control, "operation", operation, near_name(operation, operation_name));
        filter->operation = operation_find(operation)->name;
    }
    if (error != NULL) {
        if (error_find(error) == NO_ERROR)
            return unknown(control, "error", error, near_name(error, error_name));
        filter->error = error_rows[error_find(error)].name;
    }
    return true;
}

static bool
read_status(struct control *control, struct journal_filter *filter)
{
    int64_t status = -1;

    if (!control_argument_integer(control, "status", 0, 599, &status))
        return false;
    if (status != -1)
        filter->status = status == 0 ? JOURNAL_UNSENT : (int)status;
    return true;
}

static bool
read_text(struct control *control, struct search *search)
{
    const char *text = exchange_argument(control->exchange, "text");

    if (text == NULL)
        return true;
    if (strlen(text) >= sizeof search->text)
        return control_fail(control, 400, "InvalidValue", "'text' has at most 1024 bytes.");
    memcpy(search->text, text, strlen(text) + 1);
    return true;
}

static bool
read_search(struct control *control, struct search *search)
{
    int64_t in_brief = 0;

    if (!control_scope(control, &search->scope) ||
        !control_argument_arn(control, search->arn, sizeof search->arn) ||
        !read_names(control, &search->filter) || !read_status(control, &search->filter) ||
        !control_argument_integer(control, "after", 0, INT64_MAX, &search->after) ||
        !control_argument_integer(control, "before", 1, INT64_MAX, &search->before) ||
        !control_argument_integer(control, "brief", 0, 1, &in_brief) ||
        !control_argument_integer(control, "limit", 1, INT64_MAX, &search->limit) ||
        !read_text(control, search))
        return false;
    search->in_brief = in_brief == 1;
    search->filter.text = control_any(search->text);
    search->filter.arn = control_any(search->arn);
    search->filter.account = control_any(search->scope.account);
    search->filter.region = control_any(search->scope.region);
    return true;
}

/* Begins the report of what the arguments ask for, unless they are no good. */
static void
search_begin(struct control *control, bool (*write)(struct report *))
{
    struct journal *journal = control->server->journal;
    struct search *search = memory_new(sizeof *search);

    *search = (struct search){ .journal = journal, .limit = INT64_MAX };
    if (!read_search(control, search)) {
        free(search);
        return;
    }
    step_begin(control->store, "requests");
    journal_bound(journal, setting_int(control->store, SETTING_JOURNAL_SIZE),
        setting_int(control->store, SETTING_JOURNAL_BYTES));
    if (!control_step_end(control, true)) {
        free(search);
        return;
    }
    search->last = journal_last(journal);
    report_begin(control, write, search);
}

/* One entry on, or back; NULL behind the last. */
static const struct journal_entry *
go_on(struct search *search)
{
    const struct journal_entry *entry = search->before != 0
                                            ? journal_previous(search->journal, search->before)
                                            : journal_next(search->journal, search->after);

    if (entry == NULL || (search->before == 0 && entry->id > search->last))
        return NULL;
    if (search->before != 0)
        search->before = entry->id;
    else
        search->after = entry->id;
    return entry;
}

/* The next entry that is asked for, within this turn; NULL when the turn or everything is over. */
static const struct journal_entry *
search_next(struct search *search, size_t *budget)
{
    const struct journal_entry *entry;

    while (*budget > 0) {
        entry = go_on(search);
        if (entry == NULL) {
            search->over = true;
            return NULL;
        }
        *budget -= entry->weight < *budget ? entry->weight : *budget;
        if (journal_matches(entry, &search->filter))
            return entry;
    }
    return NULL;
}

/* ---- the answer --------------------------------------------------------- */

static bool
write_requests(struct report *report)
{
    struct search *search = report_context(report);
    const struct journal_entry *entry;
    size_t budget = BYTES_PER_TURN;

    if (!search->begun)
        report_list(report, "{\"requests\":[");
    search->begun = true;
    while (!search->full && (entry = search_next(search, &budget)) != NULL) {
        search->full = search->found == search->limit;
        if (search->full)
            break;
        report_item(report, report_request(entry, search->in_brief));
        search->found++;
        search->shown = entry->id;
    }
    if (!search->full && !search->over)
        return true;
    fputs("]", report_text(report));
    if (search->full)
        fprintf(report_text(report), ",\"next\":%" PRId64, search->shown);
    fputs("}", report_text(report));
    return false;
}

static bool
write_count(struct report *report)
{
    struct search *search = report_context(report);
    size_t budget = BYTES_PER_TURN;

    while (search_next(search, &budget) != NULL)
        search->found++;
    if (!search->over)
        return true;
    fprintf(report_text(report), "{\"count\":%" PRId64 "}", search->found);
    return false;
}

void
control_requests(struct control *control)
{
    search_begin(control, write_requests);
}

void
control_requests_count(struct control *control)
{
    search_begin(control, write_count);
}

void
control_requests_delete(struct control *control)
{
    struct scope scope;
    size_t count;
    cJSON *json;

    if (!control_scope(control, &scope))
        return;
    count = journal_forget(control->server->journal, control_any(scope.account),
        control_any(scope.region));
    json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "deleted", (double)count);
    control_answer(control, json);
}
