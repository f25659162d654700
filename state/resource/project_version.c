#include "project_version.h"

#include <inttypes.h>
#include <string.h>

#include "../clock.h"
#include "../history.h"
#include "../lifecycle.h"
#include "../lifecycle_work.h"
#include "../page.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"
#include "../usage.h"
#include "../work.h"

const char *
project_version_kind(const struct project_version *version)
{
    return project_version_is_adapter(version) ? "adapter" : "project_version";
}

bool
project_version_is_adapter(const struct project_version *version)
{
    return strcmp(version->feature, "CONTENT_MODERATION") == 0;
}

/* ---- rows --------------------------------------------------------------- */

static void
read_row(struct query *q, struct project_version *version)
{
    version->id = query_column_int(q, COLUMN_PROJECT_VERSION_ID);
    version->arn = query_column_text(q, COLUMN_PROJECT_VERSION_ARN);
    version->project_id = query_column_int(q, COLUMN_PROJECT_VERSION_PROJECT_ID);
    query_column_copy(q, COLUMN_PROJECT_VERSION_ACCOUNT, version->scope.account, ACCOUNT_SIZE);
    query_column_copy(q, COLUMN_PROJECT_VERSION_REGION, version->scope.region, REGION_SIZE);
    version->name = query_column_text(q, COLUMN_PROJECT_VERSION_NAME);
    version->feature = query_column_text(q, COLUMN_PROJECT_VERSION_FEATURE);
    version->status = query_column_text(q, COLUMN_PROJECT_VERSION_STATUS);
    version->status_message = query_column_text(q, COLUMN_PROJECT_VERSION_STATUS_MESSAGE);
    version->created_ms = query_column_int(q, COLUMN_PROJECT_VERSION_CREATED_MS);
    version->trained_ms = query_column_int(q, COLUMN_PROJECT_VERSION_TRAINED_MS);
    version->min_units = query_column_int(q, COLUMN_PROJECT_VERSION_MIN_UNITS);
    version->max_units = query_column_int(q, COLUMN_PROJECT_VERSION_MAX_UNITS);
    version->units = query_column_int(q, COLUMN_PROJECT_VERSION_UNITS);
    version->description = query_column_text(q, COLUMN_PROJECT_VERSION_DESCRIPTION);
    version->kms_key_id = query_column_text(q, COLUMN_PROJECT_VERSION_KMS_KEY_ID);
    version->output_bucket = query_column_text(q, COLUMN_PROJECT_VERSION_OUTPUT_BUCKET);
    version->output_prefix = query_column_text(q, COLUMN_PROJECT_VERSION_OUTPUT_PREFIX);
    version->training_data = query_column_text(q, COLUMN_PROJECT_VERSION_TRAINING_DATA);
    version->testing_data = query_column_text(q, COLUMN_PROJECT_VERSION_TESTING_DATA);
    version->feature_config = query_column_text(q, COLUMN_PROJECT_VERSION_FEATURE_CONFIG);
    version->source_arn = query_column_text(q, COLUMN_PROJECT_VERSION_SOURCE_ARN);
    version->completed = query_column_int(q, COLUMN_PROJECT_VERSION_COMPLETED) != 0;
    version->f1_score = query_column_number(q, COLUMN_PROJECT_VERSION_F1_SCORE);
    version->entered_ms = query_column_int(q, COLUMN_PROJECT_VERSION_ENTERED_MS);
    version->model_id = query_column_int(q, COLUMN_PROJECT_VERSION_MODEL_ID);
    version->validated = query_column_int(q, COLUMN_PROJECT_VERSION_VALIDATED) != 0;
    version->uses_datasets = query_column_int(q, COLUMN_PROJECT_VERSION_USES_DATASETS) != 0;
}

enum result
project_version_find(struct store *store, const char *arn, struct project_version *version)
{
    struct query q = query(store, SQL_PROJECT_VERSION_FIND);

    query_text(&q, ":arn", arn);
    if (!query_row(&q))
        return refuse(store, RESULT_NOT_FOUND, "there is no %s", arn);
    read_row(&q, version);
    query_done(&q);
    return RESULT_OK;
}

const void *
project_version_fetch(struct store *store, const struct scope *scope, const char *arn)
{
    struct project_version *row = store_alloc(store, sizeof *row);

    (void)scope;
    return project_version_find(store, arn, row) == RESULT_OK ? row : NULL;
}

