/*
 * The work of a training: the manifests or datasets are read, images looked at, what a model would
 * have
 * made of them is simulated, and the results are written to the output bucket.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "../../state/base/hash.h"
#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/resource/dataset.h"
#include "../../state/resource/dataset_entry.h"
#include "../../state/lifecycle_work.h"
#include "../../state/page.h"
#include "../../state/resource/project_version.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../../state/resource/version_image.h"
#include "../../state/work.h"
#include "../training/set.h"
#include "../training/images.h"
#include "../training/output.h"
#include "../manifest/lines.h"
#include "../record/log.h"
#include "../s3/s3.h"
#include "../s3/sending.h"
#include "../call/server.h"
#include "../training/place.h"
#include "works.h"

/* Lines between two looks at the time. */
#define LINES_AT_ONCE 32

enum phase {
    TRAINING_BEGINS,
    TRAINING_READS,
    TRAINING_LOOKS,
    TRAINING_ASSIGNS,
    TRAINING_EVALUATES,
    TRAINING_WRITES,
    TRAINING_SHRINKS,
    TRAINING_SENDS
};

struct training {
    struct server *server;
    char *arn;
    const char *kind;
    bool adapter;
    char region[REGION_SIZE];
    int64_t model_id;
    double wanted_f1;
    enum phase phase;
    struct training_set *set;
    enum training_error error;  /* TRAINING_ERROR_COUNT: none so far */
    enum training_error denied; /* what its caller may not; likewise */

    /* What is read: assets of both parts, or the datasets. */
    cJSON *data[PART_COUNT];
    int64_t dataset[PART_COUNT]; /* row id; 0: none */
    enum part part;
    int asset;     /* of the part */
    int64_t entry; /* the last one read */
    struct lines lines;
    struct s3_request *request;
    bool over;
    enum s3_result result;

    struct looks *looks;
    struct training_output *output;
    size_t next;           /* sample */
    enum output_file file; /* the next to be sent */
    struct sending sending;
};

/* ---- beginning and ending ----------------------------------------------- */

/* A name is what it is simulated from: told twice, a story ends the same. */
static uint64_t
seed_of(const char *arn)
{
    const char *from = strstr(arn, ":project/"), *to = strrchr(arn, '/');

    return from != NULL && from < to ? hash_bytes(from, (size_t)(to - from)) : 0;
}

static void
find_data(struct training *training, struct store *store, const struct project_version *version)
{
    struct dataset datasets[2];
    size_t count = dataset_list(store, version->project_id, datasets);

    if (version->training_data != NULL) {
        training->data[PART_TRAINING] = cJSON_Parse(version->training_data);
        training->data[PART_TESTING] = cJSON_Parse(version->testing_data);
        return;
    }
    for (size_t i = 0; i < count; i++)
        training->dataset[strcmp(datasets[i].type, "TRAIN") == 0 ? PART_TRAINING : PART_TESTING] =
            datasets[i].id;
}

/* Of what create_project_version() found that the caller may not do; NULL: nothing. */
static enum training_error
denied_by(const char *what)
{
    if (what == NULL)
        return TRAINING_ERROR_COUNT;
    return strcmp(what, "OUTPUT_DENIED") == 0 ? TRAINING_OUTPUT_DENIED : TRAINING_MANIFEST_DENIED;
}

void *
training_begin(struct server *server, const struct work *work)
{
    struct training *training = memory_new(sizeof *training);
    struct store *store = server->store;
    struct project_version version = { 0 };
    struct manifest_limits limits = manifest_limits(store);

    training->arn = memory_text(work->arn);
    training->server = server;
    training->error = TRAINING_ERROR_COUNT;
    training->denied = denied_by(work->what);
    training->lines.most = lines_most(limits.line);
    training->set = training_set_open(&limits, setting_int(store, SETTING_DATASET_MAX_ENTRIES),
        setting_int(store, SETTING_DATASET_MAX_LABELS), seed_of(work->arn));
    if (project_version_find(store, work->arn, &version) != RESULT_OK)
        return training; /* the store has failed: it is begun anew */
    training->kind = project_version_kind(&version);
    training->adapter = project_version_is_adapter(&version);
    memcpy(training->region, version.scope.region, sizeof training->region);
    training->model_id = version.model_id;
    training->wanted_f1 = version.f1_score;
    find_data(training, store, &version);
    return training;
}

void
training_end(void *worker)
{
    struct training *training = worker;

    if (training->request != NULL)
        s3_cancel(training->request);
    sending_end(&training->sending);
    if (training->looks != NULL)
        looks_end(training->looks);
    if (training->output != NULL)
        training_output_end(training->output);
    if (training->set != NULL)
        training_set_close(training->set);
    lines_end(&training->lines);
    cJSON_Delete(training->data[PART_TRAINING]);
    cJSON_Delete(training->data[PART_TESTING]);
    free(training->arn);
    free(training);
}

