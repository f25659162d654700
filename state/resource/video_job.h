/*
 * Jobs of stored videos. One looks at a video for a while, and is then what it found; after some days it is forgotten.
 *
 * What it found is frozen when it ends, by who judges that (lifecycle.h): nothing here knows videos.
 */
#ifndef STATE_RESOURCE_VIDEO_JOB_H
#define STATE_RESOURCE_VIDEO_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/arn.h"
#include "../result.h"

struct placing;
struct store;

#define JOB_ID_LENGTH 64 /* hexadecimal digits */

/* A row, as it was read; its texts live until the step ends. */
struct video_job {
    int64_t id, created_ms;
    struct scope scope;
    const char *arn;
    const char *job_id;
    const char *api; /* "LabelDetection" */
    const char *status, *status_message;
    int64_t entered_ms;    /* when the status was reached */
    const char *request;   /* JSON: the input of Start…, without its token */
    const char *token;     /* NULL: none */
    const char *container; /* JSON: what was read of the object itself; NULL: nothing was */
    const char *found;     /* JSON; NULL before it SUCCEEDED */
};

/*
 * Begins one: `job` has scope, api, request and token; the rest is filled in. RESULT_VIDEO_JOB_LIMIT, with the
 * number of open jobs in `*open`.
 */
enum result video_job_start(struct store *, struct video_job *, int64_t *open);

/* The job that the same token began, of the same api and scope, as long as the token lives; false: none did. */
bool video_job_of_token(struct store *, const struct video_job *wanted, struct video_job *);

/* One that is declared; arn and job_id may be unset. RESULT_WRONG_STATE for an id that is there. */
enum result video_job_place(struct store *, struct video_job *, const struct placing *);

bool video_job_find(struct store *, const char *arn, struct video_job *);
const void *video_job_fetch(struct store *, const struct scope *, const char *job_id);

void video_job_set_container(struct store *, const char *arn, const char *container);
void video_job_set_found(struct store *, const char *arn, const char *found);

/* The next behind `after` of the scope, in which "" is any. */
bool video_job_next(struct store *, const struct scope *, const struct video_job *after,
    struct video_job *);

#define VIDEO_JOB "video_job" /* its lifecycle */

/* Its work: the object is looked at, with S3 on. */
#define TASK_WATCH "video.watch"

#endif