struct project_version *
project_version_list(struct store *store, int64_t project_id, const char *names, struct page *page,
    size_t *count)
{
    struct project_version *rows = NULL;
    struct query q = query(store, names == NULL                ? SQL_PROJECT_VERSION_LIST
                                  : strchr(names, ',') == NULL ? SQL_PROJECT_VERSION_LIST_ONE
                                                               : SQL_PROJECT_VERSION_LIST_NAMED);

    query_int(&q, ":project_id", project_id);
    if (names != NULL)
        query_text(&q, ":names", names);
    page_bind(page, &q, INT64_MAX);
    for (*count = 0; page_row(page, &q, *count); (*count)++) {
        rows = store_more(store, rows, *count, sizeof *rows);
        read_row(&q, &rows[*count]);
    }
    return rows;
}

bool
project_version_next(struct store *store, int64_t project_id, const struct project_version *after,
    struct project_version *version)
{
    struct query q = query(store, SQL_PROJECT_VERSION_NEXT);

    query_int(&q, ":project_id", project_id);
    query_int(&q, ":created_ms", after->created_ms);
    query_int(&q, ":id", after->id);
    if (!query_row(&q))
        return false;
    read_row(&q, version);
    query_done(&q);
    return true;
}

static char *
stamped_arn(struct store *store, const struct project_version *version)
{
    return store_format(store, "arn:%s:rekognition:%s:%s:project/%s/version/%s/%" PRId64,
        arn_partition(version->scope.region), version->scope.region, version->scope.account,
        version->project_name, version->name, version->created_ms);
}

/*
 * The stamp of an ARN is the moment of creation; a name used again in the same millisecond takes
 * the next one.
 */
static void
set_arn(struct store *store, struct project_version *version)
{
    version->created_ms = store_now(store);
    while (history_knows(store, version->arn = stamped_arn(store, version)))
        version->created_ms = clock_stamp_beside(store_now(store), version->created_ms);
}

/* 0 is not set. */
static void
bind_if_set(struct query *q, const char *name, int64_t value)
{
    if (value != 0)
        query_int(q, name, value);
}

static void
add_row(struct store *store, const struct project_version *version)
{
    struct query q = query(store, SQL_PROJECT_VERSION_ADD);

    query_text(&q, ":arn", version->arn);
    query_int(&q, ":project_id", version->project_id);
    query_text(&q, ":account", version->scope.account);
    query_text(&q, ":region", version->scope.region);
    query_text(&q, ":name", version->name);
    query_text(&q, ":feature", version->feature);
    query_int(&q, ":created_ms", version->created_ms);
    query_text(&q, ":description", version->description);
    query_text(&q, ":kms_key_id", version->kms_key_id);
    query_text(&q, ":output_bucket", version->output_bucket);
    query_text(&q, ":output_prefix", version->output_prefix);
    query_text(&q, ":training_data", version->training_data);
    query_text(&q, ":testing_data", version->testing_data);
    query_text(&q, ":feature_config", version->feature_config);
    query_text(&q, ":source_arn", version->source_arn);
    bind_if_set(&q, ":model_id", version->model_id);
    query_number(&q, ":f1_score", version->f1_score);
    query_int(&q, ":uses_datasets", version->uses_datasets);
    query_run(&q);
}

/* Adds the row of a version that `event` brings into being. */
static enum result
bring_in(struct store *store, struct project_version *version, const char *event)
{
    set_arn(store, version);
    add_row(store, version);
    return lifecycle_move_from(store, project_version_kind(version), version->arn, LIFECYCLE_NONE,
        event);
}

/* ---- limits ------------------------------------------------------------- */

/* Refuses by `rule` when as many as the setting allows are there already. */
static enum result
below(struct store *store, struct query *count_query, enum setting setting, enum result rule)
{
    int64_t count = query_int_value(count_query, 0), limit = setting_int(store, setting);

    if (count < limit)
        return RESULT_OK;
    return refuse_limit(store, rule, setting, "%" PRId64 " already", count);
}

/* `count` counts the versions of an account and region that a quota is about. */
static enum result
fewer(struct store *store, const struct scope *scope, enum sql count, enum setting setting,
    enum result rule)
{
    struct query q = query(store, count);

    query_scope(&q, scope);
    return below(store, &q, setting, rule);
}

