/* The work of making a dataset from a manifest in S3: read as it comes, never held whole. */

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/resource/dataset_entry.h"
#include "../../state/lifecycle_work.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../../state/work.h"
#include "../manifest/intake.h"
#include "../manifest/lines.h"
#include "../record/log.h"
#include "../s3/s3.h"
#include "../call/server.h"
#include "works.h"

static const char kind[] = "dataset";

/* Lines between two looks at the time. */
#define LINES_AT_ONCE 32

struct import {
    struct server *server;
    char *arn;
    cJSON *object; /* the S3Object */
    char region[REGION_SIZE];
    struct intake intake;
    bool emptied; /* of what an earlier try has left */
    bool started;

    struct s3_request *request; /* NULL when it is over */
    struct lines lines;
    bool over; /* it has ended, with: */
    enum s3_result result;
};

void *
import_begin(struct server *server, const struct work *work)
{
    struct import *import = memory_new(sizeof *import);
    struct dataset dataset = { 0 };

    import->arn = memory_text(work->arn);
    dataset_find(server->store, work->arn, &dataset);
    import->server = server;
    import->object = cJSON_Parse(work->what);
    memcpy(import->region, dataset.scope.region, sizeof import->region);
    import->lines.most = lines_most(manifest_limits(server->store).line);
    intake_begin(&import->intake, dataset.id, 0);
    return import;
}

void
import_end(void *worker)
{
    struct import *import = worker;

    if (import->request != NULL)
        s3_cancel(import->request);
    intake_end(&import->intake);
    cJSON_Delete(import->object);
    lines_end(&import->lines);
    free(import->arn);
    free(import);
}

static const char *
named(const struct import *import, const char *member)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(import->object, member));
}

/* ---- reading ------------------------------------------------------------ */

/* Between two turns; one piece at a time. */
static bool
on_piece(void *context, const char *bytes, size_t length)
{
    struct import *import = context;

    lines_add(&import->lines, bytes, length);
    s3_hold(import->request);
    return true;
}

static void
on_done(void *context, const struct s3_answer *answer)
{
    struct import *import = context;

    import->request = NULL;
    import->over = true;
    import->result = answer->result;
    if (answer->result != S3_OK)
        log_line("%s: s3://%s/%s: %s", import->arn, named(import, "Bucket"), named(import, "Name"),
            answer->why);
}

/* Terminal errors: "The manifest file is missing a file extension" is a cause of this one. */
static bool
has_extension(const char *key)
{
    const char *name = strrchr(key, '/');

    return strrchr(name == NULL ? key : name, '.') != NULL;
}

static enum worked
fail_with(struct import *import, struct store *store, enum dataset_message verdict)
{
    lifecycle_work_failed(store, kind, import->arn, dataset_messages[verdict].text);
    return WORKED_ALL;
}

static enum worked
succeed(struct import *import, struct store *store)
{
    lifecycle_work_done(store, kind, import->arn, dataset_messages[DATASET_FROM_MANIFEST].text);
    return WORKED_ALL;
}

static enum worked
start(struct import *import, struct store *store)
{
    struct s3_object object = { .region = import->region,
        .bucket = named(import, "Bucket"),
        .key = named(import, "Name"),
        .version = named(import, "Version"),
        .patience = s3_patience(store) };

    if (import->server->outbound == NULL) {
        log_line("%s: S3 is off (see --s3): s3://%s/%s was not read, the dataset is empty",
            import->arn, object.bucket, object.key);
        return succeed(import, store);
    }
    if (!has_extension(object.key))
        return fail_with(import, store, DATASET_MANIFEST_INVALID);
    import->started = true;
    import->request = s3_get(import->server->outbound, &object,
        setting_int(store, SETTING_DATASET_MAX_MANIFEST), on_piece, on_done, import);
    return WORKED_WAITING;
}

/* Takes lines until the time is up; true when all that have come are taken. */
static bool
take_lines(struct import *import, struct store *store, int64_t until_us)
{
    struct manifest_limits limits = manifest_limits(store);
    const char *line;
    size_t length;

    for (int i = 1; lines_next(&import->lines, &line, &length); i++) {
        intake_line(&import->intake, store, &limits, line, length);
        if (i % LINES_AT_ONCE == 0 && clock_monotonic_us() >= until_us)
            return false;
    }
    return true;
}

/* What became of the object, as DescribeDataset says it. */
static enum dataset_message
message_of(enum s3_result result)
{
    switch (result) {
    case S3_TOO_LARGE:
        return DATASET_MANIFEST_TOO_LARGE;
    case S3_DENIED:
        return DATASET_BUCKET_DENIED;
    case S3_NO_SUCH_BUCKET:
    case S3_NO_SUCH_KEY:
    case S3_MISNAMED:
    case S3_REDIRECTED:
        return DATASET_MANIFEST_INVALID;
    default:
        return DATASET_SERVICE_FAULT;
    }
}

static enum worked
finish(struct import *import, struct store *store)
{
    struct manifest_limits limits = manifest_limits(store);
    enum dataset_message verdict;
    const char *line;
    size_t length;

    if (import->result != S3_OK)
        return fail_with(import, store, message_of(import->result));
    if (lines_last(&import->lines, &line, &length))
        intake_line(&import->intake, store, &limits, line, length);
    verdict = intake_verdict(&import->intake, store, true);
    if (verdict != DATASET_MESSAGE_COUNT)
        return fail_with(import, store, verdict);
    return succeed(import, store);
}

static enum worked
read_some(struct import *import, struct store *store, int64_t until_us)
{
    enum dataset_message verdict;

    if (!take_lines(import, store, until_us))
        return WORKED_SOME;
    verdict = intake_verdict(&import->intake, store, false);
    if (verdict != DATASET_MESSAGE_COUNT)
        return fail_with(import, store, verdict);
    if (import->over)
        return finish(import, store);
    s3_release(import->request);
    return WORKED_WAITING;
}

/* ---- going on ----------------------------------------------------------- */

static bool
empty(struct import *import, struct store *store, int64_t until_us)
{
    while (dataset_entries_drop(store, import->intake.dataset_id, LINES_AT_ONCE))
        if (clock_monotonic_us() >= until_us)
            return false;
    return true;
}

enum worked
import_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct import *import = worker;

    if (!import->emptied) {
        import->emptied = empty(import, store, until_us);
        return WORKED_SOME;
    }
    return import->started ? read_some(import, store, until_us) : start(import, store);
}