/* ---- how it ends -------------------------------------------------------- */

/* With what lifecycle.def has for TRAINING_FAILED: a fault of the service. */
static enum worked
break_off(struct training *training, struct store *store, const char *why)
{
    log_line("%s: %s", training->arn, why);
    lifecycle_work_failed(store, training->kind, training->arn, NULL);
    return WORKED_ALL;
}

static enum worked
fail_with(struct training *training, struct store *store, enum training_error error)
{
    char text[160];

    training_error_text(error, text, sizeof text);
    lifecycle_work_failed(store, training->kind, training->arn, text);
    return WORKED_ALL;
}

static enum worked
finish(struct training *training, struct store *store)
{
    const struct evaluation *evaluation = &training->set->evaluation;
    bool evaluated = evaluation->phase == EVALUATION_DONE && evaluation->tested_count > 0;

    /* With S3 off there was not all to be read: the score is then the one that is wanted. */
    project_version_judge(store, training->arn, training->output != NULL,
        evaluated && training->server->outbound != NULL ? evaluation->f1 : training->wanted_f1);
    if (training->error != TRAINING_ERROR_COUNT)
        return fail_with(training, store, training->error);
    for (size_t i = 0; evaluated && i < training->set->label_count; i++)
        if (training_set_knows(training->set, (uint16_t)i))
            version_label_set(store, training->model_id, training->set->labels[i].name,
                evaluation->labels[i].threshold);
    log_line("%s: the evaluation is simulated: F1 score %.4f of %zu images and boxes, see "
             "training.f1Score",
        training->arn, evaluated ? evaluation->f1 : training->wanted_f1, evaluation->case_count);
    lifecycle_work_done(store, training->kind, training->arn, NULL);
    return WORKED_ALL;
}

/* ---- reading ------------------------------------------------------------ */

static enum worked
go_to(struct training *training, enum phase phase)
{
    training->phase = phase;
    training->next = 0;
    return WORKED_SOME;
}

/* Between two turns; one piece at a time. */
static bool
on_piece(void *context, const char *bytes, size_t length)
{
    struct training *training = context;

    lines_add(&training->lines, bytes, length);
    s3_hold(training->request);
    return true;
}

static void
on_done(void *context, const struct s3_answer *answer)
{
    struct training *training = context;

    training->request = NULL;
    training->over = true;
    training->result = answer->result;
    if (answer->result != S3_OK)
        log_line("%s: a manifest: %s", training->arn, answer->why);
}

static const cJSON *
asset_object(const struct training *training)
{
    const cJSON *assets =
        cJSON_GetObjectItemCaseSensitive(training->data[training->part], "Assets");
    const cJSON *asset = cJSON_GetArrayItem(assets, training->asset);

    return cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(asset,
                                                "GroundTruthManifest"),
        "S3Object");
}

static const char *
named(const cJSON *object, const char *member)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, member));
}

static bool
is_auto_created(const struct training *training)
{
    return cJSON_IsTrue(
        cJSON_GetObjectItemCaseSensitive(training->data[PART_TESTING], "AutoCreate"));
}

/* What became of a manifest; TRAINING_ERROR_COUNT: a fault of the service. */
static enum training_error
error_of(enum s3_result result)
{
    switch (result) {
    case S3_TOO_LARGE:
        return TRAINING_MANIFEST_TOO_LARGE;
    case S3_DENIED:
        return TRAINING_MANIFEST_DENIED;
    case S3_NO_SUCH_BUCKET:
    case S3_NO_SUCH_KEY:
    case S3_MISNAMED:
    case S3_REDIRECTED:
        return TRAINING_MANIFEST_INVALID;
    default:
        return TRAINING_ERROR_COUNT;
    }
}

static enum worked
ask_for_manifest(struct training *training, struct store *store, const cJSON *wanted)
{
    struct s3_object object = { .region = training->region,
        .bucket = named(wanted, "Bucket"),
        .key = named(wanted, "Name"),
        .version = named(wanted, "Version"),
        .patience = s3_patience(store) };

    if (object.bucket == NULL || object.key == NULL)
        return fail_with(training, store, TRAINING_MANIFEST_INVALID);
    training->over = false;
    training->request = s3_get(training->server->outbound, &object,
        setting_int(store, SETTING_DATASET_MAX_MANIFEST), on_piece, on_done, training);
    return WORKED_WAITING;
}