static enum result
name_is_free(struct store *store, const struct project_version *version)
{
    struct query q = query(store, SQL_PROJECT_VERSION_ID_OF_NAME);

    query_int(&q, ":project_id", version->project_id);
    query_text(&q, ":name", version->name);
    if (query_int_value(&q, 0) == 0)
        return RESULT_OK;
    return refuse(store, RESULT_VERSION_NAME_TAKEN, "the project has a version %s", version->name);
}

/* The rules that training and copying into a project share. */
static enum result
name_and_room(struct store *store, const struct project_version *version)
{
    enum result result = name_is_free(store, version);
    struct query q;

    if (result != RESULT_OK)
        return result;
    q = query(store, SQL_PROJECT_VERSION_COUNT);
    query_int(&q, ":project_id", version->project_id);
    return below(store, &q, SETTING_LIMIT_VERSIONS_PER_PROJECT, RESULT_VERSION_LIMIT);
}

static void
set_units(struct store *store, const struct project_version *version, int64_t min_units,
    int64_t max_units)
{
    struct query q = query(store, SQL_PROJECT_VERSION_SET_UNITS);

    query_text(&q, ":arn", version->arn);
    bind_if_set(&q, ":min_units", min_units);
    bind_if_set(&q, ":max_units", max_units);
    query_run(&q);
}

/* ---- data --------------------------------------------------------------- */

/* Developer Guide: a model is trained with a training and a test dataset, both complete. */
static enum result
datasets_train(struct store *store, int64_t project_id, int64_t *count)
{
    struct query q = query(store, SQL_DATASET_STATUSES);
    enum result result = RESULT_OK;

    query_int(&q, ":project_id", project_id);
    for (*count = 0; result == RESULT_OK && query_row(&q); ++*count)
        result = lifecycle_accepts(store, "dataset", query_column_text(&q, 0),
            query_column_text(&q, 1), "train");
    query_done(&q);
    return result;
}

/* API Reference, CreateProjectVersion: training data is for projects without datasets. */
static enum result
has_data(struct store *store, struct project_version *version, bool needs_data)
{
    int64_t count;
    enum result result = datasets_train(store, version->project_id, &count);

    version->uses_datasets = version->training_data == NULL && count > 0;
    if (version->training_data != NULL)
        return count == 0 ? RESULT_OK
                          : refuse(store, RESULT_DATASETS_TOO,
                                "TrainingData is given, and the project has datasets");
    if (result != RESULT_OK)
        return result;
    if (count == 1)
        return refuse(store, RESULT_DATASET_MISSING,
            "the project has one dataset; training needs one of each type");
    if (count == 0 && needs_data && setting_int(store, SETTING_TRAINING_NEEDS_DATA) != 0)
        return refuse(store, RESULT_NO_DATA,
            "neither datasets nor TrainingData; see training.needsData");
    return RESULT_OK;
}

/* ---- verbs -------------------------------------------------------------- */

enum result
project_version_train(struct store *store, struct project_version *version, bool needs_data)
{
    enum result result = name_and_room(store, version);

    if (result == RESULT_OK)
        result = has_data(store, version, needs_data);
    if (result == RESULT_OK)
        result = fewer(store, &version->scope, SQL_PROJECT_VERSION_COUNT_TRAINING,
            SETTING_LIMIT_CONCURRENT_TRAININGS, RESULT_TRAINING_LIMIT);
    version->f1_score = setting_number(store, SETTING_TRAINING_F1_SCORE);
    return result == RESULT_OK ? bring_in(store, version, "train") : result;
}

bool
project_version_has_data(const struct project_version *version)
{
    return version->training_data != NULL || version->uses_datasets;
}

void
project_version_await(struct store *store, const struct project_version *version, const char *task,
    const char *what)
{
    lifecycle_await(store, &(struct work){ .kind = project_version_kind(version),
                               .arn = version->arn,
                               .task = task,
                               .what = what });
}

void
project_version_judge(struct store *store, const char *arn, bool validated, double f1_score)
{
    struct query q = query(store, SQL_PROJECT_VERSION_JUDGE);

    query_text(&q, ":arn", arn);
    query_int(&q, ":validated", validated);
    query_number(&q, ":f1_score", f1_score);
    query_run(&q);
}

enum result
project_version_copy(struct store *store, const struct project_version *source,
    struct project_version *version)
{
    enum result result = lifecycle_move_from(store, project_version_kind(source), source->arn,
        source->status, "copy");

