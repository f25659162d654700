#include "delivery.h"

#include <assert.h>
#include <string.h>

#include "query.h"
#include "setting.h"
#include "store.h"
#include "work.h"

/* How many rows may stand above the limit before they are trimmed, as of the history. */
#define SLACK 64

const char *const delivery_kinds[DELIVERY_KINDS] = { "SNS", "KINESIS", "S3" };

const char *const delivery_states[DELIVERY_STATES] = { "KEPT", "WAITING", "DONE", "FAILED" };

/* The place of a word that is one of them. */
static int
place_of(const char *const *words, int count, const char *text)
{
    int place = 0;

    while (place + 1 < count && strcmp(words[place], text) != 0)
        place++;
    return place;
}

static enum delivery_kind
kind_of(const char *text)
{
    return (enum delivery_kind)place_of(delivery_kinds, DELIVERY_KINDS, text);
}

int64_t
delivery_add(struct store *store, const struct delivery *delivery)
{
    struct query q = query(store, SQL_DELIVERY_ADD);
    bool sends = (store_options(store)->sends >> delivery->kind & 1) != 0;
    int64_t id;

    assert((delivery->type != NULL) == (delivery->kind == DELIVERY_S3));
    store_quiet(store)->works++;
    query_int(&q, ":at_ms", store_now(store));
    query_text(&q, ":arn", delivery->arn);
    query_text(&q, ":kind", delivery_kinds[delivery->kind]);
    query_text(&q, ":target", delivery->target);
    query_text(&q, ":type", delivery->type);
    query_text(&q, ":body", delivery->body);
    query_text(&q, ":state", sends ? "WAITING" : "KEPT");
    id = query_insert(&q);
    if (id % SLACK == 0) {
        q = query(store, SQL_DELIVERY_TRIM);
        query_int(&q, ":id", id - setting_int(store, SETTING_DELIVERY_SIZE));
        query_run(&q);
    }
    return id;
}

static bool
read_row(struct query *q, struct delivery *delivery)
{
    if (!query_row(q))
        return false;
    *delivery = (struct delivery){ .id = query_column_int(q, COLUMN_DELIVERY_ID),
        .kind = kind_of(query_column_text(q, COLUMN_DELIVERY_KIND)),
        .at_ms = query_column_int(q, COLUMN_DELIVERY_AT_MS),
        .arn = query_column_text(q, COLUMN_DELIVERY_ARN),
        .target = query_column_text(q, COLUMN_DELIVERY_TARGET),
        .type = query_column_text(q, COLUMN_DELIVERY_TYPE),
        .body = query_column_text(q, COLUMN_DELIVERY_BODY),
        .state = query_column_text(q, COLUMN_DELIVERY_STATE),
        .tries = query_column_int(q, COLUMN_DELIVERY_TRIES),
        .why = query_column_text(q, COLUMN_DELIVERY_WHY) };
    query_done(q);
    return true;
}

static bool
read_next(struct query *q, int64_t *after, struct delivery *delivery)
{
    query_int(q, ":after", *after);
    if (!read_row(q, delivery))
        return false;
    *after = delivery->id;
    return true;
}

bool
delivery_next(struct store *store, const char *arn, const char *kind, int64_t *after,
    struct delivery *delivery)
{
    struct query q = query(store, arn == NULL ? SQL_DELIVERY_NEXT : SQL_DELIVERY_NEXT_OF_ARN);

    if (arn != NULL)
        query_text(&q, ":arn", arn);
    query_text(&q, ":kind", kind);
    return read_next(&q, after, delivery);
}

bool
delivery_to_send(struct store *store, enum delivery_kind kind, int64_t *after,
    struct delivery *delivery)
{
    struct query q = query(store, SQL_DELIVERY_TO_SEND);

    query_text(&q, ":kind", delivery_kinds[kind]);
    return read_next(&q, after, delivery);
}

bool
delivery_find(struct store *store, int64_t id, struct delivery *delivery)
{
    struct query q = query(store, SQL_DELIVERY_FIND);

    query_int(&q, ":id", id);
    return read_row(&q, delivery);
}

void
delivery_count(struct store *store, int64_t counts[DELIVERY_KINDS][DELIVERY_STATES])
{
    struct query q = query(store, SQL_DELIVERY_COUNT);

    memset(counts, 0, DELIVERY_KINDS * sizeof counts[0]);
    while (query_row(&q)) {
        enum delivery_kind kind = kind_of(query_column_text(&q, 0));
        int state = place_of(delivery_states, DELIVERY_STATES, query_column_text(&q, 1));

        counts[kind][state] = query_column_int(&q, 2);
    }
}

bool
delivery_may_be_new(struct store *store, int *seen)
{
    return work_may_be_new(store, seen);
}

void
delivery_tried(struct store *store, int64_t id, const char *state, const char *why)
{
    struct query q = query(store, SQL_DELIVERY_TRY);

    query_int(&q, ":id", id);
    query_text(&q, ":state", state);
    query_text(&q, ":why", why);
    query_run(&q);
}

int
delivery_remove_all(struct store *store, const char *account, const char *region)
{
    return query_reset(store, SQL_DELIVERY_RESET, account, region);
}