static enum worked
next_part(struct training *training, struct store *store)
{
    if (training->set->rows[training->part] == 0 && training->data[training->part] != NULL)
        return fail_with(training, store, TRAINING_MANIFEST_EMPTY);
    if (training->part == PART_TRAINING && !is_auto_created(training)) {
        training->part = PART_TESTING;
        training->asset = 0;
        training->entry = 0;
        return WORKED_SOME;
    }
    training->set->is_split = training->part == PART_TRAINING;
    training_set_filled(training->set);
    return go_to(training, TRAINING_LOOKS);
}

/* Takes what has come; false when there are too many lines. */
static bool
take_lines(struct training *training, int64_t until_us, bool *all)
{
    const char *line;
    size_t length;

    *all = false;
    for (int i = 1; lines_next(&training->lines, &line, &length); i++) {
        if (!training_set_add(training->set, training->part, line, length))
            return false;
        if (i % LINES_AT_ONCE == 0 && clock_monotonic_us() >= until_us)
            return true;
    }
    *all = true;
    return true;
}

static enum worked
next_asset(struct training *training)
{
    const char *line;
    size_t length;

    if (lines_last(&training->lines, &line, &length))
        training_set_add(training->set, training->part, line, length);
    training->asset++;
    training->over = false;
    return WORKED_SOME;
}

static enum worked
read_manifests(struct training *training, struct store *store, int64_t until_us)
{
    bool all = true;

    if (training->request == NULL && !training->over)
        return asset_object(training) == NULL
                   ? next_part(training, store)
                   : ask_for_manifest(training, store, asset_object(training));
    if (!take_lines(training, until_us, &all)) {
        if (training->request != NULL)
            s3_cancel(training->request);
        training->request = NULL;
        return next_part(training, store);
    }
    if (!all)
        return WORKED_SOME;
    if (!training->over) {
        s3_release(training->request);
        return WORKED_WAITING;
    }
    if (training->result == S3_OK)
        return next_asset(training);
    if (error_of(training->result) == TRAINING_ERROR_COUNT)
        return break_off(training, store, "a manifest could not be read");
    return fail_with(training, store, error_of(training->result));
}

static enum worked
read_dataset(struct training *training, struct store *store, int64_t until_us)
{
    static const struct dataset_filter any = { .labeled = -1, .has_errors = -1 };
    struct page page = { .after_id = training->entry, .size = LINES_AT_ONCE };
    size_t count = 0;

    do {
        struct dataset_entry *entries =
            dataset_entry_list(store, training->dataset[training->part], &any, &page, &count);

        for (size_t i = 0; i < count; i++)
            training_set_add(training->set, training->part, entries[i].line,
                strlen(entries[i].line));
        if (count > 0)
            page.after_id = training->entry = entries[count - 1].id;
    } while (page.more && clock_monotonic_us() < until_us);
    return page.more ? WORKED_SOME : next_part(training, store);
}

/* ---- judging ------------------------------------------------------------ */

static enum worked
begin(struct training *training, struct store *store)
{
    if (training->denied != TRAINING_ERROR_COUNT)
        return fail_with(training, store, training->denied);
    if (training->set == NULL)
        return break_off(training, store, "there is no room for temporary files");
    if (training->server->outbound == NULL)
        log_line("%s: S3 is off (see --s3): %s, and no results are written", training->arn,
            training->data[PART_TRAINING] != NULL ? "no manifest is read" : "no image is read");
    if (training->server->outbound == NULL && training->data[PART_TRAINING] != NULL)
        return finish(training, store);
    return go_to(training, TRAINING_READS);
}

static void
tell_looks(const struct training *training)
{
    const char *why;
    size_t failed = looks_failed(training->looks, &why);

    if (failed > 0)
        log_line("%s: %zu images could not be read: %s", training->arn, failed, why);
    if (looks_left_out(training->looks) > 0)
        log_line("%s: %zu images were not read: see training.maxImagesRead", training->arn,
            looks_left_out(training->looks));
}

/*
 * Adapters have manifests of their own, and rules that are not public: none is held against them.
 */
static bool
is_strict(const struct training *training)
{
    return training->server->outbound != NULL && !training->adapter;
}

static enum worked
look(struct training *training, struct store *store, int64_t until_us)
{
    struct training_set *set = training->set;

    if (training->server->outbound != NULL && training->looks == NULL)
        training->looks = looks_begin(training->server->outbound, set, store, training->region);
    if (training->looks != NULL && !looks_go_on(training->looks, until_us))
        return WORKED_WAITING;
    if (training->looks != NULL)
        tell_looks(training);
    training_set_decide(set);
    if (is_strict(training)) {
        set->errors[PART_TRAINING][TRAINING_TOO_FEW_TO_SPLIT] =
            set->is_split &&
            !training_set_can_split(set, setting_int(store, SETTING_DATASET_DISTRIBUTE_MIN));
        training->error =
            training_set_judge(set, setting_number(store, SETTING_DATASET_MAX_INVALID), false);
    }
    return go_to(training, TRAINING_ASSIGNS);
}

