#include "project_policy.h"

#include <inttypes.h>
#include <stdbool.h>
#include <strings.h>

#include "../base/ids.h"
#include "../page.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"

#define REVISION_DIGITS 32

static void
read_row(struct query *q, struct project_policy *policy)
{
    policy->id = query_column_int(q, COLUMN_PROJECT_POLICY_ID);
    policy->name = query_column_text(q, COLUMN_PROJECT_POLICY_NAME);
    policy->revision = query_column_text(q, COLUMN_PROJECT_POLICY_REVISION);
    policy->document = query_column_text(q, COLUMN_PROJECT_POLICY_DOCUMENT);
    policy->created_ms = query_column_int(q, COLUMN_PROJECT_POLICY_CREATED_MS);
    policy->updated_ms = query_column_int(q, COLUMN_PROJECT_POLICY_UPDATED_MS);
}

static bool
find(struct store *store, int64_t project_id, const char *name, struct project_policy *policy)
{
    struct query q = query(store, SQL_PROJECT_POLICY_FIND);

    query_int(&q, ":project_id", project_id);
    query_text(&q, ":name", name);
    if (!query_row(&q))
        return false;
    read_row(&q, policy);
    query_done(&q);
    return true;
}

/* May it be put, given what has its name now (NULL: nothing)? */
static enum result
may_put(struct store *store, int64_t project_id, const struct project_policy *policy,
    const struct project_policy *now)
{
    int64_t count, limit = setting_int(store, SETTING_LIMIT_POLICIES_PER_PROJECT);
    struct query q;

    if (now != NULL) {
        if (policy->revision == NULL)
            return refuse(store, RESULT_POLICY_EXISTS, "revision %s", now->revision);
        if (strcasecmp(policy->revision, now->revision) != 0)
            return refuse(store, RESULT_POLICY_REVISION, "revision %s", now->revision);
        return RESULT_OK;
    }
    if (policy->revision != NULL)
        return refuse(store, RESULT_POLICY_REVISION, "no policy %s", policy->name);
    q = query(store, SQL_PROJECT_POLICY_COUNT);
    query_int(&q, ":project_id", project_id);
    count = query_int_value(&q, 0);
    if (count >= limit)
        return refuse_limit(store, RESULT_POLICY_LIMIT, SETTING_LIMIT_POLICIES_PER_PROJECT,
            "%" PRId64 " already", count);
    return RESULT_OK;
}

static char *
new_revision(struct store *store)
{
    char *revision = store_alloc(store, REVISION_DIGITS + 1);

    ids_hex(store_ids(store), revision, REVISION_DIGITS);
    return revision;
}

enum result
project_policy_put(struct store *store, int64_t project_id, struct project_policy *policy)
{
    struct project_policy now;
    bool exists = find(store, project_id, policy->name, &now);
    enum result result = may_put(store, project_id, policy, exists ? &now : NULL);
    struct query q;

    if (result != RESULT_OK)
        return result;
    policy->revision = new_revision(store);
    q = query(store, SQL_PROJECT_POLICY_PUT);
    query_int(&q, ":project_id", project_id);
    query_text(&q, ":name", policy->name);
    query_text(&q, ":revision", policy->revision);
    query_text(&q, ":document", policy->document);
    query_int(&q, ":now", store_now(store));
    query_run(&q);
    return RESULT_OK;
}

enum result
project_policy_place(struct store *store, int64_t project_id, struct project_policy *policy)
{
    struct query q;

    if (policy->revision == NULL)
        policy->revision = new_revision(store);
    q = query(store, SQL_PROJECT_POLICY_PLACE);
    query_int(&q, ":project_id", project_id);
    query_text(&q, ":name", policy->name);
    query_text(&q, ":revision", policy->revision);
    query_text(&q, ":document", policy->document);
    query_int(&q, ":created_ms", policy->created_ms);
    query_int(&q, ":updated_ms", policy->updated_ms);
    if (query_run(&q) == 1)
        return RESULT_OK;
    return refuse(store, RESULT_POLICY_EXISTS, "the project has a policy %s", policy->name);
}

enum result
project_policy_delete(struct store *store, int64_t project_id, const char *name,
    const char *revision)
{
    struct project_policy now;
    struct query q;

    if (!find(store, project_id, name, &now))
        return refuse(store, RESULT_NOT_FOUND, "no policy %s", name);
    if (revision != NULL && strcasecmp(revision, now.revision) != 0)
        return refuse(store, RESULT_POLICY_REVISION, "revision %s", now.revision);
    q = query(store, SQL_PROJECT_POLICY_REMOVE);
    query_int(&q, ":id", now.id);
    query_run(&q);
    return RESULT_OK;
}

struct project_policy *
project_policy_list(struct store *store, int64_t project_id, struct page *page, size_t *count)
{
    struct project_policy *rows = NULL;
    struct query q = query(store, SQL_PROJECT_POLICY_LIST);

    query_int(&q, ":project_id", project_id);
    page_bind(page, &q, -1);
    for (*count = 0; page_row(page, &q, *count); (*count)++) {
        rows = store_more(store, rows, *count, sizeof *rows);
        read_row(&q, &rows[*count]);
    }
    return rows;
}
