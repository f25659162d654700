#include "project.h"

#include <inttypes.h>
#include <string.h>

#include "../clock.h"
#include "../history.h"
#include "../lifecycle.h"
#include "../page.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"

static const char kind[] = "project";

static void
read_row(struct query *q, struct project *project)
{
    project->id = query_column_int(q, COLUMN_PROJECT_ID);
    project->arn = query_column_text(q, COLUMN_PROJECT_ARN);
    query_column_copy(q, COLUMN_PROJECT_ACCOUNT, project->scope.account, ACCOUNT_SIZE);
    query_column_copy(q, COLUMN_PROJECT_REGION, project->scope.region, REGION_SIZE);
    project->name = query_column_text(q, COLUMN_PROJECT_NAME);
    project->status = query_column_text(q, COLUMN_PROJECT_STATUS);
    project->feature = query_column_text(q, COLUMN_PROJECT_FEATURE);
    project->auto_update = query_column_text(q, COLUMN_PROJECT_AUTO_UPDATE);
    project->created_ms = query_column_int(q, COLUMN_PROJECT_CREATED_MS);
    project->entered_ms = query_column_int(q, COLUMN_PROJECT_ENTERED_MS);
}

static char *
stamped_arn(struct store *store, const struct project *project)
{
    return store_format(store, "arn:%s:rekognition:%s:%s:project/%s/%" PRId64,
        arn_partition(project->scope.region), project->scope.region, project->scope.account,
        project->name, project->created_ms);
}

/*
 * The stamp of an ARN is the moment of creation; a name used again in the same millisecond takes
 * the next one.
 */
static void
set_arn(struct store *store, struct project *project)
{
    project->created_ms = store_now(store);
    while (history_knows(store, project->arn = stamped_arn(store, project)))
        project->created_ms = clock_stamp_beside(store_now(store), project->created_ms);
}

/* The id of the project that has the name already; 0 when it is free. */
static int64_t
holder_of_name(struct store *store, const struct project *project)
{
    struct query q = query(store, SQL_PROJECT_ID_OF_NAME);

    query_scope(&q, &project->scope);
    query_text(&q, ":name", project->name);
    return query_int_value(&q, 0);
}

static void
add_row(struct store *store, const struct project *project)
{
    struct query q = query(store, SQL_PROJECT_ADD);

    query_text(&q, ":arn", project->arn);
    query_scope(&q, &project->scope);
    query_text(&q, ":name", project->name);
    query_text(&q, ":feature", project->feature);
    query_text(&q, ":auto_update", project->auto_update);
    query_int(&q, ":created_ms", project->created_ms);
    query_run(&q);
}

enum result
project_create(struct store *store, struct project *project)
{
    struct query q;
    int64_t count, limit;

    if (holder_of_name(store, project) != 0)
        return refuse(store, RESULT_PROJECT_NAME_TAKEN, "a project %s exists", project->name);
    q = query(store, SQL_PROJECT_COUNT);
    query_scope(&q, &project->scope);
    count = query_int_value(&q, 0);
    limit = setting_int(store, SETTING_LIMIT_PROJECTS);
    if (count >= limit)
        return refuse_limit(store, RESULT_PROJECT_LIMIT, SETTING_LIMIT_PROJECTS,
            "%" PRId64 " already", count);

    set_arn(store, project);
    add_row(store, project);
    return lifecycle_move_from(store, kind, project->arn, LIFECYCLE_NONE, "create");
}

enum result
project_place(struct store *store, struct project *project, const struct placing *placing)
{
    enum result result;

    project->id = holder_of_name(store, project);
    if (project->id != 0)
        return refuse(store, RESULT_PROJECT_NAME_TAKEN, "a project %s exists", project->name);
    if (project->created_ms == 0)
        set_arn(store, project);
    else if (project->arn == NULL)
        project->arn = stamped_arn(store, project);
    add_row(store, project);
    result = lifecycle_place(store, kind, project->arn, placing);
    project->id = holder_of_name(store, project);
    return result;
}

