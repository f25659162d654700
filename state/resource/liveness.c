#include "liveness.h"

#include <stddef.h>
#include <string.h>

#include "../base/ids.h"
#include "../clocks.h"
#include "../lifecycle_work.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"
#include "../timer.h"
#include "../work.h"

static const char kind[] = LIVENESS_KIND;

/* ---- rows --------------------------------------------------------------- */

/* The row that the query has, if it has one. */
static bool
read_row(struct query *q, struct liveness *row)
{
    if (!query_row(q))
        return false;
    *row = (struct liveness){ .id = query_column_int(q, COLUMN_LIVENESS_ID),
        .arn = query_column_text(q, COLUMN_LIVENESS_ARN),
        .name = query_column_text(q, COLUMN_LIVENESS_NAME),
        .status = query_column_text(q, COLUMN_LIVENESS_STATUS),
        .request = query_column_text(q, COLUMN_LIVENESS_REQUEST),
        .token = query_column_text(q, COLUMN_LIVENESS_TOKEN),
        .created_ms = query_column_int(q, COLUMN_LIVENESS_CREATED_MS),
        .entered_ms = query_column_int(q, COLUMN_LIVENESS_ENTERED_MS),
        .writes = query_column_int(q, COLUMN_LIVENESS_WRITES) != 0,
        .checks = query_column_int(q, COLUMN_LIVENESS_CHECKS) != 0,
        .told = query_column_int(q, COLUMN_LIVENESS_TOLD) != 0,
        .result = { .confidence = query_column_number(q, COLUMN_LIVENESS_CONFIDENCE),
            .person = query_column_text(q, COLUMN_LIVENESS_PERSON),
            .reference = query_column_text(q, COLUMN_LIVENESS_REFERENCE) } };
    query_column_copy(q, COLUMN_LIVENESS_ACCOUNT, row->scope.account, ACCOUNT_SIZE);
    query_column_copy(q, COLUMN_LIVENESS_REGION, row->scope.region, REGION_SIZE);
    query_done(q);
    return true;
}

static void
bind_result(struct query *q, const struct liveness_result *result)
{
    if (result->confidence >= 0)
        query_number(q, ":confidence", result->confidence);
    query_text(q, ":person", result->person);
    query_text(q, ":reference", result->reference);
}

static void
add_row(struct store *store, struct liveness *row)
{
    struct query q = query(store, SQL_LIVENESS_ADD);

    row->arn = store_format(store, "arn:%s:rekognition:%s:%s:session/%s",
        arn_partition(row->scope.region), row->scope.region, row->scope.account, row->name);
    query_text(&q, ":arn", row->arn);
    query_scope(&q, &row->scope);
    query_text(&q, ":name", row->name);
    query_text(&q, ":request", row->request);
    query_text(&q, ":token", row->token);
    query_int(&q, ":created_ms", row->created_ms);
    query_int(&q, ":writes", row->writes);
    query_int(&q, ":checks", row->checks);
    query_int(&q, ":told", row->told);
    bind_result(&q, &row->result);
    row->id = query_insert(&q);
}

bool
liveness_find(struct store *store, const char *arn, struct liveness *row)
{
    struct query q = query(store, SQL_LIVENESS_FIND);

    query_text(&q, ":arn", arn);
    return read_row(&q, row);
}

bool
liveness_of_token(struct store *store, const struct scope *scope, const char *token,
    struct liveness *row)
{
    struct query q = query(store, SQL_LIVENESS_OF_TOKEN);

    query_scope(&q, scope);
    query_text(&q, ":token", token);
    return token != NULL && read_row(&q, row);
}

const void *
liveness_fetch(struct store *store, const struct scope *scope, const char *name)
{
    struct liveness *row = store_alloc(store, sizeof *row);
    struct query q = query(store, SQL_LIVENESS_OF_NAME);

    query_scope(&q, scope);
    query_text(&q, ":name", name);
    if (read_row(&q, row))
        return row;
    refuse(store, RESULT_SESSION_MISSING, "there is no session %s", name);
    return NULL;
}

