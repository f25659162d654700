#include "detection.h"

#include <stddef.h>
#include <string.h>

#include "../base/glob.h"
#include "../query.h"
#include "../store.h"

int64_t
detection_add(struct store *store, const struct detection *detection)
{
    struct query q = query(store, SQL_DETECTION_ADD);

    query_text(&q, ":version", detection->version);
    query_text(&q, ":sha256", detection->sha256);
    query_text(&q, ":s3", detection->s3);
    query_text(&q, ":labels", detection->labels);
    query_text(&q, ":error", detection->error);
    query_text(&q, ":message", detection->message);
    query_text(&q, ":operation", detection->operation);
    query_text(&q, ":account", detection->account);
    query_text(&q, ":answer", detection->answer);
    query_text(&q, ":target_sha256", detection->target_sha256);
    query_text(&q, ":target_s3", detection->target_s3);
    if (detection->times != DETECTION_ALWAYS)
        query_int(&q, ":times", detection->times);
    return query_insert(&q);
}

static struct detection
read_row(struct query *q)
{
    return (struct detection){ .id = query_column_int(q, COLUMN_DETECTION_ID),
        .version = query_column_text(q, COLUMN_DETECTION_VERSION),
        .s3 = query_column_text(q, COLUMN_DETECTION_S3),
        .error = query_column_text(q, COLUMN_DETECTION_ERROR),
        .sha256 = query_column_text(q, COLUMN_DETECTION_SHA256),
        .labels = query_column_text(q, COLUMN_DETECTION_LABELS),
        .message = query_column_text(q, COLUMN_DETECTION_MESSAGE),
        .times = query_column_int(q, COLUMN_DETECTION_TIMES),
        .hits = query_column_int(q, COLUMN_DETECTION_HITS),
        .operation = query_column_text(q, COLUMN_DETECTION_OPERATION),
        .account = query_column_text(q, COLUMN_DETECTION_ACCOUNT),
        .answer = query_column_text(q, COLUMN_DETECTION_ANSWER),
        .target_sha256 = query_column_text(q, COLUMN_DETECTION_TARGET_SHA256),
        .target_s3 = query_column_text(q, COLUMN_DETECTION_TARGET_S3) };
}

bool
detection_next(struct store *store, int64_t *after, struct detection *detection)
{
    struct query q = query(store, SQL_DETECTION_NEXT);

    query_int(&q, ":after", *after);
    if (!query_row(&q))
        return false;
    *detection = read_row(&q);
    *after = detection->id;
    query_done(&q);
    return true;
}

bool
detection_remove(struct store *store, int64_t id)
{
    return query_remove(store, SQL_DETECTION_REMOVE, id);
}

int
detection_remove_all(struct store *store, const char *account, const char *region)
{
    return query_reset(store, SQL_DETECTION_RESET, account, region);
}

bool
detection_knows_bytes(struct store *store)
{
    struct query q = query(store, SQL_DETECTION_KNOWS_BYTES);

    return query_int_value(&q, 0) != 0;
}

static bool
is_among(const char *const *names, const char *name)
{
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

static bool
is_of(struct query *q, const struct detection_call *call)
{
    const char *operation = query_column_text(q, COLUMN_DETECTION_OPERATION);
    const char *account = query_column_text(q, COLUMN_DETECTION_ACCOUNT);

    return (operation == NULL ? call->has_model : strcmp(operation, call->operation) == 0) &&
           (account == NULL || strcmp(account, call->account) == 0);
}

/* A rule that says nothing fits. */
static bool
glob_fits(const char *glob, const char *name)
{
    return glob == NULL || (name != NULL && glob_matches(glob, name));
}

static bool
is_of_target(struct query *q, const struct detection_call *call)
{
    const char *digest = query_column_text(q, COLUMN_DETECTION_TARGET_SHA256);

    return (digest == NULL ||
               (call->target_sha256 != NULL && strcmp(digest, call->target_sha256) == 0)) &&
           glob_fits(query_column_text(q, COLUMN_DETECTION_TARGET_S3), call->target_s3);
}

/* Of a row that the query is at: only what decides is read of it. */
static bool
fits(struct query *q, const struct detection_call *call)
{
    const char *error;

    if (!is_of(q, call) ||
        !glob_matches(query_column_text(q, COLUMN_DETECTION_VERSION), call->arn) ||
        !glob_fits(query_column_text(q, COLUMN_DETECTION_S3), call->s3) || !is_of_target(q, call))
        return false;
    error = query_column_text(q, COLUMN_DETECTION_ERROR);
    return error == NULL || is_among(call->errors, error);
}

/* The first row that fits; the most specific ones come first. */
static bool
first_fit(struct query *q, const struct detection_call *call, struct detection *detection)
{
    while (query_row(q))
        if (fits(q, call)) {
            *detection = read_row(q);
            query_done(q);
            return true;
        }
    return false;
}

static bool
find(struct store *store, const struct detection_call *call, struct detection *detection)
{
    struct query q;

    if (call->sha256 != NULL) {
        q = query(store, SQL_DETECTION_OF_BYTES);
        query_text(&q, ":sha256", call->sha256);
        if (first_fit(&q, call, detection))
            return true;
    }
    q = query(store, SQL_DETECTION_OF_ANY_BYTES);
    query_int(&q, ":nameless", call->s3 == NULL);
    return first_fit(&q, call, detection);
}

bool
detection_take(struct store *store, const struct detection_call *call, struct detection *detection)
{
    struct query q;

    if (!find(store, call, detection))
        return false;
    q = query(store, SQL_DETECTION_HIT);
    query_int(&q, ":id", detection->id);
    query_run(&q);
    if (detection->error != NULL)
        store_savepoint(store);
    return true;
}
