#include "metrics.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/array.h"
#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/history.h"
#include "../../state/lifecycle.h"
#include "../model/model.h"
#include "../call/operation.h"
#include "../call/server.h"
#include "../http/program.h"
#include "log.h"

/* Upper bounds in microseconds, and as they are written in seconds. */
static const struct bound {
    int64_t us;
    const char *seconds;
} bounds[] = {
    { 100, "0.0001" },
    { 250, "0.00025" },
    { 500, "0.0005" },
    { 1000, "0.001" },
    { 2500, "0.0025" },
    { 5000, "0.005" },
    { 10000, "0.01" },
    { 50000, "0.05" },
    { 100000, "0.1" },
    { 500000, "0.5" },
    { 1000000, "1" },
    { 5000000, "5" },
    { 30000000, "30" },
    { INT64_MAX, "+Inf" },
};

#define BOUNDS COUNT(bounds)

/* 1xx to 5xx by their first digit; 0 for what was answered by no status at all. */
#define STATUS_CLASSES 6

/* The last is of calls whose operation the service does not have. */
#define OPERATIONS (MODEL_OPERATION_COUNT + 1)

struct durations {
    uint64_t below[BOUNDS]; /* of each bound alone: the text has their sums */
    int64_t sum_us;
};

/* Who says what an image shows, as the journal has it. */
static const char *const known_by[] = { "DETECTION", "DECLARED", "GROUND_TRUTH", "ASSUMED",
    "UNKNOWN_IMAGE" };

#define KNOWN_BY_COUNT COUNT(known_by)

/* What who is not let in is told: has no token, comes from a stranger, is at the wrong door. */
static const unsigned shut_out[] = { 401, 403, 404 };

#define SHUT_OUT_COUNT COUNT(shut_out)

struct metrics {
    int64_t started_ms;
    uint64_t calls[OPERATIONS][STATUS_CLASSES][ERROR_COUNT];
    struct durations durations[OPERATIONS];
    uint64_t images[KNOWN_BY_COUNT];
    uint64_t shut_out[SHUT_OUT_COUNT];
    uint64_t transitions[]; /* as lifecycle_transitions */
};

struct metrics *
metrics_open(void)
{
    struct metrics *metrics =
        memory_new(sizeof *metrics + lifecycle_transition_count * sizeof metrics->transitions[0]);

    metrics->started_ms = clock_wall_ms();
    return metrics;
}

void
metrics_close(struct metrics *metrics)
{
    free(metrics);
}

/* ---- counting ----------------------------------------------------------- */

void
metrics_call(struct metrics *metrics, const struct operation *operation, enum error error,
    unsigned status, int64_t duration_us)
{
    size_t of = operation == NULL ? OPERATIONS - 1 : (size_t)(operation - operations);
    struct durations *durations = &metrics->durations[of];
    size_t bound = 0;

    while (duration_us > bounds[bound].us)
        bound++;
    metrics->calls[of][status / 100 % STATUS_CLASSES][error]++;
    durations->below[bound]++;
    durations->sum_us += duration_us;
}

void
metrics_image(struct metrics *metrics, const char *rule)
{
    for (size_t i = 0; i < KNOWN_BY_COUNT; i++)
        if (strcmp(known_by[i], rule) == 0)
            metrics->images[i]++;
}

void
metrics_shut_out(struct metrics *metrics, unsigned status)
{
    for (size_t i = 0; i < SHUT_OUT_COUNT; i++)
        metrics->shut_out[i] += shut_out[i] == status;
}

void
metrics_transition(struct metrics *metrics, const struct event *event)
{
    const struct transition *transition = lifecycle_find_transition(event->kind,
        event->from == NULL ? LIFECYCLE_NONE : event->from, event->event);

    if (transition != NULL)
        metrics->transitions[transition - lifecycle_transitions]++;
}

/* ---- writing ------------------------------------------------------------ */

/* No label here has a character that would have to be escaped: they are names from tables. */

