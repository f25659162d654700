/*
 * The work of a job of bulk image analysis: its manifest is read, its images are looked at, some of them coming while
 * others are looked at, and what was found is written, in the order of the manifest.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "../../state/base/array.h"
#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/delivery.h"
#include "../../state/lifecycle_work.h"
#include "../../state/resource/media_job.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../../state/work.h"
#include "../bulk/moderate.h"
#include "../bulk/paper.h"
#include "../bulk/place.h"
#include "../call/gather.h"
#include "../call/server.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../manifest/lines.h"
#include "../manifest/manifest.h"
#include "../record/log.h"
#include "../record/metrics.h"
#include "../s3/s3.h"
#include "../s3/sending.h"
#include "works.h"

/* Images on their way; each may be as large as image.maxS3Bytes. */
#define IMAGES_AT_ONCE 4

/* Lines between two looks at the time. */
#define LINES_AT_ONCE 32

struct view {
    struct s3_request *request; /* NULL: over */
    struct text bytes;
    struct gathered object;
};

enum phase { ANALYSIS_BEGINS, ANALYSIS_READS, ANALYSIS_LOOKS, ANALYSIS_WRITES };

struct analysis {
    struct server *server;
    char *arn;
    cJSON *request; /* NULL before the job was read */
    enum phase phase;

    struct s3_request *manifest; /* NULL: over, with: */
    enum s3_result result;
    struct lines lines;
    bool too_many;
    char **refs; /* a line each; NULL: of one that is not valid */
    size_t count, room;

    size_t asked, looked_at; /* lines */
    int64_t denied;          /* images */
    struct view views[IMAGES_AT_ONCE];

    struct paper paper;
    enum bulk_file file; /* that is written */
    struct sending sending;
};

void *
analyze_begin(struct server *server, const struct work *work)
{
    struct analysis *analysis = memory_new(sizeof *analysis);

    analysis->server = server;
    analysis->arn = memory_text(work->arn);
    return analysis;
}

void
analyze_end(void *worker)
{
    struct analysis *analysis = worker;

    if (analysis->manifest != NULL)
        s3_cancel(analysis->manifest);
    for (size_t i = 0; i < IMAGES_AT_ONCE; i++) {
        if (analysis->views[i].request != NULL)
            s3_cancel(analysis->views[i].request);
        free(analysis->views[i].bytes.bytes);
    }
    for (size_t i = 0; i < analysis->count; i++)
        free(analysis->refs[i]);
    free(analysis->refs);
    lines_end(&analysis->lines);
    sending_end(&analysis->sending);
    paper_free(&analysis->paper);
    cJSON_Delete(analysis->request);
    free(analysis->arn);
    free(analysis);
}

/* ---- its end ------------------------------------------------------------ */

/* The codes are of the model; which of them when, and all the words, are guesses. */
static enum worked
fail(struct analysis *analysis, struct store *store, const char *code, const char *why)
{
    const char *message = store_format(store, "%s: %s", code, why);

    log_line("%s: %s", analysis->arn, message);
    lifecycle_work_failed(store, MEDIA_JOB, analysis->arn, message);
    return WORKED_ALL;
}

static enum worked
fail_as_service(struct analysis *analysis, struct store *store)
{
    lifecycle_work_failed(store, MEDIA_JOB, analysis->arn, NULL);
    return WORKED_ALL;
}

static enum worked
succeed(struct analysis *analysis, struct store *store)
{
    lifecycle_work_done(store, MEDIA_JOB, analysis->arn, NULL);
    return WORKED_ALL;
}

/* ---- the manifest ------------------------------------------------------- */

static bool
on_manifest_piece(void *context, const char *bytes, size_t length)
{
    struct analysis *analysis = context;

    lines_add(&analysis->lines, bytes, length);
    s3_hold(analysis->manifest);
    return true;
}

static void
on_manifest_done(void *context, const struct s3_answer *answer)
{
    struct analysis *analysis = context;

    analysis->manifest = NULL;
    analysis->result = answer->result;
    if (answer->result != S3_OK)
        log_line("%s: the manifest was not read: %s", analysis->arn, answer->why);
}

