/*
 * Jobs of bulk image analysis. One reads a manifest, looks at its images, and writes what it found into a bucket; what
 * it was is known for a year.
 *
 * Why one FAILED is its status message: a word of MediaAnalysisJobFailureCode, ": ", and a sentence. A message of
 * another form, as an outcome may have, is all sentence.
 */
#ifndef STATE_RESOURCE_MEDIA_JOB_H
#define STATE_RESOURCE_MEDIA_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/arn.h"
#include "../result.h"

struct page;
struct placing;
struct store;

#define MEDIA_JOB_ID_LENGTH 64 /* hexadecimal digits */

/* A row, as it was read; its texts live until the step ends. */
struct media_job {
    int64_t id, created_ms;
    struct scope scope;
    const char *arn;
    const char *job_id;
    const char *status, *status_message;
    int64_t entered_ms;  /* when the status was reached */
    const char *request; /* JSON: the input of StartMediaAnalysisJob, without its token */
    bool denied;         /* its caller may not write where the results are to be */
};

/*
 * Begins one: `job` has scope, request and denied; the rest is filled in. RESULT_MEDIA_JOB_LIMIT, with the number of
 * open jobs in `*open`.
 */
enum result media_job_start(struct store *, struct media_job *, int64_t *open);

/* One that is declared; arn and job_id may be unset. RESULT_WRONG_STATE for an id that is there. */
enum result media_job_place(struct store *, struct media_job *, const struct placing *);

bool media_job_find(struct store *, const char *arn, struct media_job *);
const void *media_job_fetch(struct store *, const struct scope *, const char *job_id);

bool media_job_is_over(const struct media_job *); /* SUCCEEDED or FAILED */

/* A page of those of the scope, the newest first. */
struct media_job *media_job_list(struct store *, const struct scope *, struct page *,
    size_t *count);

/* The next behind `after` of the scope, in which "" is any. */
bool media_job_next(struct store *, const struct scope *, const struct media_job *after,
    struct media_job *);

#define MEDIA_JOB "media_job" /* its lifecycle */

/* Its work, while it is IN_PROGRESS. */
#define TASK_ANALYZE "media.analyze"

#endif