    if (result == RESULT_OK)
        result = name_and_room(store, version);
    if (result == RESULT_OK)
        result = fewer(store, &version->scope, SQL_PROJECT_VERSION_COUNT_COPYING,
            SETTING_LIMIT_CONCURRENT_COPIES, RESULT_COPY_LIMIT);
    version->source_arn = source->arn;
    version->model_id = source->model_id;
    version->f1_score = source->f1_score;
    return result == RESULT_OK ? bring_in(store, version, "copy_in") : result;
}

/* The state is asked before the quotas; that order is a guess. */
enum result
project_version_start(struct store *store, const struct project_version *version, int64_t min_units,
    int64_t max_units)
{
    int64_t units = max_units > min_units ? max_units : min_units;
    int64_t limit = setting_int(store, SETTING_LIMIT_UNITS_PER_VERSION);
    enum result result;

    result = lifecycle_accepts(store, project_version_kind(version), version->arn, version->status,
        "start");
    if (result != RESULT_OK)
        return result;
    if (units > limit)
        return refuse_limit(store, RESULT_UNIT_LIMIT, SETTING_LIMIT_UNITS_PER_VERSION,
            "%" PRId64 " units", units);
    result = fewer(store, &version->scope, SQL_PROJECT_VERSION_COUNT_RUNNING,
        SETTING_LIMIT_RUNNING_VERSIONS, RESULT_RUNNING_LIMIT);
    if (result != RESULT_OK)
        return result;

    if (version->min_units != min_units || version->max_units != max_units)
        set_units(store, version, min_units, max_units);
    return lifecycle_move_from(store, project_version_kind(version), version->arn, version->status,
        "start");
}

enum result
project_version_stop(struct store *store, const struct project_version *version)
{
    return lifecycle_move_from(store, project_version_kind(version), version->arn, version->status,
        "stop");
}

/* Whether it is the last that knows the images of its model, and there are any. */
static bool
leaves_images(struct store *store, const struct project_version *version)
{
    struct query q = query(store, SQL_VERSION_IMAGE_IS_LAST);

    query_int(&q, ":model_id", version->model_id);
    query_int(&q, ":version_id", version->id);
    return query_int_value(&q, 0) != 0;
}

enum result
project_version_delete(struct store *store, const struct project_version *version)
{
    enum result result = lifecycle_move_from(store, project_version_kind(version), version->arn,
        version->status, "delete");

    if (result == RESULT_OK && leaves_images(store, version))
        project_version_await(store, version, TASK_FORGET, NULL);
    return result;
}

enum result
project_version_detects(struct store *store, const struct project_version *version)
{
    return lifecycle_accepts(store, project_version_kind(version), version->arn, version->status,
               "detect") == RESULT_OK
               ? RESULT_OK
               : RESULT_NOT_RUNNING; /* store_found() says what it is instead */
}

enum result
project_version_moderate(struct store *store, const struct project_version *adapter)
{
    if (lifecycle_accepts(store, project_version_kind(adapter), adapter->arn, adapter->status,
            "moderate") != RESULT_OK)
        return RESULT_NOT_RUNNING;
    usage_count_call(store, adapter->arn, false);
    return RESULT_OK;
}

int64_t
project_version_units(struct store *store)
{
    struct query q = query(store, SQL_PROJECT_VERSION_UNITS);

    return query_int_value(&q, 0);
}

/* ---- placing ------------------------------------------------------------ */

/* After its status was written: that counts as a move, and this is what has really been. */
static void
set_past(struct store *store, const struct project_version *version)
{
    struct query q = query(store, SQL_PROJECT_VERSION_PLACE);

    query_text(&q, ":arn", version->arn);
    query_int(&q, ":completed", version->completed);
    query_int(&q, ":validated", version->validated);
    bind_if_set(&q, ":trained_ms", version->trained_ms);
    query_int(&q, ":units", version->units);
    query_run(&q);
}

enum result
project_version_place(struct store *store, struct project_version *version,
    const struct placing *placing)
{
    enum result result = name_is_free(store, version);

    if (result != RESULT_OK)
        return result;
    if (version->created_ms == 0)
        set_arn(store, version);
    else if (version->arn == NULL)
        version->arn = stamped_arn(store, version);
    add_row(store, version);
    set_units(store, version, version->min_units, version->max_units);
    result = lifecycle_place(store, project_version_kind(version), version->arn, placing);
    set_past(store, version);
    return result;
}
