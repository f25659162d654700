/*
 * Stream processors: what looks at streams of video, and for what.
 *
 * The rule: there is no video. What one sees is put before it, frame by frame (server/control/frames.c), while it is at
 * work: of faces RUNNING, of labels STARTING, which is what the service shows for as long as a run of it lasts.
 */
#ifndef STATE_RESOURCE_STREAM_PROCESSOR_H
#define STATE_RESOURCE_STREAM_PROCESSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/arn.h"
#include "../base/ids.h"
#include "../lifecycle.h"
#include "../result.h"

struct page;
struct store;

/* A row, as it was read; its texts live until the step ends. */
struct stream_processor {
    int64_t id, created_ms, entered_ms;
    struct scope scope;
    const char *arn, *name, *status, *status_message;
    bool home;           /* it looks for labels */
    const char *request; /* JSON: what it was made from */
    const char *session; /* of labels: the run in progress, or the last; NULL: there was none */
    int64_t ends_ms;     /* when that ends at the latest; 0: there was none */
    int64_t frames;      /* that it was shown */
    const char *seen;    /* labels that were told of in the run, each behind a space */
};

/* Makes it from scope, name, home and request. RESULT_PROCESSOR_EXISTS, RESULT_PROCESSOR_LIMIT. */
enum result stream_processor_create(struct store *, struct stream_processor *);

/* As a fixture declares it; the id is that of the other when the name is taken. */
enum result stream_processor_place(struct store *, struct stream_processor *,
    const struct placing *);

int64_t stream_processor_last(struct store *); /* the id of the newest; 0 when there is none */

const void *stream_processor_fetch(struct store *, const struct scope *, const char *name);

/* Begins a run, of labels for so long: then row->session is its id. RESULT_PROCESSOR_BUSY. */
enum result stream_processor_start(struct store *, struct stream_processor *row, int64_t most_ms);
enum result stream_processor_stop(struct store *, const struct stream_processor *);
enum result stream_processor_update(struct store *, const struct stream_processor *,
    const char *request);
enum result stream_processor_delete(struct store *, const struct stream_processor *);

bool stream_processor_is_at_work(const struct stream_processor *);

/* It was shown one more frame, and now these labels of the run were told of. */
void stream_processor_saw(struct store *, const struct stream_processor *, const char *seen);

/* One page, by name. */
struct stream_processor *stream_processor_list(struct store *, const struct scope *, struct page *,
    size_t *count);

/* The first of the scope behind that name ("": of all); false when there is none. */
bool stream_processor_next(struct store *, const struct scope *, const char *after,
    struct stream_processor *);

/* The lifecycle that it follows. */
const char *stream_processor_kind(const struct stream_processor *);

#endif
