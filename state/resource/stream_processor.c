#include "stream_processor.h"

#include <inttypes.h>
#include <string.h>

#include "../delivery.h"
#include "../page.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"

void stream_processor_ended(struct store *, const char *arn); /* of ends.def */

const char *
stream_processor_kind(const struct stream_processor *processor)
{
    return processor->home ? "home_processor" : "stream_processor";
}

static void
read_row(struct query *q, struct stream_processor *row)
{
    *row = (struct stream_processor){ .id = query_column_int(q, COLUMN_STREAM_PROCESSOR_ID),
        .arn = query_column_text(q, COLUMN_STREAM_PROCESSOR_ARN),
        .name = query_column_text(q, COLUMN_STREAM_PROCESSOR_NAME),
        .status = query_column_text(q, COLUMN_STREAM_PROCESSOR_STATUS),
        .status_message = query_column_text(q, COLUMN_STREAM_PROCESSOR_STATUS_MESSAGE),
        .entered_ms = query_column_int(q, COLUMN_STREAM_PROCESSOR_ENTERED_MS),
        .created_ms = query_column_int(q, COLUMN_STREAM_PROCESSOR_CREATED_MS),
        .home = query_column_int(q, COLUMN_STREAM_PROCESSOR_HOME) != 0,
        .request = query_column_text(q, COLUMN_STREAM_PROCESSOR_REQUEST),
        .session = query_column_text(q, COLUMN_STREAM_PROCESSOR_SESSION),
        .ends_ms = query_column_int(q, COLUMN_STREAM_PROCESSOR_ENDS_MS),
        .frames = query_column_int(q, COLUMN_STREAM_PROCESSOR_FRAMES),
        .seen = query_column_text(q, COLUMN_STREAM_PROCESSOR_SEEN) };
    query_column_copy(q, COLUMN_STREAM_PROCESSOR_ACCOUNT, row->scope.account, ACCOUNT_SIZE);
    query_column_copy(q, COLUMN_STREAM_PROCESSOR_REGION, row->scope.region, REGION_SIZE);
}

static bool
read_named(struct store *store, const struct scope *scope, const char *name,
    struct stream_processor *row)
{
    struct query q = query(store, SQL_STREAM_PROCESSOR_NAMED);

    query_scope(&q, scope);
    query_text(&q, ":name", name);
    if (!query_row(&q))
        return false;
    read_row(&q, row);
    query_done(&q);
    return true;
}

const void *
stream_processor_fetch(struct store *store, const struct scope *scope, const char *name)
{
    struct stream_processor *row = store_alloc(store, sizeof *row);

    if (read_named(store, scope, name, row))
        return row;
    refuse(store, RESULT_NOT_FOUND, "%s has no stream processor %s in %s", scope->account, name,
        scope->region);
    return NULL;
}

int64_t
stream_processor_last(struct store *store)
{
    struct query q = query(store, SQL_STREAM_PROCESSOR_LAST);

    return query_int_value(&q, 0);
}

/* ---- making ----------------------------------------------------------------- */

static int64_t
count(struct store *store, enum sql sql, const struct scope *scope)
{
    struct query q = query(store, sql);

    query_scope(&q, scope);
    return query_int_value(&q, 0);
}

static enum result
check_limit(struct store *store, const struct scope *scope)
{
    int64_t there = count(store, SQL_STREAM_PROCESSOR_COUNT, scope);

    if (there < setting_int(store, SETTING_LIMIT_STREAM_PROCESSORS))
        return RESULT_OK;
    return refuse_limit(store, RESULT_PROCESSOR_LIMIT, SETTING_LIMIT_STREAM_PROCESSORS,
        "%" PRId64 " already", there);
}

/* Whether the name is free; if not, the id is that of who has it. */
static enum result
take_name(struct store *store, struct stream_processor *processor)
{
    struct stream_processor other;

    if (!read_named(store, &processor->scope, processor->name, &other))
        return RESULT_OK;
    processor->id = other.id;
    return refuse(store, RESULT_PROCESSOR_EXISTS, "a stream processor %s exists", processor->name);
}

static void
add_row(struct store *store, struct stream_processor *processor)
{
    const struct scope *scope = &processor->scope;
    struct query q;

    if (processor->created_ms == 0)
        processor->created_ms = store_now(store);
    processor->arn = store_format(store, "arn:%s:rekognition:%s:%s:streamprocessor/%s",
        arn_partition(scope->region), scope->region, scope->account, processor->name);
    q = query(store, SQL_STREAM_PROCESSOR_ADD);
    query_text(&q, ":arn", processor->arn);
    query_scope(&q, scope);
    query_text(&q, ":name", processor->name);
    query_int(&q, ":created_ms", processor->created_ms);
    query_int(&q, ":home", processor->home);
    query_text(&q, ":request", processor->request);
    query_text(&q, ":session", processor->session);
    query_int(&q, ":ends_ms", processor->ends_ms);
    query_int(&q, ":frames", processor->frames);
    query_text(&q, ":seen", processor->seen == NULL ? "" : processor->seen);
    processor->id = query_insert(&q);
}

enum result
stream_processor_create(struct store *store, struct stream_processor *processor)
{
    enum result result = take_name(store, processor);

    if (result == RESULT_OK)
        result = check_limit(store, &processor->scope);
    if (result != RESULT_OK)
        return result;
    add_row(store, processor);
    return lifecycle_move(store, stream_processor_kind(processor), processor->arn, "create");
}