bool
liveness_next(struct store *store, const struct scope *scope, int64_t *after, struct liveness *row)
{
    struct query q = query(store, SQL_LIVENESS_NEXT);

    query_scope(&q, scope);
    query_int(&q, ":after", *after);
    if (!read_row(&q, row))
        return false;
    *after = row->id;
    return true;
}

/* ---- ends, as they were told -------------------------------------------- */

static bool
read_end(struct query *q, struct liveness_end *end)
{
    if (!query_row(q))
        return false;
    *end = (struct liveness_end){ .id = query_column_int(q, COLUMN_LIVENESS_END_ID),
        .account = query_column_text(q, COLUMN_LIVENESS_END_ACCOUNT),
        .session = query_column_text(q, COLUMN_LIVENESS_END_SESSION),
        .status = query_column_text(q, COLUMN_LIVENESS_END_STATUS),
        .after_ms = query_column_int(q, COLUMN_LIVENESS_END_AFTER_MS),
        .times = query_column_int(q, COLUMN_LIVENESS_END_TIMES),
        .hits = query_column_int(q, COLUMN_LIVENESS_END_HITS),
        .result = { .confidence = query_column_number(q, COLUMN_LIVENESS_END_CONFIDENCE),
            .person = query_column_text(q, COLUMN_LIVENESS_END_PERSON),
            .reference = query_column_text(q, COLUMN_LIVENESS_END_REFERENCE) } };
    query_done(q);
    return true;
}

bool
liveness_end_next(struct store *store, int64_t *after, struct liveness_end *end)
{
    struct query q = query(store, SQL_LIVENESS_END_NEXT);

    query_int(&q, ":after", *after);
    if (!read_end(&q, end))
        return false;
    *after = end->id;
    return true;
}

bool
liveness_end_remove(struct store *store, int64_t id)
{
    return query_remove(store, SQL_LIVENESS_END_REMOVE, id);
}

int
liveness_end_remove_all(struct store *store, const char *account, const char *region)
{
    return query_reset(store, SQL_LIVENESS_END_RESET, account, region);
}

/* ---- checks ------------------------------------------------------------- */

/* The check is under way; one that `checks` ends by itself. */
static void
begin(struct store *store, struct liveness *row, bool checks)
{
    struct query q = query(store, SQL_LIVENESS_SET_CHECKS);

    row->checks = checks;
    query_text(&q, ":arn", row->arn);
    query_int(&q, ":checks", checks);
    query_run(&q);
    if (strcmp(row->status, "CREATED") == 0)
        lifecycle_move(store, kind, row->arn, "begin");
    row->status = "IN_PROGRESS";
}

static void
await_images(struct store *store, const struct liveness *row)
{
    struct work work;

    if (row->writes && !work_find(store, kind, row->arn, &work))
        lifecycle_await(store,
            &(struct work){ .kind = kind, .arn = row->arn, .task = LIVENESS_TASK });
}

/* When the session expires, were it to. */
static int64_t
expires(struct store *store, const struct liveness *row)
{
    return row->created_ms + setting_int(store, SETTING_LIVENESS_EXPIRE);
}

/* The check that is under way ends so, and then; unless the session has expired before. */
static void
set_end(struct store *store, const struct liveness *row, const struct liveness_end *end)
{
    struct timer timer;

    if (!timer_find(store, kind, row->arn, &timer))
        return;
    timer.due_ms = store_now(store) + (end->after_ms == LIVENESS_AT_ONCE ? 0 : end->after_ms);
    timer.event = strcmp(end->status, "SUCCEEDED") == 0 ? "pass" : "not_pass";
    timer.polls = 0;
    if (timer.due_ms > expires(store, row)) {
        timer.due_ms = expires(store, row);
        timer.event = "expire";
    }
    if (strcmp(timer.event, "not_pass") == 0) {
        lifecycle_tell(store, &timer);
        return;
    }
    timer_arm(store, &timer);
    if (strcmp(timer.event, "pass") == 0)
        await_images(store, row);
}

