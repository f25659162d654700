#include "media_job.h"

#include <inttypes.h>
#include <string.h>

#include "../base/ids.h"
#include "../lifecycle.h"
#include "../lifecycle_work.h"
#include "../page.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"
#include "../work.h"

void media_job_began(struct store *, const char *arn); /* of ends.def */

/* ---- rows --------------------------------------------------------------- */

static void
read_row(struct query *q, struct media_job *job)
{
    job->id = query_column_int(q, COLUMN_MEDIA_JOB_ID);
    job->arn = query_column_text(q, COLUMN_MEDIA_JOB_ARN);
    query_column_copy(q, COLUMN_MEDIA_JOB_ACCOUNT, job->scope.account, ACCOUNT_SIZE);
    query_column_copy(q, COLUMN_MEDIA_JOB_REGION, job->scope.region, REGION_SIZE);
    job->job_id = query_column_text(q, COLUMN_MEDIA_JOB_JOB_ID);
    job->status = query_column_text(q, COLUMN_MEDIA_JOB_STATUS);
    job->status_message = query_column_text(q, COLUMN_MEDIA_JOB_STATUS_MESSAGE);
    job->created_ms = query_column_int(q, COLUMN_MEDIA_JOB_CREATED_MS);
    job->entered_ms = query_column_int(q, COLUMN_MEDIA_JOB_ENTERED_MS);
    job->request = query_column_text(q, COLUMN_MEDIA_JOB_REQUEST);
    job->denied = query_column_int(q, COLUMN_MEDIA_JOB_DENIED) != 0;
}

/* The row that the query has, if it has one. */
static bool
take_row(struct query *q, struct media_job *job)
{
    if (!query_row(q))
        return false;
    read_row(q, job);
    query_done(q);
    return true;
}

bool
media_job_find(struct store *store, const char *arn, struct media_job *job)
{
    struct query q = query(store, SQL_MEDIA_JOB_FIND);

    query_text(&q, ":arn", arn);
    return take_row(&q, job);
}

const void *
media_job_fetch(struct store *store, const struct scope *scope, const char *job_id)
{
    struct media_job *job = store_alloc(store, sizeof *job);
    struct query q = query(store, SQL_MEDIA_JOB_OF_ID);

    query_scope(&q, scope);
    query_text(&q, ":job_id", job_id);
    if (take_row(&q, job))
        return job;
    refuse(store, RESULT_NOT_FOUND, "there is no job %s, or it is forgotten", job_id);
    return NULL;
}

bool
media_job_is_over(const struct media_job *job)
{
    return strcmp(job->status, "SUCCEEDED") == 0 || strcmp(job->status, "FAILED") == 0;
}

struct media_job *
media_job_list(struct store *store, const struct scope *scope, struct page *page, size_t *count)
{
    struct query q = query(store, SQL_MEDIA_JOB_LIST);
    struct media_job *rows = NULL;

    query_scope(&q, scope);
    page_bind(page, &q, INT64_MAX);
    for (*count = 0; page_row(page, &q, *count); (*count)++) {
        rows = store_more(store, rows, *count, sizeof *rows);
        read_row(&q, &rows[*count]);
    }
    return rows;
}

bool
media_job_next(struct store *store, const struct scope *scope, const struct media_job *after,
    struct media_job *job)
{
    struct query q = query(store, SQL_MEDIA_JOB_NEXT);

    query_scope(&q, &after->scope);
    query_int(&q, ":created_ms", after->created_ms);
    query_int(&q, ":id", after->id);
    query_of_scope(&q, scope);
    return take_row(&q, job);
}

static void
add_row(struct store *store, struct media_job *job)
{
    struct query q = query(store, SQL_MEDIA_JOB_ADD);

    job->arn = store_format(store, "arn:%s:rekognition:%s:%s:local/media-job/%s",
        arn_partition(job->scope.region), job->scope.region, job->scope.account, job->job_id);
    query_text(&q, ":arn", job->arn);
    query_scope(&q, &job->scope);
    query_text(&q, ":job_id", job->job_id);
    query_int(&q, ":created_ms", job->created_ms);
    query_text(&q, ":request", job->request);
    query_int(&q, ":denied", job->denied);
    query_run(&q);
}

static const char *
new_id(struct store *store)
{
    char *id = store_alloc(store, MEDIA_JOB_ID_LENGTH + 1);

    ids_hex(store_ids(store), id, MEDIA_JOB_ID_LENGTH);
    return id;
}

/* ---- verbs -------------------------------------------------------------- */

enum result
media_job_start(struct store *store, struct media_job *job, int64_t *open)
{
    struct query q = query(store, SQL_MEDIA_JOB_COUNT_OPEN);

    query_scope(&q, &job->scope);
    *open = query_int_value(&q, 0);
    if (*open >= setting_int(store, SETTING_LIMIT_MEDIA_JOBS))
        return refuse_limit(store, RESULT_MEDIA_JOB_LIMIT, SETTING_LIMIT_MEDIA_JOBS,
            "%" PRId64 " jobs are not over", *open);
    job->created_ms = store_now(store);
    job->job_id = new_id(store);
    add_row(store, job);
    return lifecycle_move(store, MEDIA_JOB, job->arn, "start");
}

/* It is IN_PROGRESS: its work is to be done. */
void
media_job_began(struct store *store, const char *arn)
{
    lifecycle_await(store, &(struct work){ .kind = MEDIA_JOB, .arn = arn, .task = TASK_ANALYZE });
}

enum result
media_job_place(struct store *store, struct media_job *job, const struct placing *placing)
{
    enum result result;

    if (job->job_id == NULL)
        job->job_id = new_id(store);
    if (media_job_fetch(store, &job->scope, job->job_id) != NULL)
        return refuse(store, RESULT_WRONG_STATE, "there is a job %s", job->job_id);
    add_row(store, job);
    result = lifecycle_place(store, MEDIA_JOB, job->arn, placing);
    if (result == RESULT_OK && strcmp(placing->status, "IN_PROGRESS") == 0)
        media_job_began(store, job->arn);
    return result;
}
