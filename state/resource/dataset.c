#include "dataset.h"

#include <inttypes.h>
#include <string.h>

#include "../clock.h"
#include "../history.h"
#include "../base/ids.h"
#include "../lifecycle.h"
#include "../lifecycle_work.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"
#include "../work.h"

static const char kind[] = "dataset";

const struct dataset_message_row dataset_messages[DATASET_MESSAGE_COUNT] = {
#define DATASET_MESSAGE(id, text, evidence, source) { text, evidence, source },
#include "dataset.def"
#undef DATASET_MESSAGE
};

static bool
is(const char *status, const char *one)
{
    return strcmp(status, one) == 0;
}

/*
 * API Reference, DatasetDescription: StatusMessageCode. That a step in progress says SUCCESS is a
 * guess: there are only three.
 */
const char *
dataset_message_code(const struct dataset *dataset)
{
    if (!is(dataset->status, "CREATE_FAILED") && !is(dataset->status, "UPDATE_FAILED"))
        return "SUCCESS";
    return is(dataset->status_message, dataset_messages[DATASET_SERVICE_FAULT].text)
               ? "SERVICE_ERROR"
               : "CLIENT_ERROR";
}

/* ---- rows --------------------------------------------------------------- */

static void
read_row(struct query *q, struct dataset *dataset)
{
    dataset->id = query_column_int(q, COLUMN_DATASET_ID);
    dataset->arn = query_column_text(q, COLUMN_DATASET_ARN);
    dataset->project_id = query_column_int(q, COLUMN_DATASET_PROJECT_ID);
    query_column_copy(q, COLUMN_DATASET_ACCOUNT, dataset->scope.account, ACCOUNT_SIZE);
    query_column_copy(q, COLUMN_DATASET_REGION, dataset->scope.region, REGION_SIZE);
    dataset->type = query_column_text(q, COLUMN_DATASET_TYPE);
    dataset->status = query_column_text(q, COLUMN_DATASET_STATUS);
    dataset->status_message = query_column_text(q, COLUMN_DATASET_STATUS_MESSAGE);
    dataset->created_ms = query_column_int(q, COLUMN_DATASET_CREATED_MS);
    dataset->entered_ms = query_column_int(q, COLUMN_DATASET_ENTERED_MS);
    dataset->entries = query_column_int(q, COLUMN_DATASET_ENTRIES);
    dataset->labeled = query_column_int(q, COLUMN_DATASET_LABELED);
    dataset->erroneous = query_column_int(q, COLUMN_DATASET_ERRONEOUS);
    dataset->labels = query_column_int(q, COLUMN_DATASET_LABELS);
    dataset->source_arn = query_column_text(q, COLUMN_DATASET_SOURCE_ARN);
    dataset->step = query_column_int(q, COLUMN_DATASET_STEP);
}

enum result
dataset_find(struct store *store, const char *arn, struct dataset *dataset)
{
    struct query q = query(store, SQL_DATASET_FIND);

    query_text(&q, ":arn", arn);
    if (!query_row(&q))
        return refuse(store, RESULT_NOT_FOUND, "%s", arn);
    read_row(&q, dataset);
    query_done(&q);
    return RESULT_OK;
}

const void *
dataset_fetch(struct store *store, const struct scope *scope, const char *arn)
{
    struct dataset *row = store_alloc(store, sizeof *row);

    (void)scope;
    return dataset_find(store, arn, row) == RESULT_OK ? row : NULL;
}

size_t
dataset_list(struct store *store, int64_t project_id, struct dataset datasets[2])
{
    struct query q = query(store, SQL_DATASET_LIST);
    size_t count = 0;

    query_int(&q, ":project_id", project_id);
    while (count < 2 && query_row(&q))
        read_row(&q, &datasets[count++]);
    query_done(&q);
    return count;
}

static const char *
stamped_arn(struct store *store, const struct dataset *dataset)
{
    return store_format(store, "arn:%s:rekognition:%s:%s:project/%s/dataset/%s/%" PRId64,
        arn_partition(dataset->scope.region), dataset->scope.region, dataset->scope.account,
        dataset->project_name, is(dataset->type, "TRAIN") ? "train" : "test", dataset->created_ms);
}