static enum worked
ask_for_manifest(struct analysis *analysis, struct store *store, const struct media_job *job)
{
    const cJSON *named = bulk_manifest(analysis->request);
    int64_t most = setting_int(store, SETTING_MEDIA_MANIFEST);

    analysis->lines.most = lines_most(most);
    analysis->phase = ANALYSIS_READS;
    analysis->manifest = s3_get(analysis->server->outbound,
        &(struct s3_object){ .region = job->scope.region,
            .bucket = text_of(named, "Bucket"),
            .key = text_of(named, "Name"),
            .version = text_of(named, "Version"),
            .patience = s3_patience(store) },
        most, on_manifest_piece, on_manifest_done, analysis);
    return WORKED_WAITING;
}

/* Developer Guide, Bulk analysis: {"source-ref": "s3://bucket/key"}. What else a line has is not looked at. */
static char *
source_ref_of(const char *line, size_t length)
{
    enum json_fault fault;
    cJSON *json = json_parse(line, length, &fault);
    const char *text = text_of(json, "source-ref");
    char *ref = manifest_is_source_ref(text) ? memory_text(text) : NULL;

    cJSON_Delete(json);
    return ref;
}

static void
take_line(struct analysis *analysis, struct store *store, const char *line, size_t length)
{
    if ((int64_t)analysis->count == setting_int(store, SETTING_MEDIA_IMAGES)) {
        analysis->too_many = true;
        return;
    }
    if (analysis->count == analysis->room) {
        analysis->room = 2 * analysis->room + 64;
        analysis->refs = memory_resize(analysis->refs, analysis->room * sizeof *analysis->refs);
    }
    analysis->refs[analysis->count++] = source_ref_of(line, length);
}

/* True when all that have come are taken. */
static bool
take_lines(struct analysis *analysis, struct store *store, int64_t until_us)
{
    const char *line;
    size_t length;

    for (int i = 1; lines_next(&analysis->lines, &line, &length); i++) {
        take_line(analysis, store, line, length);
        if (i % LINES_AT_ONCE == 0 && clock_monotonic_us() >= until_us)
            return false;
    }
    return true;
}

static enum worked
fail_for_manifest(struct analysis *analysis, struct store *store)
{
    switch (analysis->result) {
    case S3_TOO_LARGE:
        return fail(analysis, store, "INVALID_MANIFEST", "The manifest is too large.");
    case S3_DENIED:
        return fail(analysis, store, "ACCESS_DENIED", "The manifest can't be read.");
    case S3_NO_SUCH_BUCKET:
    case S3_NO_SUCH_KEY:
    case S3_MISNAMED:
    case S3_REDIRECTED:
        return fail(analysis, store, "INVALID_S3_OBJECT", "The manifest was not found.");
    default:
        return fail_as_service(analysis, store);
    }
}

static bool
has_valid_line(const struct analysis *analysis)
{
    for (size_t i = 0; i < analysis->count; i++)
        if (analysis->refs[i] != NULL)
            return true;
    return false;
}

static enum worked
read(struct analysis *analysis, struct store *store, int64_t until_us)
{
    const char *line;
    size_t length;

    if (!take_lines(analysis, store, until_us))
        return WORKED_SOME;
    if (analysis->too_many)
        return fail(analysis, store, "INVALID_MANIFEST", "The manifest has too many lines.");
    if (analysis->manifest != NULL) {
        s3_release(analysis->manifest);
        return WORKED_WAITING;
    }
    if (analysis->result != S3_OK)
        return fail_for_manifest(analysis, store);
    if (lines_last(&analysis->lines, &line, &length)) {
        take_line(analysis, store, line, length);
        if (analysis->too_many)
            return fail(analysis, store, "INVALID_MANIFEST", "The manifest has too many lines.");
    }
    if (!has_valid_line(analysis))
        return fail(analysis, store, "INVALID_MANIFEST", "The manifest has no valid line.");
    analysis->phase = ANALYSIS_LOOKS;
    return WORKED_SOME;
}

/* ---- the images --------------------------------------------------------- */

static bool
on_image_piece(void *context, const char *bytes, size_t length)
{
    struct view *view = context;

    text_add(&view->bytes, bytes, length);
    return true;
}