static void
tell(struct store *store, struct liveness *row, const struct liveness_end *end)
{
    bool ends = strcmp(end->status, "IN_PROGRESS") != 0;
    struct query q = query(store, SQL_LIVENESS_TELL);

    row->result = end->result;
    query_text(&q, ":arn", row->arn);
    query_int(&q, ":told", ends);
    bind_result(&q, &end->result);
    query_run(&q);
    q = query(store, SQL_LIVENESS_END_HIT);
    query_int(&q, ":id", end->id);
    query_run(&q);
    begin(store, row, false);
    if (ends)
        set_end(store, row, end);
}

/* The end of one that begins: one for it alone before one for any, and of those the oldest. */
static bool
end_for(struct store *store, const struct liveness *row, struct liveness_end *end)
{
    struct query q = query(store, SQL_LIVENESS_END_FOR);

    query_text(&q, ":account", row->scope.account);
    query_text(&q, ":session", row->name);
    return read_end(&q, end);
}

enum result
liveness_create(struct store *store, struct liveness *row)
{
    char name[UUID_SIZE];
    struct liveness_end end;
    enum result result;

    ids_uuid(store_ids(store), name);
    row->name = store_keep(store, name);
    row->created_ms = store_now(store);
    row->result = (struct liveness_result){ .confidence = LIVENESS_USUAL };
    add_row(store, row);
    result = lifecycle_move(store, kind, row->arn, "create");
    row->status = "CREATED";
    if (end_for(store, row, &end)) {
        tell(store, row, &end);
    } else if (setting_int(store, SETTING_LIVENESS_AUTO) != 0) {
        begin(store, row, true);
        await_images(store, row);
    }
    return result;
}

enum result
liveness_place(struct store *store, struct liveness *row, const struct placing *placing)
{
    char name[UUID_SIZE];
    struct liveness other;
    struct timer timer;
    enum result result;

    if (row->name == NULL) {
        ids_uuid(store_ids(store), name);
        row->name = store_keep(store, name);
    }
    if (liveness_fetch(store, &row->scope, row->name) != NULL)
        return refuse(store, RESULT_WRONG_STATE, "there is a session %s", row->name);
    if (liveness_of_token(store, &row->scope, row->token, &other))
        return refuse(store, RESULT_WRONG_STATE, "the session %s has the token %s", other.name,
            row->token);
    add_row(store, row);
    result = lifecycle_place(store, kind, row->arn, placing);
    if (timer_find(store, kind, row->arn, &timer) && strcmp(timer.event, "pass") == 0)
        await_images(store, row);
    return result;
}

/* ---- telling ------------------------------------------------------------ */

static bool
under_way(struct store *store, const struct liveness_end *end, int64_t after, struct liveness *row)
{
    struct query q = query(store, SQL_LIVENESS_UNDER_WAY);

    query_text(&q, ":account", end->account);
    query_text(&q, ":session", strcmp(end->session, LIVENESS_ANY) == 0 ? NULL : end->session);
    query_int(&q, ":after", after);
    return read_row(&q, row);
}

/* A session lives by the clock and the settings of its account. */
static void
tell_there(struct store *store, struct liveness *row, const struct liveness_end *end)
{
    const char *account = store_keep(store, store_account(store));
    int64_t now = store_now(store);

    store_set_account(store, row->scope.account, store_clock(store));
    store_set_now(store, clocks_now_at(store, row->arn));
    tell(store, row, end);
    store_set_now(store, now);
    store_set_account(store, account, store_clock(store));
}

int64_t
liveness_end_add(struct store *store, const struct liveness_end *told)
{
    struct query q = query(store, SQL_LIVENESS_END_ADD);
    struct liveness_end end = *told;
    struct liveness row = { .id = 0 };

    query_text(&q, ":account", end.account);
    query_text(&q, ":session", end.session);
    query_text(&q, ":status", end.status);
    bind_result(&q, &end.result);
    if (end.after_ms != LIVENESS_AT_ONCE)
        query_int(&q, ":after_ms", end.after_ms);
    query_int(&q, ":times", end.times);
    end.id = query_insert(&q);
    for (; end.hits < end.times && under_way(store, &end, row.id, &row); end.hits++)
        tell_there(store, &row, &end);
    return end.id;
}