/*
 * The stamp of an ARN is the moment of creation; one that was used in the same millisecond takes
 * the next one.
 */
static void
set_arn(struct store *store, struct dataset *dataset)
{
    dataset->created_ms = store_now(store);
    while (history_knows(store, dataset->arn = stamped_arn(store, dataset)))
        dataset->created_ms = clock_stamp_beside(store_now(store), dataset->created_ms);
}

/* Project datasets are told apart by type: a project has at most one of each. */
static enum result
type_is_free(struct store *store, const struct dataset *dataset)
{
    struct query q = query(store, SQL_DATASET_ID_OF_TYPE);

    query_int(&q, ":project_id", dataset->project_id);
    query_text(&q, ":type", dataset->type);
    if (query_int_value(&q, 0) == 0)
        return RESULT_OK;
    return refuse(store, RESULT_DATASET_EXISTS, "the project has a dataset of type %s",
        dataset->type);
}

static void
add_row(struct store *store, const struct dataset *dataset)
{
    struct query q = query(store, SQL_DATASET_ADD);

    query_text(&q, ":arn", dataset->arn);
    query_int(&q, ":project_id", dataset->project_id);
    query_text(&q, ":account", dataset->scope.account);
    query_text(&q, ":region", dataset->scope.region);
    query_text(&q, ":type", dataset->type);
    query_int(&q, ":created_ms", dataset->created_ms);
    query_text(&q, ":source_arn", dataset->source_arn);
    query_run(&q);
}

/* ---- verbs -------------------------------------------------------------- */

enum result
dataset_create(struct store *store, struct dataset *dataset, const char *task, const char *what)
{
    enum result result = type_is_free(store, dataset);

    if (result != RESULT_OK)
        return result;
    set_arn(store, dataset);
    dataset->source_arn = task != NULL && is(task, TASK_COPY) ? what : NULL;
    add_row(store, dataset);
    result = lifecycle_move_from(store, kind, dataset->arn, LIFECYCLE_NONE, "create");
    if (result == RESULT_OK && task != NULL)
        lifecycle_await(store, &(struct work){ .kind = kind,
                                   .arn = dataset->arn,
                                   .task = task,
                                   .what = what,
                                   .undo = TASK_CREATE_UNDO });
    return result;
}

enum result
dataset_place(struct store *store, struct dataset *dataset, const struct placing *placing)
{
    enum result result = type_is_free(store, dataset);
    struct dataset placed = { 0 };
    struct query q;

    if (result != RESULT_OK)
        return result;
    if (dataset->created_ms == 0)
        set_arn(store, dataset);
    else if (dataset->arn == NULL)
        dataset->arn = stamped_arn(store, dataset);
    add_row(store, dataset);
    result = lifecycle_place(store, kind, dataset->arn, placing);
    if (result == RESULT_OK && is(placing->status, "CREATE_IN_PROGRESS"))
        lifecycle_place_work(store,
            &(struct work){ .kind = kind, .arn = dataset->arn, .undo = TASK_CREATE_UNDO });
    dataset_find(store, dataset->arn, &placed);
    dataset->id = placed.id;
    q = query(store, SQL_DATASET_SET_SHOWN);
    query_int(&q, ":id", dataset->id);
    query_int(&q, ":entries", dataset->entries);
    query_int(&q, ":labeled", dataset->labeled);
    query_int(&q, ":erroneous", dataset->erroneous);
    query_int(&q, ":labels", dataset->labels);
    query_run(&q);
    return result;
}

/*
 * A dataset that another is being made from stays as it is. No source says so: it is how the copy
 * is one of a single moment.
 */
static enum result
not_copied(struct store *store, const struct dataset *dataset)
{
    struct query q = query(store, SQL_DATASET_IS_COPIED);

    query_text(&q, ":arn", dataset->arn);
    if (query_int_value(&q, 0) != 0)
        return refuse(store, RESULT_DATASET_COPIED, "a dataset is being made from %s",
            dataset->arn);
    return RESULT_OK;
}