static void
on_image_done(void *context, const struct s3_answer *answer)
{
    struct view *view = context;
    struct gathered *object = &view->object;

    view->request = NULL;
    object->result = answer->result;
    snprintf(object->why, sizeof object->why, "%s", answer->why);
    text_add(&view->bytes, "", 0); /* an empty one has bytes, too */
    object->bytes = view->bytes.bytes;
    object->size = (int64_t)view->bytes.length;
}

/* Where the key of "s3://bucket/key" begins; its bucket, until the step ends. */
static const char *
split(struct store *store, const char *ref, const char **bucket)
{
    size_t length = manifest_bucket_length(ref), scheme = strlen("s3://");

    *bucket = store_format(store, "%.*s", (int)(length - scheme), ref + scheme);
    return ref + length + 1;
}

static struct view *
view_of(struct analysis *analysis, size_t line)
{
    return &analysis->views[line % IMAGES_AT_ONCE];
}

static void
ask_for_image(struct analysis *analysis, struct store *store, const struct media_job *job)
{
    const char *ref = analysis->refs[analysis->asked], *bucket, *key;
    struct view *view = view_of(analysis, analysis->asked++);

    view->bytes.length = 0;
    view->object = (struct gathered){ .size = 0 };
    if (ref == NULL)
        return;
    text_reserve(&view->bytes, 1);
    key = split(store, ref, &bucket);
    view->request = s3_get(analysis->server->outbound,
        &(struct s3_object){ .region = job->scope.region,
            .bucket = bucket,
            .key = key,
            .patience = s3_patience(store) },
        setting_int(store, SETTING_IMAGE_S3_BYTES), on_image_piece, on_image_done, view);
}

/* What is wrong with more than one image ends the job; NULL: it does not. */
static const char *
code_of(enum error error)
{
    static const struct {
        enum error error;
        const char *code;
    } codes[] = { { ResourceNotFoundException, "RESOURCE_NOT_FOUND" },
        { ResourceNotReadyException, "RESOURCE_NOT_READY" },
        { AccessDeniedException, "ACCESS_DENIED" }, { ThrottlingException, "THROTTLED" },
        { ProvisionedThroughputExceededException, "THROTTLED" } };

    for (size_t i = 0; i < COUNT(codes); i++)
        if (codes[i].error == error)
            return codes[i].code;
    return NULL;
}

/* NULL, or the code with which the job fails; then `*why` says why, until the step ends. */
static const char *
look_at(struct analysis *analysis, struct store *store, const struct media_job *job,
    const char **why)
{
    const char *ref = analysis->refs[analysis->looked_at], *bucket, *key, *code;
    struct view *view = view_of(analysis, analysis->looked_at++);
    struct moderated said;

    if (ref == NULL) {
        paper_add_error(&analysis->paper, NULL, error_rows[InvalidManifestException].name,
            "The line has no source-ref, or is not JSON.");
        return NULL;
    }
    key = split(store, ref, &bucket);
    moderate_object(store, analysis->server->once, job, bulk_config(analysis->request), bucket, key,
        &view->object, &said);
    code = code_of(said.error);
    *why = store_keep(store, said.message == NULL ? error_rows[said.error].name : said.message);
    analysis->denied += view->object.result == S3_DENIED;
    if (said.answer != NULL) {
        metrics_image(analysis->server->metrics, said.rule);
        paper_add_result(&analysis->paper, ref, said.answer);
    } else {
        paper_add_error(&analysis->paper, ref, error_rows[said.error].name, *why);
    }
    moderated_free(&said);
    return code;
}

static enum worked
look(struct analysis *analysis, struct store *store, const struct media_job *job, int64_t until_us)
{
    while (analysis->looked_at < analysis->count && clock_monotonic_us() < until_us) {
        const char *code, *why = NULL;

        while (analysis->asked < analysis->count &&
               analysis->asked - analysis->looked_at < IMAGES_AT_ONCE)
            ask_for_image(analysis, store, job);
        if (view_of(analysis, analysis->looked_at)->request != NULL)
            return WORKED_WAITING;
        code = look_at(analysis, store, job, &why);
        if (code != NULL)
            return fail(analysis, store, code, why);
    }
    if (analysis->looked_at < analysis->count)
        return WORKED_SOME;
    if (analysis->paper.valid == 0 && analysis->denied > 0)
        return fail(analysis, store, "ACCESS_DENIED", "No image of the manifest can be read.");
    analysis->phase = ANALYSIS_WRITES;
    return WORKED_SOME;
}

