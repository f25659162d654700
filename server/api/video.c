/* Jobs of stored videos: one function starts them, one tells what they found. What differs is in video.def. */

#include <inttypes.h>
#include <string.h>

#include "../../state/lifecycle_work.h"
#include "../../state/resource/video_job.h"
#include "../../state/store.h"
#include "../../state/work.h"
#include "../call/caller.h"
#include "../call/gather.h"
#include "../call/handlers.h"
#include "../call/paging.h"
#include "../call/permit.h"
#include "../call/shown.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../scene/region.h"
#include "../scene/shaped.h"
#include "../video/film.h"
#include "../video/item.h"
#include "../video/known.h"
#include "../video/look.h"
#include "../video/place.h"

/* ---- starting: the video ------------------------------------------------ */

static const cJSON *
object_of(struct call *call)
{
    return member_of(input_member(call, "Video"), "S3Object");
}

static bool
is_named(struct call *call)
{
    const cJSON *object = object_of(call);

    if (object == NULL)
        return invalid_parameter(call, GUESSED, "a video is an object of S3", "Video is empty");
    if (text_of(object, "Bucket") != NULL && text_of(object, "Name") != NULL)
        return true;
    fail(call, InvalidS3ObjectException, DOCUMENTED, "Error handling",
        "Request has invalid S3 object.");
    call->rule = "S3_OBJECT";
    call->found = "Bucket and Name are both needed";
    return false;
}

static const char *
name_of(struct call *call)
{
    return store_format(call->store, "%s/%s", text_of(object_of(call), "Bucket"),
        text_of(object_of(call), "Name"));
}

/* With S3 off it is taken on trust. */
static bool
is_there(struct call *call)
{
    const struct gathered *gathered = gathered_of(call, object_of(call));
    int64_t most = setting_int(call->store, SETTING_VIDEO_BYTES);

    if (!gathered_is_there(call, object_of(call)))
        return false;
    if (gathered == NULL || gathered->size <= most)
        return true;
    fail(call, VideoTooLargeException, DOCUMENTED, "Error handling",
        "Video size in bytes: %" PRId64 " is more than the maximum limit of: %" PRId64 " bytes.",
        gathered->size, most);
    call->rule = "VIDEO_SIZE";
    call->found = store_format(call->store, "%" PRId64 " bytes", gathered->size);
    return beyond(call, SETTING_VIDEO_BYTES);
}

/* ---- starting: what else is asked for ----------------------------------- */

static bool
fits(struct call *call)
{
    if (regions_are_places(member_of(input_member(call, "Filters"), "RegionsOfInterest")))
        return true;
    return invalid_parameter(call, GUESSED, "API Reference, RegionOfInterest",
        "a region of interest has neither a BoundingBox nor a Polygon of three points");
}

/* ---- starting ----------------------------------------------------------- */

static bool
is_same_request(const char *one, const char *other)
{
    cJSON *a = cJSON_Parse(one), *b = cJSON_Parse(other);
    bool same = cJSON_Compare(a, b, true);

    cJSON_Delete(a);
    cJSON_Delete(b);
    return same;
}

/*
 * Developer Guide, Calling Amazon Rekognition Video operations: with the same token and input no new job is started; with
 * another input the call fails.
 */
static bool
answer_again(struct call *call, const struct video_job *wanted, const struct video_job *job)
{
    call->asked = wanted->token;
    if (!is_same_request(wanted->request, job->request))
        return granted(call,
            refuse(call->store, RESULT_TOKEN_USED, "job %s has it, of another input", job->job_id));
    set_text(call->output, "JobId", job->job_id);
    return true;
}

static const char *
request_of(struct call *call)
{
    cJSON *input = cJSON_Duplicate(call->input, true);
    const char *kept;

    cJSON_DeleteItemFromObjectCaseSensitive(input, "ClientRequestToken");
    kept = json_kept(call, input);
    cJSON_Delete(input);
    return kept;
}

static bool
start(struct call *call, struct video_job *job)
{
    int64_t open = 0;
    enum result result = video_job_start(call->store, job, &open);

    call->asked =
        store_format(call->store, "%" PRId64 " open Jobs for User %s Maximum limit: %" PRId64, open,
            caller_arn(call), setting_int(call->store, SETTING_LIMIT_VIDEO_JOBS));
    if (!granted(call, result))
        return false;
    if (call->reads_s3)
        lifecycle_await(call->store,
            &(struct work){ .kind = VIDEO_JOB, .arn = job->arn, .task = TASK_WATCH });
    set_text(call->output, "JobId", job->job_id);
    return true;
}

bool
start_video_job(struct call *call)
{
    struct video_job job = { .scope = call->scope,
        .api = video_kind(call->model->name)->api,
        .request = request_of(call),
        .token = input_text(call, "ClientRequestToken") };
    struct video_job earlier;

    if (video_job_of_token(call->store, &job, &earlier))
        return answer_again(call, &job, &earlier);
    return is_named(call) && fits(call) && is_there(call) && video_is_known(call, name_of(call)) &&
           start(call, &job);
}

/* ---- telling ------------------------------------------------------------ */

#define RESULTS_MOST \
    1000 /* API Reference, Get…: "If you specify a value greater than 1000, 1000 results are returned" */

/* A job that another operation started is not found: a guess, as with one that never was. */
static const struct kind *
kind_of_job(struct call *call, const struct video_job *job)
{
    const struct kind *kind = video_kind(call->model->name);

    if (strcmp(kind->api, job->api) == 0)
        return kind;
    granted(call, refuse(call->store, RESULT_NOT_FOUND, "Start%s began the job", job->api));
    return NULL;
}