/* Begins a step that changes entries: until it ends, the figures of before are shown. */
static enum result
begin_change(struct store *store, const struct dataset *dataset, const char *event,
    struct work work)
{
    enum result result = lifecycle_accepts(store, kind, dataset->arn, dataset->status, event);
    struct query q;

    if (result == RESULT_OK)
        result = not_copied(store, dataset);
    if (result == RESULT_OK)
        result = lifecycle_move_from(store, kind, dataset->arn, dataset->status, event);
    if (result != RESULT_OK)
        return result;
    q = query(store, SQL_DATASET_BEGIN_STEP);
    query_int(&q, ":id", dataset->id);
    query_int(&q, ":step", history_last(store));
    query_run(&q);
    work.kind = kind;
    work.arn = dataset->arn;
    lifecycle_await(store, &work);
    return RESULT_OK;
}

enum result
dataset_update(struct store *store, const struct dataset *dataset, const char *lines)
{
    int64_t limit = setting_int(store, SETTING_DATASET_MAX_UPDATE);
    enum result result = lifecycle_accepts(store, kind, dataset->arn, dataset->status, "update");

    if (result != RESULT_OK)
        return result;
    if ((int64_t)strlen(lines) > limit)
        return refuse_limit(store, RESULT_UPDATE_LIMIT, SETTING_DATASET_MAX_UPDATE, "%zu bytes",
            strlen(lines));
    return begin_change(store, dataset, "update",
        (struct work){ .task = TASK_UPDATE, .what = lines, .undo = TASK_UPDATE_UNDO });
}

enum result
dataset_distribute(struct store *store, const struct dataset *train, const struct dataset *test)
{
    char seed[17];
    enum result result = lifecycle_accepts(store, kind, train->arn, train->status, "distribute");

    if (result == RESULT_OK)
        result = lifecycle_accepts(store, kind, test->arn, test->status, "distribute");
    if (result != RESULT_OK)
        return result;
    if (test->entries > 0)
        return refuse(store, RESULT_TEST_NOT_EMPTY, "%s has %" PRId64 " entries", test->arn,
            test->entries);
    ids_hex(store_ids(store), seed, sizeof seed - 1);
    result = begin_change(store, test, "distribute",
        (struct work){ .task = TASK_RECEIVE, .undo = TASK_RECEIVE_UNDO, .partner = train->arn });
    if (result != RESULT_OK)
        return result;
    return begin_change(store, train, "distribute",
        (struct work){ .task = TASK_DISTRIBUTE,
            .what = seed,
            .undo = TASK_DISTRIBUTE_UNDO,
            .partner = test->arn });
}

enum result
dataset_delete(struct store *store, const struct dataset *dataset)
{
    enum result result = lifecycle_accepts(store, kind, dataset->arn, dataset->status, "delete");
    struct query q = query(store, SQL_DATASET_TRAINS);

    if (result != RESULT_OK)
        return result;
    query_int(&q, ":id", dataset->id);
    if (query_int_value(&q, 0) != 0)
        return refuse(store, RESULT_DATASET_TRAINS, "a version of its project is in training");
    return begin_change(store, dataset, "delete", (struct work){ .task = TASK_DELETE });
}

enum result
dataset_lists(struct store *store, const struct dataset *dataset)
{
    enum result result = lifecycle_accepts(store, kind, dataset->arn, dataset->status, "list");

    if (result != RESULT_OK && strncmp(dataset->status, "CREATE_", 7) == 0)
        return RESULT_DATASET_NOT_MADE; /* store_found() says what it is instead */
    return result;
}

enum result
dataset_copies(struct store *store, const struct dataset *dataset)
{
    return lifecycle_accepts(store, kind, dataset->arn, dataset->status, "copy") == RESULT_OK
               ? RESULT_OK
               : RESULT_SOURCE_NOT_READY;
}