/* Whether `some` was done for all samples before the time was up. */
static bool
over_samples(struct training *training, struct store *store, int64_t until_us,
    void (*some)(struct training *, struct store *, size_t at))
{
    for (int i = 1; training->next < training->set->sample_count; i++) {
        some(training, store, training->next++);
        if (i % LINES_AT_ONCE == 0 && clock_monotonic_us() >= until_us)
            return false;
    }
    return true;
}

static void
assign_one(struct training *training, struct store *store, size_t at)
{
    (void)store;
    training_set_assign(training->set, at);
}

static enum worked
assign(struct training *training, struct store *store, int64_t until_us)
{
    struct training_set *set = training->set;

    if (training->error != TRAINING_ERROR_COUNT)
        set->is_split = false;
    if (!over_samples(training, store, until_us, assign_one))
        return WORKED_SOME;
    if (is_strict(training) && training->error == TRAINING_ERROR_COUNT)
        training->error = training_set_judge(set, 0, true);
    return go_to(training,
        training->error == TRAINING_ERROR_COUNT ? TRAINING_EVALUATES : TRAINING_WRITES);
}

static enum worked
evaluate(struct training *training, int64_t until_us)
{
    while (!evaluation_go_on(&training->set->evaluation, training->wanted_f1))
        if (clock_monotonic_us() >= until_us)
            return WORKED_SOME;
    return go_to(training, TRAINING_WRITES);
}

/* ---- writing ------------------------------------------------------------ */

static void
write_one(struct training *training, struct store *store, size_t at)
{
    training_output_write(training->output, store, training->model_id, at);
}

static enum worked
write_papers(struct training *training, struct store *store, int64_t until_us)
{
    if (training->output == NULL)
        training->output = training_output_begin(training->set, training->arn, store_now(store));
    if (training->output == NULL)
        return break_off(training, store, "there is no room for temporary files");
    return over_samples(training, store, until_us, write_one) ? go_to(training, TRAINING_SHRINKS)
                                                              : WORKED_SOME;
}

static enum worked
send_paper(struct training *training, struct store *store)
{
    struct project_version version = { 0 };
    struct s3_body body;

    if (project_version_find(store, training->arn, &version) != RESULT_OK)
        return WORKED_WAITING; /* the store has failed: it is begun anew */
    if (version.output_bucket == NULL) {
        log_line("%s: no OutputConfig.S3Bucket was given: no results are written", training->arn);
        return finish(training, store);
    }
    if (!training_output_take(training->output, training->file, &body))
        return break_off(training, store, "a temporary file could not be written");
    sending_begin(&training->sending, training->server->outbound,
        &(struct s3_object){ .region = training->region,
            .bucket = version.output_bucket,
            .key = version_object_key(store, &version, output_file_kind(training->file)),
            .patience = s3_patience(store) },
        &body);
    return WORKED_WAITING;
}

/* Nothing of it can be seen as complete before it is: the version is released at the end. */
static enum worked
send(struct training *training, struct store *store)
{
    if (training->server->outbound == NULL)
        return finish(training, store);
    if (training->sending.request != NULL)
        return WORKED_WAITING;
    if (training->sending.over && training->sending.result != S3_OK) {
        log_line("%s: %s was not written: %s", training->arn, output_file_kind(training->file),
            training->sending.why);
        return fail_with(training, store, TRAINING_OUTPUT_DENIED);
    }
    if (training->sending.over)
        training->file++;
    training->sending.over = false;
    if (training->file == OUTPUT_COUNT ||
        (training->file == OUTPUT_EVALUATION_SUMMARY && training->error != TRAINING_ERROR_COUNT))
        return finish(training, store);
    return send_paper(training, store);
}

enum worked
training_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct training *training = worker;

    switch (training->phase) {
    case TRAINING_BEGINS:
        return begin(training, store);
    case TRAINING_READS:
        return training->data[PART_TRAINING] != NULL ? read_manifests(training, store, until_us)
                                                     : read_dataset(training, store, until_us);
    case TRAINING_LOOKS:
        return look(training, store, until_us);
    case TRAINING_ASSIGNS:
        return assign(training, store, until_us);
    case TRAINING_EVALUATES:
        return evaluate(training, until_us);
    case TRAINING_WRITES:
        return write_papers(training, store, until_us);
    case TRAINING_SHRINKS:
        return training_set_shrink(training->set) ? go_to(training, TRAINING_SENDS) : WORKED_SOME;
    default:
        return send(training, store);
    }
}
