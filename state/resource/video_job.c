#include "video_job.h"

#include <inttypes.h>

#include "../base/ids.h"
#include "../lifecycle.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"

/* ---- rows --------------------------------------------------------------- */

static void
read_row(struct query *q, struct video_job *job)
{
    job->id = query_column_int(q, COLUMN_VIDEO_JOB_ID);
    job->arn = query_column_text(q, COLUMN_VIDEO_JOB_ARN);
    query_column_copy(q, COLUMN_VIDEO_JOB_ACCOUNT, job->scope.account, ACCOUNT_SIZE);
    query_column_copy(q, COLUMN_VIDEO_JOB_REGION, job->scope.region, REGION_SIZE);
    job->job_id = query_column_text(q, COLUMN_VIDEO_JOB_JOB_ID);
    job->api = query_column_text(q, COLUMN_VIDEO_JOB_API);
    job->status = query_column_text(q, COLUMN_VIDEO_JOB_STATUS);
    job->status_message = query_column_text(q, COLUMN_VIDEO_JOB_STATUS_MESSAGE);
    job->created_ms = query_column_int(q, COLUMN_VIDEO_JOB_CREATED_MS);
    job->entered_ms = query_column_int(q, COLUMN_VIDEO_JOB_ENTERED_MS);
    job->request = query_column_text(q, COLUMN_VIDEO_JOB_REQUEST);
    job->token = query_column_text(q, COLUMN_VIDEO_JOB_TOKEN);
    job->container = query_column_text(q, COLUMN_VIDEO_JOB_CONTAINER);
    job->found = query_column_text(q, COLUMN_VIDEO_JOB_FOUND);
}

/* The row that the query has, if it has one. */
static bool
take_row(struct query *q, struct video_job *job)
{
    if (!query_row(q))
        return false;
    read_row(q, job);
    query_done(q);
    return true;
}

bool
video_job_find(struct store *store, const char *arn, struct video_job *job)
{
    struct query q = query(store, SQL_VIDEO_JOB_FIND);

    query_text(&q, ":arn", arn);
    return take_row(&q, job);
}

const void *
video_job_fetch(struct store *store, const struct scope *scope, const char *job_id)
{
    struct video_job *job = store_alloc(store, sizeof *job);
    struct query q = query(store, SQL_VIDEO_JOB_OF_ID);

    query_scope(&q, scope);
    query_text(&q, ":job_id", job_id);
    if (take_row(&q, job))
        return job;
    refuse(store, RESULT_NOT_FOUND, "there is no job %s, or it is forgotten", job_id);
    return NULL;
}

bool
video_job_of_token(struct store *store, const struct video_job *wanted, struct video_job *job)
{
    struct query q;

    if (wanted->token == NULL)
        return false;
    q = query(store, SQL_VIDEO_JOB_OF_TOKEN);
    query_scope(&q, &wanted->scope);
    query_text(&q, ":api", wanted->api);
    query_text(&q, ":token", wanted->token);
    query_int(&q, ":after", store_now(store) - setting_int(store, SETTING_VIDEO_TOKEN));
    return take_row(&q, job);
}

bool
video_job_next(struct store *store, const struct scope *scope, const struct video_job *after,
    struct video_job *job)
{
    struct query q = query(store, SQL_VIDEO_JOB_NEXT);

    query_scope(&q, &after->scope);
    query_int(&q, ":created_ms", after->created_ms);
    query_int(&q, ":id", after->id);
    query_of_scope(&q, scope);
    return take_row(&q, job);
}

static void
add_row(struct store *store, struct video_job *job)
{
    struct query q = query(store, SQL_VIDEO_JOB_ADD);

    job->arn = store_format(store, "arn:%s:rekognition:%s:%s:local/video-job/%s",
        arn_partition(job->scope.region), job->scope.region, job->scope.account, job->job_id);
    query_text(&q, ":arn", job->arn);
    query_scope(&q, &job->scope);
    query_text(&q, ":job_id", job->job_id);
    query_text(&q, ":api", job->api);
    query_int(&q, ":created_ms", job->created_ms);
    query_text(&q, ":request", job->request);
    query_text(&q, ":token", job->token);
    query_text(&q, ":found", job->found);
    query_run(&q);
}

static const char *
new_id(struct store *store)
{
    char *id = store_alloc(store, JOB_ID_LENGTH + 1);

    ids_hex(store_ids(store), id, JOB_ID_LENGTH);
    return id;
}

/* ---- verbs -------------------------------------------------------------- */

enum result
video_job_start(struct store *store, struct video_job *job, int64_t *open)
{
    struct query q = query(store, SQL_VIDEO_JOB_COUNT_OPEN);

    query_scope(&q, &job->scope);
    *open = query_int_value(&q, 0);
    if (*open >= setting_int(store, SETTING_LIMIT_VIDEO_JOBS))
        return refuse_limit(store, RESULT_VIDEO_JOB_LIMIT, SETTING_LIMIT_VIDEO_JOBS,
            "%" PRId64 " jobs are IN_PROGRESS", *open);
    job->created_ms = store_now(store);
    job->job_id = new_id(store);
    add_row(store, job);
    return lifecycle_move(store, VIDEO_JOB, job->arn, "start");
}

enum result
video_job_place(struct store *store, struct video_job *job, const struct placing *placing)
{
    if (job->job_id == NULL)
        job->job_id = new_id(store);
    if (video_job_fetch(store, &job->scope, job->job_id) != NULL)
        return refuse(store, RESULT_WRONG_STATE, "there is a job %s", job->job_id);
    add_row(store, job);
    return lifecycle_place(store, VIDEO_JOB, job->arn, placing);
}

void
video_job_set_container(struct store *store, const char *arn, const char *container)
{
    struct query q = query(store, SQL_VIDEO_JOB_SET_CONTAINER);

    query_text(&q, ":arn", arn);
    query_text(&q, ":container", container);
    query_run(&q);
}

void
video_job_set_found(struct store *store, const char *arn, const char *found)
{
    struct query q = query(store, SQL_VIDEO_JOB_SET_FOUND);

    query_text(&q, ":arn", arn);
    query_text(&q, ":found", found);
    query_run(&q);
}