enum result
stream_processor_place(struct store *store, struct stream_processor *processor,
    const struct placing *placing)
{
    enum result result = take_name(store, processor);

    if (result != RESULT_OK)
        return result;
    add_row(store, processor);
    return lifecycle_place(store, stream_processor_kind(processor), processor->arn, placing);
}

/* ---- working ---------------------------------------------------------------- */

bool
stream_processor_is_at_work(const struct stream_processor *processor)
{
    return strcmp(processor->status, processor->home ? "STARTING" : "RUNNING") == 0;
}

/* Amazon Rekognition endpoints and quotas: no error is named; ResourceInUse is the only one that fits. */
static enum result
check_busy(struct store *store, const struct stream_processor *processor)
{
    enum setting limit =
        processor->home ? SETTING_LIMIT_LABEL_PROCESSORS : SETTING_LIMIT_FACE_PROCESSORS;
    struct query q = query(store, SQL_STREAM_PROCESSOR_COUNT_AT_WORK);
    int64_t there;

    query_scope(&q, &processor->scope);
    query_int(&q, ":home", processor->home);
    there = query_int_value(&q, 0);
    return there < setting_int(store, limit) ? RESULT_OK
                                             : refuse_limit(store, RESULT_PROCESSOR_BUSY, limit,
                                                   "%" PRId64 " are at work", there);
}

static void
begin_run(struct store *store, struct stream_processor *row, int64_t most_ms)
{
    struct setting_step usual = setting_step(store, SETTING_STREAM_RUN);
    char *session = store_alloc(store, UUID_SIZE);
    struct query q = query(store, SQL_STREAM_PROCESSOR_BEGIN);

    ids_uuid(store_ids(store), session);
    row->session = session;
    query_text(&q, ":arn", row->arn);
    query_text(&q, ":session", session);
    query_int(&q, ":ends_ms",
        store_now(store) + (most_ms < usual.ms || usual.polls > 0 ? most_ms : usual.ms));
    query_run(&q);
}

enum result
stream_processor_start(struct store *store, struct stream_processor *row, int64_t most_ms)
{
    const char *kind = stream_processor_kind(row);
    enum result result = lifecycle_accepts(store, kind, row->arn, row->status, "start");

    if (result == RESULT_OK)
        result = check_busy(store, row);
    if (result != RESULT_OK)
        return result;
    if (row->home)
        begin_run(store, row, most_ms);
    return lifecycle_move(store, kind, row->arn, "start");
}

/* A refusal of the lifecycle by another name: what is found stays as it was said. */
static enum result
move_or(struct store *store, const struct stream_processor *row, const char *event,
    enum result otherwise)
{
    enum result result = lifecycle_move(store, stream_processor_kind(row), row->arn, event);

    return result == RESULT_WRONG_STATE ? otherwise : result;
}

enum result
stream_processor_stop(struct store *store, const struct stream_processor *row)
{
    return move_or(store, row, "stop", RESULT_PROCESSOR_NOT_STOPPING);
}

enum result
stream_processor_delete(struct store *store, const struct stream_processor *row)
{
    return move_or(store, row, "delete", RESULT_PROCESSOR_NOT_DELETING);
}

enum result
stream_processor_update(struct store *store, const struct stream_processor *row,
    const char *request)
{
    enum result result = move_or(store, row, "update", RESULT_PROCESSOR_BUSY);
    struct query q;

    if (result != RESULT_OK)
        return result;
    q = query(store, SQL_STREAM_PROCESSOR_CHANGE);
    query_text(&q, ":arn", row->arn);
    query_text(&q, ":request", request);
    query_run(&q);
    return RESULT_OK;
}

void
stream_processor_saw(struct store *store, const struct stream_processor *row, const char *seen)
{
    struct query q = query(store, SQL_STREAM_PROCESSOR_SAW);

    query_text(&q, ":arn", row->arn);
    query_text(&q, ":seen", seen);
    query_run(&q);
}

/* A run of labels is over: whoever waits for its results is told. */
void
stream_processor_ended(struct store *store, const char *arn)
{
    struct query q = query(store, SQL_STREAM_PROCESSOR_LAST_WORD);
    const char *topic, *message;

    query_text(&q, ":arn", arn);
    query_int(&q, ":now", store_now(store));
    if (!query_row(&q))
        return;
    topic = query_column_text(&q, 0);
    message = query_column_text(&q, 1);
    query_done(&q);
    if (topic != NULL)
        delivery_add(store, &(struct delivery){ .kind = DELIVERY_SNS,
                                .arn = arn,
                                .target = topic,
                                .body = message });
}

/* ---- listing ---------------------------------------------------------------- */

struct stream_processor *
stream_processor_list(struct store *store, const struct scope *scope, struct page *page,
    size_t *count)
{
    struct query q = query(store, SQL_STREAM_PROCESSOR_LIST);
    struct stream_processor *rows = NULL;

    query_scope(&q, scope);
    page_bind_text(page, &q);
    for (*count = 0; page_row(page, &q, *count); (*count)++) {
        rows = store_more(store, rows, *count, sizeof *rows);
        read_row(&q, &rows[*count]);
    }
    return rows;
}

bool
stream_processor_next(struct store *store, const struct scope *scope, const char *after,
    struct stream_processor *processor)
{
    struct page page = { .after_text = after, .size = 1 };
    size_t count;
    const struct stream_processor *found = stream_processor_list(store, scope, &page, &count);

    if (count > 0)
        *processor = *found;
    return count > 0;
}