static void
write_measures(struct part part, const struct film_measures *film)
{
    set_text(part, "Codec", film->codec);
    set_int(part, "DurationMillis", film->duration_ms);
    set_text(part, "Format", film->format);
    set_float(part, "FrameRate", film->frame_rate);
    set_int(part, "FrameHeight", film->height);
    set_int(part, "FrameWidth", film->width);
    set_text(part, "ColorRange", film->color_range);
}

static bool
is_of_segments(const struct kind *kind)
{
    return kind->interval_ms == 0;
}

/* API Reference, GetSegmentDetection: there VideoMetadata is a list, and so is AudioMetadata. */
static void
answer_measures(struct call *call, const struct kind *kind, const cJSON *found,
    const struct film_measures *film)
{
    if (!is_of_segments(kind)) {
        write_measures(set_object(call->output, "VideoMetadata"), film);
        return;
    }
    write_measures(add_object(set_list(call->output, "VideoMetadata")), film);
    if (member_of(found, "audio") == NULL)
        set_list(call->output, "AudioMetadata");
    else
        set_shaped(call->output, "AudioMetadata", member_of(found, "audio"),
            &shape_AudioMetadataList);
}

static bool
asks_for(struct call *call, const char *member, const char *value)
{
    const char *text = input_text(call, member);

    return value != NULL && text != NULL && strcmp(text, value) == 0;
}

static void
answer_items(struct call *call, const struct kind *kind, const struct video_job *job,
    const cJSON *request, const cJSON *found, struct paging *paging)
{
    struct film_measures film = film_measures(found, NULL);
    struct looking looking = { .call = call,
        .video = place_name(call->store, job),
        .request = request,
        .frame_rate = film.frame_rate };
    struct wanted wanted = { .by_group = asks_for(call, "SortBy", kind->groups),
        .whole = asks_for(call, "AggregateBy", "SEGMENTS") };
    struct items items = items_of(&looking, kind, found, film.duration_ms, wanted);
    size_t next = paging->page.first ? 0 : (size_t)paging->page.after;
    size_t most = paging->page.size > RESULTS_MOST ? RESULTS_MOST : (size_t)paging->page.size;
    struct part list;

    answer_measures(call, kind, found, &film);
    list = set_list(call->output, kind->list);
    for (; next < items.count && most > 0; next++, most--)
        item_write(&looking, kind, list, &items.items[next], wanted);
    paging->page.more = next < items.count;
    paging_close(call, paging, (int64_t)next, 0);
}

/* Version 2.0 is documented. What is named twice is one. */
static void
answer_types(struct call *call, const cJSON *request)
{
    struct part list = set_list(call->output, "SelectedSegmentTypes"), item;
    const cJSON *types = member_of(request, "SegmentTypes"), *type, *before;

    cJSON_ArrayForEach(type, types)
    {
        before = types->child;
        while (before != type && strcmp(before->valuestring, type->valuestring) != 0)
            before = before->next;
        if (before != type)
            continue;
        item = add_object(list);
        set_text(item, "Type", type->valuestring);
        set_text(item, "ModelVersion", "2.0");
    }
}

static void
answer_order(struct call *call, const struct kind *kind)
{
    const char *sort = input_text(call, "SortBy"), *aggregate = input_text(call, "AggregateBy");
    struct part part;

    if (!kind->aggregates)
        return;
    part = set_object(call->output, "GetRequestMetadata");
    set_text(part, "SortBy", sort == NULL ? "TIMESTAMP" : sort);
    set_text(part, "AggregateBy", aggregate == NULL ? "TIMESTAMPS" : aggregate);
}

static void
answer_request(struct call *call, const struct kind *kind, const struct video_job *job,
    const cJSON *request)
{
    set_text(call->output, kind->version == NULL ? "JobId" : kind->version_member,
        kind->version == NULL ? job->job_id : kind->version);
    if (kind->version != NULL)
        set_text(call->output, "JobId", job->job_id);
    set_shaped(call->output, "Video", member_of(request, "Video"), &shape_Video);
    set_text(call->output, "JobTag", text_of(request, "JobTag"));
    answer_order(call, kind);
}

/* What is told before the end, and of a job that failed, no recording shows: an empty list is a guess. */
static void
answer(struct call *call, const struct kind *kind, const struct video_job *job,
    struct paging *paging)
{
    cJSON *request = cJSON_Parse(job->request);
    cJSON *found = job->found == NULL ? NULL : cJSON_Parse(job->found);

    set_text(call->output, "JobStatus", job->status);
    set_text(call->output, "StatusMessage", job->status_message);
    if (found != NULL)
        answer_items(call, kind, job, request, found, paging);
    else
        set_list(call->output, kind->list);
    if (found != NULL && is_of_segments(kind))
        answer_types(call, request);
    answer_request(call, kind, job, request);
    cJSON_Delete(found);
    cJSON_Delete(request);
    shown_add(call, VIDEO_JOB, job->arn, job->status);
}

bool
get_video_job(struct call *call)
{
    const struct video_job *job = call->fetched;
    const struct kind *kind = kind_of_job(call, job);
    struct paging paging;

    if (kind == NULL || !paging_open(call, &paging))
        return false;
    answer(call, kind, job, &paging);
    return true;
}
