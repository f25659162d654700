/* Jobs of bulk image analysis. */

#include <inttypes.h>
#include <string.h>

#include "../../state/resource/media_job.h"
#include "../../state/store.h"
#include "../bulk/place.h"
#include "../call/adapter.h"
#include "../call/again.h"
#include "../call/caller.h"
#include "../call/gather.h"
#include "../call/handlers.h"
#include "../call/paging.h"
#include "../call/permit.h"
#include "../call/shown.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../scene/moderation.h"
#include "../scene/shaped.h"

/* ---- starting: the manifest --------------------------------------------- */

static bool
is_whole(struct call *call)
{
    const cJSON *manifest = bulk_manifest(call->input);

    if (bulk_config(call->input) == NULL)
        return invalid_parameter(call, GUESSED, "a job does one of the operations",
            "OperationsConfig names no operation");
    if (text_of(manifest, "Bucket") != NULL && text_of(manifest, "Name") != NULL)
        return true;
    fail(call, InvalidS3ObjectException, DOCUMENTED, "Error handling",
        "Request has invalid S3 object.");
    call->rule = "S3_OBJECT";
    call->found = "Bucket and Name are both needed";
    return false;
}

/* With S3 off it is taken on trust; what is in it only the job sees. */
static bool
is_there(struct call *call)
{
    const cJSON *manifest = bulk_manifest(call->input);
    const struct gathered *gathered = gathered_of(call, manifest);
    int64_t most = setting_int(call->store, SETTING_MEDIA_MANIFEST);

    if (!gathered_is_there(call, manifest))
        return false;
    if (gathered == NULL || (gathered->size > 0 && gathered->size <= most))
        return true;
    fail(call, InvalidManifestException, GUESSED,
        "API Reference, InvalidManifestException: its description; no wording is public",
        "The supplied manifest file is empty or too large.");
    call->rule = "MANIFEST_SIZE";
    call->found = store_format(call->store, "%" PRId64 " bytes", gathered->size);
    return gathered->size == 0 ? false : beyond(call, SETTING_MEDIA_MANIFEST);
}

/* Whether it may be read was asked before; that the results may not be written is seen by the job. */
static bool
may_write(struct call *call)
{
    const char *prefix = text_of(member_of(call->input, "OutputConfig"), "S3KeyPrefix");

    return may_use_object(call, "s3:PutObject", bulk_bucket(call->input),
        prefix == NULL ? NULL : store_format(call->store, "%s/*", prefix));
}

/* ---- starting ----------------------------------------------------------- */

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
start(struct call *call)
{
    struct media_job job = { .scope = call->scope, .request = request_of(call) };
    int64_t open = 0;
    enum result result;

    job.denied = !may_write(call);
    result = media_job_start(call->store, &job, &open);
    call->asked =
        store_format(call->store, "%" PRId64 " open Jobs for User %s Maximum limit: %" PRId64, open,
            caller_arn(call), setting_int(call->store, SETTING_LIMIT_MEDIA_JOBS));
    if (!granted(call, result))
        return false;
    set_text(call->output, "JobId", job.job_id);
    return true;
}

static bool
check_and_start(struct call *call)
{
    const struct project_version *adapter;

    return is_whole(call) &&
           adapter_fetch(call, text_of(bulk_config(call->input), "ProjectVersion"), &adapter) &&
           is_there(call) && start(call);
}

bool
start_media_analysis_job(struct call *call)
{
    return again_or(call, check_and_start);
}

/* ---- telling ------------------------------------------------------------ */

/* A message that begins with no code of the model was told by an outcome. */
static void
write_failure(struct part part, const char *message)
{
    const char *const *code = shape_MediaAnalysisJobFailureCode.enumeration;
    struct part details = set_object(part, "FailureDetails");
    size_t length = strcspn(message, ":");

    while (*code != NULL && (strlen(*code) != length || strncmp(*code, message, length) != 0))
        code++;
    if (*code == NULL || message[length] == '\0') {
        set_text(details, "Code", "INTERNAL_ERROR");
        set_text(details, "Message", message);
        return;
    }
    set_text(details, "Code", *code);
    message += length + 1;
    set_text(details, "Message", message + strspn(message, " "));
}

static void
write_object(struct call *call, struct part part, const struct media_job *job, const cJSON *request,
    enum bulk_file file)
{
    struct part object = set_object(part, "S3Object");

    set_text(object, "Bucket", bulk_bucket(request));
    set_text(object, "Name", bulk_key(call->store, request, job->job_id, file));
}

static void
write_results(struct call *call, struct part part, const struct media_job *job,
    const cJSON *request)
{
    struct part results = set_object(part, "Results");

    write_object(call, results, job, request, BULK_RESULTS);
    set_text(set_object(results, "ModelVersions"), "Moderation", MODERATION_MODEL);
    write_object(call, set_object(part, "ManifestSummary"), job, request, BULK_SUMMARY);
}

static void
write_job(struct call *call, struct part part, const struct media_job *job)
{
    cJSON *request = cJSON_Parse(job->request);

    set_text(part, "JobId", job->job_id);
    set_text(part, "JobName", text_of(request, "JobName"));
    set_shaped(part, "OperationsConfig", member_of(request, "OperationsConfig"),
        &shape_MediaAnalysisOperationsConfig);
    set_text(part, "Status", job->status);
    if (strcmp(job->status, "FAILED") == 0)
        write_failure(part, job->status_message == NULL ? "" : job->status_message);
    set_time(part, "CreationTimestamp", job->created_ms);
    if (media_job_is_over(job))
        set_time(part, "CompletionTimestamp", job->entered_ms);
    set_shaped(part, "Input", member_of(request, "Input"), &shape_MediaAnalysisInput);
    set_shaped(part, "OutputConfig", member_of(request, "OutputConfig"),
        &shape_MediaAnalysisOutputConfig);
    set_text(part, "KmsKeyId", text_of(request, "KmsKeyId"));
    if (strcmp(job->status, "SUCCEEDED") == 0)
        write_results(call, part, job, request);
    cJSON_Delete(request);
    shown_add(call, MEDIA_JOB, job->arn, job->status);
}

bool
get_media_analysis_job(struct call *call)
{
    write_job(call, call->output, call->fetched);
    return true;
}

bool
list_media_analysis_jobs(struct call *call)
{
    const struct media_job *jobs;
    struct paging paging;
    struct part list;
    size_t count;

    if (!paging_open(call, &paging))
        return false;
    jobs = media_job_list(call->store, &call->scope, &paging.page, &count);
    list = set_list(call->output, "MediaAnalysisJobs");
    for (size_t i = 0; i < count; i++)
        write_job(call, add_object(list), &jobs[i]);
    if (count > 0)
        paging_close(call, &paging, jobs[count - 1].created_ms, jobs[count - 1].id);
    return true;
}