/* ---- the results -------------------------------------------------------- */

static const char *const content_types
    [BULK_FILES] = { [BULK_RESULTS] = "application/jsonl", [BULK_SUMMARY] = "application/json" };

static char *
take_file(struct analysis *analysis)
{
    return analysis->file == BULK_RESULTS ? paper_take_results(&analysis->paper)
                                          : paper_take_summary(&analysis->paper);
}

static void
send_file(struct analysis *analysis, struct store *store, const struct media_job *job)
{
    char *bytes = take_file(analysis);

    sending_begin(&analysis->sending, analysis->server->outbound,
        &(struct s3_object){ .region = job->scope.region,
            .bucket = bulk_bucket(analysis->request),
            .key = bulk_key(store, analysis->request, job->job_id, analysis->file),
            .patience = s3_patience(store) },
        &(struct s3_body){ .content_type = content_types[analysis->file],
            .bytes = bytes,
            .length = strlen(bytes),
            .file = -1 });
}

static enum worked
fail_for_output(struct analysis *analysis, struct store *store)
{
    log_line("%s: its results were not written: %s", analysis->arn, analysis->sending.why);
    switch (analysis->sending.result) {
    case S3_DENIED:
        return fail(analysis, store, "ACCESS_DENIED", "The results can't be written.");
    case S3_NO_SUCH_BUCKET:
    case S3_NO_SUCH_KEY:
    case S3_MISNAMED:
    case S3_REDIRECTED:
        return fail(analysis, store, "INVALID_OUTPUT_CONFIG", "The bucket was not found.");
    default:
        return fail_as_service(analysis, store);
    }
}

static enum worked
write_files(struct analysis *analysis, struct store *store, const struct media_job *job)
{
    if (analysis->sending.request != NULL)
        return WORKED_WAITING;
    if (analysis->sending.over && analysis->sending.result != S3_OK)
        return fail_for_output(analysis, store);
    if (analysis->sending.over)
        analysis->file++;
    analysis->sending.over = false;
    if (analysis->file == BULK_FILES)
        return succeed(analysis, store);
    send_file(analysis, store, job);
    return WORKED_WAITING;
}

/* With S3 off there is nothing to look at: what would be written is kept as deliveries. */
static enum worked
keep_files(struct analysis *analysis, struct store *store, const struct media_job *job)
{
    for (; analysis->file < BULK_FILES; analysis->file++) {
        char *bytes = take_file(analysis);

        delivery_add(store,
            &(struct delivery){ .kind = DELIVERY_S3,
                .arn = job->arn,
                .target = store_format(store, "%s/%s", bulk_bucket(analysis->request),
                    bulk_key(store, analysis->request, job->job_id, analysis->file)),
                .type = content_types[analysis->file],
                .body = bytes });
        free(bytes);
    }
    log_line("%s: S3 is off (see --s3): the manifest was not read, no image was looked at",
        analysis->arn);
    return succeed(analysis, store);
}

/* ---- going on ----------------------------------------------------------- */

static enum worked
begin(struct analysis *analysis, struct store *store, const struct media_job *job)
{
    analysis->request = cJSON_Parse(job->request);
    if (job->denied)
        return fail(analysis, store, "ACCESS_DENIED", "The results can't be written.");
    if (!bulk_key_is_of(analysis->request, job->scope.region))
        return fail(analysis, store, "INVALID_KMS_KEY", "There is no such key in the region.");
    return analysis->server->outbound == NULL ? keep_files(analysis, store, job)
                                              : ask_for_manifest(analysis, store, job);
}

enum worked
analyze_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct analysis *analysis = worker;
    struct media_job job;

    if (!media_job_find(store, analysis->arn, &job))
        return WORKED_WAITING; /* the store has failed: it is begun anew */
    switch (analysis->phase) {
    case ANALYSIS_BEGINS:
        return begin(analysis, store, &job);
    case ANALYSIS_READS:
        return read(analysis, store, until_us);
    case ANALYSIS_LOOKS:
        return look(analysis, store, &job, until_us);
    default:
        return write_files(analysis, store, &job);
    }
}
