/* The work of a job of a stored video: what the object itself says of the video is read from its index. */

#include <stdlib.h>

#include "../../state/base/arn.h"
#include "../../state/base/memory.h"
#include "../../state/lifecycle_work.h"
#include "../../state/resource/video_job.h"
#include "../../state/store.h"
#include "../../state/work.h"
#include "../call/server.h"
#include "../image/moov.h"
#include "../json/tree.h"
#include "../record/log.h"
#include "../s3/s3.h"
#include "../video/container.h"
#include "../video/place.h"
#include "works.h"

struct watch {
    struct server *server;
    char *arn;
    struct moov *moov; /* NULL: the size of the object is not known yet */
    int64_t size;
    struct s3_request *request;
    bool asked;
    int64_t from; /* where that was */
    enum s3_result result;
};

void *
watch_begin(struct server *server, const struct work *work)
{
    struct watch *watch = memory_new(sizeof *watch);

    watch->server = server;
    watch->arn = memory_text(work->arn);
    return watch;
}

void
watch_end(void *worker)
{
    struct watch *watch = worker;

    if (watch->request != NULL)
        s3_cancel(watch->request);
    if (watch->moov != NULL)
        moov_close(watch->moov);
    free(watch->arn);
    free(watch);
}

/* ---- the object --------------------------------------------------------- */

static bool
on_piece(void *context, const char *bytes, size_t length)
{
    struct watch *watch = context;

    return moov_take(watch->moov, bytes, length);
}

/* Who has read enough has stopped it. */
static void
on_done(void *context, const struct s3_answer *answer)
{
    struct watch *watch = context;
    bool enough = watch->moov != NULL && answer->result == S3_STOPPED;

    watch->request = NULL;
    watch->result = enough ? S3_OK : answer->result;
    watch->size = answer->size;
    if (watch->result != S3_OK)
        log_line("%s: the video was not read: %s", watch->arn, answer->why);
}

static enum worked
ask(struct watch *watch, struct store *store, const struct video_job *job)
{
    cJSON *request = cJSON_Parse(job->request);
    const cJSON *named = place_object(request);
    struct s3_object object = { .region = job->scope.region,
        .bucket = text_of(named, "Bucket"),
        .key = text_of(named, "Name"),
        .version = text_of(named, "Version"),
        .from = watch->moov == NULL ? 0 : moov_wants(watch->moov),
        .patience = s3_patience(store) };

    watch->asked = true;
    watch->from = object.from;
    if (watch->moov == NULL)
        watch->request = s3_head(watch->server->outbound, &object, on_done, watch);
    else
        watch->request =
            s3_get(watch->server->outbound, &object, INT64_MAX, on_piece, on_done, watch);
    cJSON_Delete(request);
    return WORKED_WAITING;
}

/* ---- what came of it ---------------------------------------------------- */

/* Only of an object that went since the job began could there be nothing; that the job says so is a guess. */
static enum worked
fail(struct watch *watch, struct store *store)
{
    bool gone = watch->result == S3_NO_SUCH_KEY || watch->result == S3_NO_SUCH_BUCKET ||
                watch->result == S3_DENIED;

    lifecycle_work_failed(store, VIDEO_JOB, watch->arn,
        gone ? "Unable to get object metadata from S3. Check object key, region and/or access "
               "permissions."
             : NULL);
    return WORKED_ALL;
}

static enum worked
keep(struct watch *watch, struct store *store)
{
    struct moov_facts facts;
    char *container = container_text(moov_read(watch->moov, &facts) ? &facts : NULL);

    video_job_set_container(store, watch->arn, container);
    free(container);
    lifecycle_work_done(store, VIDEO_JOB, watch->arn, NULL);
    return WORKED_ALL;
}

enum worked
watch_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct watch *watch = worker;
    struct video_job job;

    (void)until_us;
    if (watch->request != NULL || !video_job_find(store, watch->arn, &job))
        return WORKED_WAITING;
    if (watch->server->outbound == NULL) { /* it was begun when S3 was on */
        lifecycle_work_done(store, VIDEO_JOB, watch->arn, NULL);
        return WORKED_ALL;
    }
    if (!watch->asked)
        return ask(watch, store, &job);
    if (watch->result != S3_OK)
        return fail(watch, store);
    if (watch->moov == NULL)
        watch->moov = moov_open(watch->size, setting_int(store, SETTING_VIDEO_INDEX));
    else if (moov_wants(watch->moov) == watch->from)
        return keep(watch, store); /* the object is shorter than it was said to be */
    return moov_wants(watch->moov) == -1 ? keep(watch, store) : ask(watch, store, &job);
}
