/* What there is, what is going on, and what was counted, as Prometheus reads it. */

#include "../record/metrics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/delivery.h"
#include "../../state/lifecycle.h"
#include "../../state/resource/project_version.h"
#include "../../state/step.h"
#include "../../state/timer.h"
#include "../call/hold.h"
#include "../http/http.h"
#include "../work/job.h"
#include "../call/server.h"
#include "control.h"
#include "events.h"

#define CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Whether no row of the table before this one leads to the same status of the same kind. */
static bool
is_first_to(size_t row)
{
    const struct transition *transitions = lifecycle_transitions;

    for (size_t i = 0; i < row; i++)
        if (strcmp(transitions[i].kind, transitions[row].kind) == 0 &&
            strcmp(transitions[i].to, transitions[row].to) == 0)
            return false;
    return strcmp(transitions[row].to, LIFECYCLE_NONE) != 0;
}

static void
write_resources(struct store *store, FILE *out)
{
    metrics_family(out, "rekognition_local_resources", "gauge",
        "Resources by kind and status, of all accounts.");
    for (size_t i = 0; i < lifecycle_transition_count; i++) {
        const struct transition *transition = &lifecycle_transitions[i];

        if (is_first_to(i))
            fprintf(out, "rekognition_local_resources{kind=\"%s\",status=\"%s\"} %" PRId64 "\n",
                transition->kind, transition->to,
                lifecycle_count(store, transition->kind, transition->to));
    }
    metrics_family(out, "rekognition_local_inference_units", "gauge",
        "Inference units in service, of all accounts.");
    fprintf(out, "rekognition_local_inference_units %" PRId64 "\n", project_version_units(store));
}

static void
write_deliveries(struct store *store, FILE *out)
{
    int64_t counts[DELIVERY_KINDS][DELIVERY_STATES];

    delivery_count(store, counts);
    metrics_family(out, "rekognition_local_deliveries", "gauge",
        "Word to other servers that is kept, waits to be sent, was sent, or was given up.");
    for (int kind = 0; kind < DELIVERY_KINDS; kind++)
        for (int state = 0; state < DELIVERY_STATES; state++)
            fprintf(out, "rekognition_local_deliveries{kind=\"%s\",state=\"%s\"} %" PRId64 "\n",
                delivery_kinds[kind], delivery_states[state], counts[kind][state]);
}

static void
write_timers(struct store *store, FILE *out)
{
    metrics_family(out, "rekognition_local_timers", "gauge",
        "Timers pending: what will happen by itself.");
    fprintf(out, "rekognition_local_timers %" PRId64 "\n", timer_count(store));
}

static void
write_waiting(struct server *server, FILE *out)
{
    metrics_family(out, "rekognition_local_held_calls", "gauge",
        "Calls held by describe.hold, until a step ends.");
    fprintf(out, "rekognition_local_held_calls %" PRId64 "\n", holds_count(server->holds));
    metrics_family(out, "rekognition_local_http_connections", "gauge",
        "Connections that are open.");
    fprintf(out, "rekognition_local_http_connections %u\n", http_connections(server->http));
}

struct telling {
    struct control control;
    FILE *out;
    char *text;
    size_t length;
    bool kept;
};

/* All of one moment, however many there are to be counted. */
static void
count(void *context)
{
    struct telling *telling = context;
    struct store *store = telling->control.store;

    step_begin(store, "metrics");
    write_resources(store, telling->out);
    write_timers(store, telling->out);
    write_deliveries(store, telling->out);
    telling->kept = step_end(store, true);
}

static void
end(void *context)
{
    struct telling *telling = context;

    if (fclose(telling->out) != 0)
        abort(); /* out of memory */
    if (telling->kept) {
        control_answer_text(&telling->control, CONTENT_TYPE, telling->text, telling->length);
    } else {
        free(telling->text);
        control_store_failed(&telling->control);
    }
    free(telling);
}

void
control_metrics(struct control *control)
{
    struct server *server = control->server;
    struct telling *begun;

    begun = memory_new(sizeof *begun);
    begun->control = control_later(control);
    begun->out = memory_made(open_memstream(&begun->text, &begun->length));
    events_run(server); /* it counts the moves of this turn of the loop, too */
    metrics_write(server->metrics, begun->out);
    write_waiting(server, begun->out);
    job_add_alone(server, count, end, begun);
}