int64_t
project_last(struct store *store)
{
    struct query q = query(store, SQL_PROJECT_LAST);

    return query_int_value(&q, 0);
}

enum result
project_find(struct store *store, const char *arn, struct project *project)
{
    struct query q = query(store, SQL_PROJECT_FIND);

    query_text(&q, ":arn", arn);
    if (!query_row(&q))
        return refuse(store, RESULT_NOT_FOUND, "there is no %s", arn);
    read_row(&q, project);
    query_done(&q);
    return RESULT_OK;
}

const void *
project_fetch(struct store *store, const struct scope *scope, const char *arn)
{
    struct project *row = store_alloc(store, sizeof *row);

    (void)scope;
    return project_find(store, arn, row) == RESULT_OK ? row : NULL;
}

enum result
project_delete(struct store *store, const struct project *project)
{
    struct query q = query(store, SQL_PROJECT_VERSION_COUNT);
    int64_t versions, datasets;

    query_int(&q, ":project_id", project->id);
    versions = query_int_value(&q, 0);
    q = query(store, SQL_DATASET_COUNT);
    query_int(&q, ":project_id", project->id);
    datasets = query_int_value(&q, 0);
    if (versions > 0 || datasets > 0)
        return refuse(store, RESULT_PROJECT_NOT_EMPTY, "%" PRId64 " versions, %" PRId64 " datasets",
            versions, datasets);
    return lifecycle_move_from(store, kind, project->arn, project->status, "delete");
}

enum result
project_accepts(struct store *store, const struct project *project)
{
    if (strcmp(project->status, "CREATED") == 0)
        return RESULT_OK;
    return refuse(store, RESULT_PROJECT_NOT_CREATED, "%s is %s", project->arn, project->status);
}

/* A list of JSON whose strings have no quotation mark in them. */
static bool
is_in(const char *list, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = list; (at = strstr(at, word)) != NULL; at++)
        if (at[-1] == '"' && at[length] == '"')
            return true;
    return false;
}

/* Of `["NAME"]`: what who waits for one asks for. There is no page behind the first. */
static struct project *
list_one(struct store *store, const struct scope *scope, const char *names, const char *features,
    struct page *page, size_t *count)
{
    struct project *row = store_alloc(store, sizeof *row);
    struct query q = query(store, SQL_PROJECT_NAMED);
    bool found;

    query_scope(&q, scope);
    query_text(&q, ":name",
        store_keep_bytes(store, names + strlen("[\""), strlen(names) - strlen("[\"\"]")));
    found = query_row(&q);
    if (found) {
        read_row(&q, row);
        query_done(&q);
    }
    *count = found && page->first && (features == NULL || is_in(features, row->feature));
    page->more = false;
    return row;
}

struct project *
project_list(struct store *store, const struct scope *scope, const char *names,
    const char *features, struct page *page, size_t *count)
{
    struct project *rows = NULL;
    struct query q;

    if (names != NULL && strlen(names) > strlen("[\"\"]") && strchr(names, ',') == NULL)
        return list_one(store, scope, names, features, page, count);
    q = query(store, names == NULL ? SQL_PROJECT_LIST : SQL_PROJECT_LIST_NAMED);
    query_scope(&q, scope);
    if (names != NULL)
        query_text(&q, ":names", names);
    query_text(&q, ":features", features);
    page_bind(page, &q, INT64_MAX);
    for (*count = 0; page_row(page, &q, *count); (*count)++) {
        rows = store_more(store, rows, *count, sizeof *rows);
        read_row(&q, &rows[*count]);
    }
    return rows;
}

bool
project_next(struct store *store, const struct scope *scope, const struct project *after,
    struct project *project)
{
    struct query q = query(store, SQL_PROJECT_NEXT);

    query_scope(&q, &after->scope);
    query_int(&q, ":created_ms", after->created_ms);
    query_int(&q, ":id", after->id);
    query_of_scope(&q, scope);
    if (!query_row(&q))
        return false;
    read_row(&q, project);
    query_done(&q);
    return true;
}