void
metrics_family(FILE *out, const char *name, const char *type, const char *help)
{
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static const char *
operation_label(size_t of)
{
    return of == OPERATIONS - 1 ? "unknown" : operations[of].name;
}

static void
write_calls(const struct metrics *metrics, FILE *out)
{
    static const char *const classes[STATUS_CLASSES] = { "none", "1xx", "2xx", "3xx", "4xx",
        "5xx" };

    metrics_family(out, "rekognition_local_calls_total", "counter",
        "Calls of the API by operation, class of the HTTP status, and error (empty: none).");
    for (size_t of = 0; of < OPERATIONS; of++)
        for (size_t class = 0; class < STATUS_CLASSES; class ++)
            for (size_t error = 0; error < ERROR_COUNT; error++)
                if (metrics->calls[of][class][error] > 0)
                    fprintf(out,
                        "rekognition_local_calls_total"
                        "{operation=\"%s\",status=\"%s\",error=\"%s\"} %" PRIu64 "\n",
                        operation_label(of), classes[class],
                        error == NO_ERROR ? "" : error_rows[error].name,
                        metrics->calls[of][class][error]);
}

static void
write_histogram(const struct durations *durations, const char *operation, FILE *out)
{
    uint64_t count = 0;

    for (size_t i = 0; i < BOUNDS; i++) {
        count += durations->below[i];
        fprintf(out,
            "rekognition_local_call_duration_seconds_bucket"
            "{operation=\"%s\",le=\"%s\"} %" PRIu64 "\n",
            operation, bounds[i].seconds, count);
    }
    fprintf(out, "rekognition_local_call_duration_seconds_sum{operation=\"%s\"} %.6f\n", operation,
        (double)durations->sum_us / 1e6);
    fprintf(out, "rekognition_local_call_duration_seconds_count{operation=\"%s\"} %" PRIu64 "\n",
        operation, count);
}

static bool
was_called(const struct durations *durations)
{
    for (size_t i = 0; i < BOUNDS; i++)
        if (durations->below[i] > 0)
            return true;
    return false;
}

static void
write_durations(const struct metrics *metrics, FILE *out)
{
    metrics_family(out, "rekognition_local_call_duration_seconds", "histogram",
        "How long calls of the API took, in real time, from the request to its answer.");
    for (size_t of = 0; of < OPERATIONS; of++)
        if (was_called(&metrics->durations[of]))
            write_histogram(&metrics->durations[of], operation_label(of), out);
}

static bool
same_event(const struct transition *one, const struct transition *other)
{
    return strcmp(one->kind, other->kind) == 0 && strcmp(one->event, other->event) == 0;
}

/* An event may leave several statuses: its rows, of which this is the first, are one series. */
static uint64_t
sum_of_event(const struct metrics *metrics, size_t first)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < first; i++)
        if (same_event(&lifecycle_transitions[i], &lifecycle_transitions[first]))
            return 0;
    for (size_t i = first; i < lifecycle_transition_count; i++)
        if (same_event(&lifecycle_transitions[i], &lifecycle_transitions[first]))
            sum += metrics->transitions[i];
    return sum;
}

static void
write_transitions(const struct metrics *metrics, FILE *out)
{
    metrics_family(out, "rekognition_local_transitions_total", "counter",
        "Moves of resources by kind of resource and event.");
    for (size_t i = 0; i < lifecycle_transition_count; i++) {
        uint64_t sum = sum_of_event(metrics, i);

        if (sum > 0)
            fprintf(out,
                "rekognition_local_transitions_total{kind=\"%s\",event=\"%s\"} %" PRIu64 "\n",
                lifecycle_transitions[i].kind, lifecycle_transitions[i].event, sum);
    }
}

static void
write_shut_out(const struct metrics *metrics, FILE *out)
{
    metrics_family(out, "rekognition_local_control_refused_total", "counter",
        "Requests of the control API that were not let in, by the HTTP status that says why.");
    for (size_t i = 0; i < SHUT_OUT_COUNT; i++)
        fprintf(out, "rekognition_local_control_refused_total{status=\"%u\"} %" PRIu64 "\n",
            shut_out[i], metrics->shut_out[i]);
}

static void
write_images(const struct metrics *metrics, FILE *out)
{
    metrics_family(out, "rekognition_local_images_total", "counter",
        "Answers for what an image shows, by who says so; ASSUMED: nobody does.");
    for (size_t i = 0; i < KNOWN_BY_COUNT; i++)
        fprintf(out, "rekognition_local_images_total{known=\"%s\"} %" PRIu64 "\n", known_by[i],
            metrics->images[i]);
}

void
metrics_write(const struct metrics *metrics, FILE *out)
{
    metrics_family(out, "rekognition_local_build_info", "gauge", "1; the version is in the label.");
    fputs("rekognition_local_build_info{version=\"" VERSION "\"} 1\n", out);
    metrics_family(out, "process_start_time_seconds", "gauge",
        "When the program started, in seconds since 1970.");
    fprintf(out, "process_start_time_seconds %.3f\n", (double)metrics->started_ms / 1e3);
    metrics_family(out, "rekognition_local_log_lines_dropped_total", "counter",
        "Lines of the log that were dropped, because nobody read them in time.");
    fprintf(out, "rekognition_local_log_lines_dropped_total %" PRIu64 "\n", log_dropped());
    write_calls(metrics, out);
    write_durations(metrics, out);
    write_images(metrics, out);
    write_shut_out(metrics, out);
    write_transitions(metrics, out);
}
