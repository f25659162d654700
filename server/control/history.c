/* What happened: every move of every resource, oldest first. */

#include "../../state/base/memory.h"
#include "../../state/history.h"
#include "../../state/step.h"
#include "../http/http.h"
#include "control.h"
#include "report.h"

/* Events written in one turn of the loop. */
#define EVENTS_PER_TURN 1000

struct history {
    int64_t after;
    char arn[2049]; /* "" for all */
};

static bool
write_events(struct report *report)
{
    struct history *history = report_context(report);
    const char *arn = *history->arn == '\0' ? NULL : history->arn;
    struct event event;
    int written = 0;

    if (history->after == 0)
        report_list(report, "{\"events\":[");
    step_begin(report_store(report), "history");
    while (written < EVENTS_PER_TURN &&
           history_next(report_store(report), arn, &history->after, &event)) {
        report_item(report, report_event(&event, true));
        written++;
    }
    if (!report_step_end(report))
        return false;
    if (written < EVENTS_PER_TURN)
        fputs("]}", report_text(report));
    return written == EVENTS_PER_TURN;
}

void
control_history(struct control *control)
{
    const char *arn = exchange_argument(control->exchange, "arn");
    struct history *history = memory_new(sizeof *history);

    if (arn != NULL)
        snprintf(history->arn, sizeof history->arn, "%s", arn);
    report_begin(control, write_events, history);
}
