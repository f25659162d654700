/* The work of a copy: the results of the training go to the bucket of the copy, under its names. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "../../state/base/memory.h"
#include "../../state/lifecycle_work.h"
#include "../../state/resource/project_version.h"
#include "../../state/store.h"
#include "../../state/work.h"
#include "../training/set.h"
#include "../training/output.h"
#include "../record/log.h"
#include "../s3/s3.h"
#include "../s3/sending.h"
#include "../call/server.h"
#include "../training/place.h"
#include "works.h"

static const char kind[] = "project_version";

struct copying {
    struct server *server;
    char *arn;
    cJSON *source;           /* arn, name, bucket, prefix: see hold_copy() */
    enum output_file output; /* that is copied now */
    FILE *file;              /* with what came of it */
    struct s3_request *request;
    bool over; /* the file is whole, or there is none: */
    enum s3_result result;
    struct sending sending;
};

void *
copying_begin(struct server *server, const struct work *work)
{
    struct copying *copying = memory_new(sizeof *copying);

    copying->arn = memory_text(work->arn);
    copying->server = server;
    copying->source = cJSON_Parse(work->what);
    return copying;
}

void
copying_end(void *worker)
{
    struct copying *copying = worker;

    if (copying->request != NULL)
        s3_cancel(copying->request);
    sending_end(&copying->sending);
    if (copying->file != NULL)
        fclose(copying->file);
    cJSON_Delete(copying->source);
    free(copying->arn);
    free(copying);
}

/* ---- one object --------------------------------------------------------- */

static bool
on_piece(void *context, const char *bytes, size_t length)
{
    struct copying *copying = context;

    return fwrite(bytes, 1, length, copying->file) == length;
}

static void
on_done(void *context, const struct s3_answer *answer)
{
    struct copying *copying = context;

    copying->request = NULL;
    copying->over = true;
    copying->result = answer->result;
    if (answer->result != S3_OK)
        log_line("%s: %s was not read: %s", copying->arn, output_file_kind(copying->output),
            answer->why);
}

static struct s3_object
object_of(struct copying *copying, struct store *store, const struct project_version *version,
    const char *region)
{
    return (struct s3_object){ .region = region,
        .bucket = version->output_bucket,
        .key = version_object_key(store, version, output_file_kind(copying->output)),
        .patience = s3_patience(store) };
}

static const char *
named(const struct copying *copying, const char *member)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(copying->source, member));
}

static enum worked
read_next(struct copying *copying, struct store *store, const struct project_version *version)
{
    struct project_version source = { .arn = named(copying, "arn"),
        .name = named(copying, "name"),
        .output_bucket = named(copying, "bucket"),
        .output_prefix = named(copying, "prefix") };
    struct s3_object object = object_of(copying, store, &source, version->scope.region);

    copying->file = tmpfile();
    if (copying->file == NULL) {
        log_line("%s: there is no room for temporary files", copying->arn);
        lifecycle_work_failed(store, kind, copying->arn, NULL);
        return WORKED_ALL;
    }
    copying->request =
        s3_get(copying->server->outbound, &object, INT64_MAX, on_piece, on_done, copying);
    return WORKED_WAITING;
}

static void
send(struct copying *copying, struct store *store, const struct project_version *version)
{
    struct s3_object object = object_of(copying, store, version, version->scope.region);

    sending_begin(&copying->sending, copying->server->outbound, &object,
        &(struct s3_body){ .content_type = "application/json",
            .file = dup(fileno(copying->file)) });
}

static void
go_to_next(struct copying *copying)
{
    if (copying->file != NULL)
        fclose(copying->file);
    copying->file = NULL;
    copying->over = false;
    copying->sending.over = false;
    copying->output++;
}

/* ---- all of them -------------------------------------------------------- */

static bool
is_missing(enum s3_result result)
{
    return result == S3_NO_SUCH_KEY || result == S3_NO_SUCH_BUCKET;
}

/* The words of training are a guess for copying: none is public. */
static enum worked
fail_to_send(struct copying *copying, struct store *store)
{
    char text[160];

    log_line("%s: %s was not written: %s", copying->arn, output_file_kind(copying->output),
        copying->sending.why);
    training_error_text(TRAINING_OUTPUT_DENIED, text, sizeof text);
    lifecycle_work_failed(store, kind, copying->arn, text);
    return WORKED_ALL;
}

/* What came of the object that was asked for: it is sent on, unless it was never written. */
static enum worked
take(struct copying *copying, struct store *store, const struct project_version *version)
{
    if (is_missing(copying->result)) { /* it was trained with S3 off, or declared */
        go_to_next(copying);
        return WORKED_SOME;
    }
    if (copying->result != S3_OK || fflush(copying->file) != 0) {
        lifecycle_work_failed(store, kind, copying->arn, NULL);
        return WORKED_ALL;
    }
    copying->over = false;
    send(copying, store, version);
    return WORKED_WAITING;
}

enum worked
copying_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct copying *copying = worker;
    struct project_version version = { 0 };

    (void)until_us;
    if (copying->request != NULL || copying->sending.request != NULL ||
        project_version_find(store, copying->arn, &version) != RESULT_OK)
        return WORKED_WAITING;
    if (copying->output == OUTPUT_COUNT || version.output_bucket == NULL ||
        copying->server->outbound == NULL) {
        lifecycle_work_done(store, kind, copying->arn, NULL);
        return WORKED_ALL;
    }
    if (copying->over)
        return take(copying, store, &version);
    if (copying->sending.over && copying->sending.result != S3_OK)
        return fail_to_send(copying, store);
    if (copying->sending.over)
        go_to_next(copying);
    return copying->output == OUTPUT_COUNT ? WORKED_SOME : read_next(copying, store, &version);
}
