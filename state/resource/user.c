#include "user.h"

#include <inttypes.h>
#include <string.h>

#include "../base/ids.h"
#include "../lifecycle.h"
#include "../page.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"

static const char kind[] = "user";

static void
read_row(struct query *q, struct user *user)
{
    *user = (struct user){ .id = query_column_int(q, COLUMN_USER_ID),
        .arn = query_column_text(q, COLUMN_USER_ARN),
        .collection_id = query_column_int(q, COLUMN_USER_COLLECTION_ID),
        .name = query_column_text(q, COLUMN_USER_NAME),
        .key = query_column_text(q, COLUMN_USER_KEY),
        .status = query_column_text(q, COLUMN_USER_STATUS),
        .entered_ms = query_column_int(q, COLUMN_USER_ENTERED_MS),
        .faces = query_column_int(q, COLUMN_USER_FACES) };
}

static bool
read_only_row(struct query *q, struct user *user)
{
    if (!query_row(q))
        return false;
    read_row(q, user);
    query_done(q);
    return true;
}

/* A colon would look like one of the ARN's own; no name has a tilde. */
static const char *
local_arn(struct store *store, const struct user_home *home, const char *name)
{
    const struct scope *scope = &home->scope;
    char *arn = store_format(store, "arn:%s:rekognition:%s:%s:local/collection/%s/user/%s",
        arn_partition(scope->region), scope->region, scope->account, home->collection, name);

    for (char *c = arn + strlen(arn) - strlen(name); *c != '\0'; c++)
        if (*c == ':')
            *c = '~';
    return arn;
}

static void
make_way(struct store *store, const struct user_home *home, const char *arn)
{
    struct query q = query(store, SQL_USER_MAKE_WAY);

    query_text(&q, ":arn", arn);
    query_int(&q, ":collection_id", home->collection_id);
    query_run(&q);
}

static void
add_row(struct store *store, const struct user_home *home, struct user *user, int64_t changed_ms)
{
    struct query q;
    char *key;

    user->collection_id = home->collection_id;
    user->arn = local_arn(store, home, user->name);
    if (user->key == NULL) {
        user->key = key = store_alloc(store, UUID_SIZE);
        ids_uuid(store_ids(store), key);
    }
    make_way(store, home, user->arn);
    q = query(store, SQL_USER_ADD);
    query_text(&q, ":arn", user->arn);
    query_text(&q, ":account", home->scope.account);
    query_text(&q, ":region", home->scope.region);
    query_int(&q, ":collection_id", home->collection_id);
    query_text(&q, ":name", user->name);
    query_text(&q, ":key", user->key);
    query_int(&q, ":changed_ms", changed_ms);
    user->id = query_insert(&q);
}

static bool
is_taken(struct store *store, const struct user_home *home, const char *name)
{
    struct query q = query(store, SQL_USER_NAMED);
    struct user other;

    query_int(&q, ":collection_id", home->collection_id);
    query_text(&q, ":name", name);
    return read_only_row(&q, &other);
}

enum result
user_create(struct store *store, const struct user_home *home, struct user *user)
{
    if (is_taken(store, home, user->name))
        return refuse(store, RESULT_USER_EXISTS, "a user %s exists", user->name);
    if (home->users >= setting_int(store, SETTING_LIMIT_USERS_PER_COLLECTION))
        return refuse_limit(store, RESULT_USER_LIMIT, SETTING_LIMIT_USERS_PER_COLLECTION,
            "%" PRId64 " already", home->users);
    add_row(store, home, user, store_now(store));
    return lifecycle_move(store, kind, user->arn, "create");
}

enum result
user_declare(struct store *store, const struct user_home *home, struct user *user,
    int64_t entered_ms)
{
    if (is_taken(store, home, user->name))
        return refuse(store, RESULT_USER_EXISTS, "a user %s exists", user->name);
    add_row(store, home, user, entered_ms);
    return RESULT_OK;
}

enum result
user_place(struct store *store, const struct user *user, const struct placing *placing)
{
    return lifecycle_place(store, kind, user->arn, placing);
}

enum result
user_find(struct store *store, int64_t collection_id, const char *name, struct user *user)
{
    struct query q = query(store, SQL_USER_NAMED);

    query_int(&q, ":collection_id", collection_id);
    query_text(&q, ":name", name);
    return read_only_row(&q, user)
               ? RESULT_OK
               : refuse(store, RESULT_USER_MISSING, "there is no user %s", name);
}

bool
user_of_id(struct store *store, int64_t id, struct user *user)
{
    struct query q = query(store, SQL_USER_OF_ID);

    query_int(&q, ":id", id);
    return read_only_row(&q, user);
}

const void *
user_fetch(struct store *store, const struct scope *scope, const char *arn)
{
    struct user *row = store_alloc(store, sizeof *row);
    struct query q = query(store, SQL_USER_OF_ARN);

    (void)scope;
    query_text(&q, ":arn", arn);
    return read_only_row(&q, row) ? row : NULL;
}

enum result
user_delete(struct store *store, const struct user *user)
{
    if (strcmp(user->status, "UPDATING") == 0)
        return refuse(store, RESULT_USER_BUSY, "%s is UPDATING", user->name);
    return lifecycle_move(store, kind, user->arn, "delete");
}

enum result
user_room(struct store *store, const struct user *user, int64_t more)
{
    if (user->faces + more <= setting_int(store, SETTING_LIMIT_FACES_PER_USER))
        return RESULT_OK;
    return refuse_limit(store, RESULT_USER_FULL, SETTING_LIMIT_FACES_PER_USER,
        "%" PRId64 " already, and %" PRId64 " more", user->faces, more);
}

enum result
user_change(struct store *store, struct user *user)
{
    struct query q;

    if (strcmp(user->status, "UPDATING") == 0) {
        lifecycle_ask_again(store, kind, user->arn);
        return RESULT_OK;
    }
    q = query(store, SQL_USER_BEGIN_CHANGE);
    query_int(&q, ":id", user->id);
    query_int(&q, ":now", store_now(store));
    query_run(&q);
    user->status = "UPDATING";
    return lifecycle_move(store, kind, user->arn, "change");
}

struct user *
user_list(struct store *store, int64_t collection_id, struct page *page, size_t *count)
{
    struct query q = query(store, SQL_USER_LIST);
    struct user *rows = NULL;

    query_int(&q, ":collection_id", collection_id);
    page_bind_text(page, &q);
    for (*count = 0; page_row(page, &q, *count); (*count)++) {
        rows = store_more(store, rows, *count, sizeof *rows);
        read_row(&q, &rows[*count]);
    }
    return rows;
}
