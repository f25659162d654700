#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "../../state/page.h"
#include "../../state/resource/inference.h"
#include "../../state/resource/project.h"
#include "../../state/resource/project_version.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/world.h"

static void
insist(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "the test's own world: %s\n", what);
    abort();
}

static struct store *
open_world(const char *path, enum durability durability)
{
    struct store_options options = { .path = path,
        .profile = PROFILE_AWS,
        .durability = durability };
    char why[256] = "";
    struct store *store = store_open(&options, why, sizeof why);

    insist(store != NULL, why);
    insist(world_make(store, true), "it cannot be made");
    step_begin(store, "test");
    if (store_now(store) < WORLD_BEGIN_MS)
        world_set_clock(store, true, 1, WORLD_BEGIN_MS);
    insist(step_end(store, true), "its clock cannot be set");
    return store;
}

struct store *
world_open(const char *path)
{
    return open_world(path, SURVIVES_PROCESS);
}

struct store *
world_open_durable(const char *path)
{
    return open_world(path, SURVIVES_POWER);
}

void
world_pass(struct store *store, int64_t ms)
{
    step_begin(store, "test");
    insist(world_set_clock(store, true, 1, store_now(store) + ms), "time does not pass");
    step_end(store, true);
    step_begin(store, "test");
    insist(step_end(store, true), "what is due does not fire");
}

void
world_set(struct store *store, enum setting setting, double value)
{
    step_begin(store, "test");
    setting_set(store, setting, value);
    insist(step_end(store, true), "a setting cannot be changed");
}

static bool
find_project(struct store *store, struct project *project)
{
    struct page page = { .first = true, .size = 1 };
    struct project *found;
    size_t count;

    found = project_list(store, &project->scope, "[\"p\"]", NULL, &page, &count);
    if (count == 1)
        *project = *found;
    return count == 1;
}

/* Each version needs the project; the first makes it, which is done when the next step begins. */
static void
make_project(struct store *store, struct project project)
{
    step_begin(store, "CreateProject");
    if (!find_project(store, &project))
        insist(project_create(store, &project) == RESULT_OK, "there is no project");
    insist(step_end(store, true), "the store failed");
}

void
world_train(struct store *store, const char *name, char arn[ARN_SIZE])
{
    struct project project = { .scope = { "123456789012", "us-east-1" },
        .name = "p",
        .feature = "CUSTOM_LABELS",
        .auto_update = "DISABLED" };
    struct project_version version = { .name = name };

    make_project(store, project);
    step_begin(store, "CreateProjectVersion");
    insist(find_project(store, &project), "the project is gone");
    version.project_id = project.id;
    version.project_name = project.name;
    version.scope = project.scope;
    version.feature = project.feature;
    insist(project_version_train(store, &version, false) == RESULT_OK, "it does not train");
    snprintf(arn, ARN_SIZE, "%s", version.arn);
    insist(step_end(store, true), "the store failed");
}

static struct project_version
fetch(struct store *store, const char *arn)
{
    struct project_version version;

    insist(project_version_find(store, arn, &version) == RESULT_OK, arn);
    return version;
}

void
world_start(struct store *store, const char *arn, int64_t min_units, int64_t max_units)
{
    struct project_version version;

    step_begin(store, "StartProjectVersion");
    version = fetch(store, arn);
    insist(project_version_start(store, &version, min_units, max_units) == RESULT_OK,
        "it does not start");
    insist(step_end(store, true), "the store failed");
}

void
world_stop(struct store *store, const char *arn)
{
    struct project_version version;

    step_begin(store, "StopProjectVersion");
    version = fetch(store, arn);
    insist(project_version_stop(store, &version) == RESULT_OK, "it does not stop");
    insist(step_end(store, true), "the store failed");
}

enum result
world_detect(struct store *store, const char *arn)
{
    struct project_version version;
    enum result result;

    step_begin(store, "DetectCustomLabels");
    version = fetch(store, arn);
    result = project_version_detects(store, &version);
    if (result == RESULT_OK)
        result = inference_serve(store, arn, version.units, version.max_units > version.min_units);
    insist(step_end(store, result == RESULT_OK), "the store failed");
    return result;
}

static struct project_version
look(struct store *store, const char *arn)
{
    struct project_version version;

    step_begin(store, "test");
    version = fetch(store, arn);
    insist(step_end(store, true), "the store failed");
    return version;
}

const char *
world_status(struct store *store, const char *arn)
{
    return look(store, arn).status;
}

const char *
world_message(struct store *store, const char *arn)
{
    return look(store, arn).status_message;
}

int64_t
world_units(struct store *store, const char *arn)
{
    return look(store, arn).units;
}

/* ---- the database itself ------------------------------------------------- */

static sqlite3_stmt *
prepare(struct store *store, const char *sql)
{
    sqlite3_stmt *stmt;

    insist(sqlite3_prepare_v2(store_db(store), sql, -1, &stmt, NULL) == SQLITE_OK, sql);
    return stmt;
}

static void
dump_table(struct store *store, const char *table, FILE *out)
{
    char sql[128];
    sqlite3_stmt *stmt;

    snprintf(sql, sizeof sql, "SELECT *, 1 FROM \"%s\" ORDER BY 1, 2", table);
    stmt = prepare(store, sql);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        fputs(table, out);
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const char *text = (const char *)sqlite3_column_text(stmt, i);

            if (strcmp(sqlite3_column_name(stmt, i), "clock_wall_ms") != 0)
                fprintf(out, "|%s", text == NULL ? "NULL" : text);
        }
        fputc('\n', out);
    }
    sqlite3_finalize(stmt);
}

char *
world_dump(struct store *store)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    sqlite3_stmt *tables = prepare(store, "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                                          "name NOT LIKE 'sqlite_%' ORDER BY 1");

    insist(out != NULL, "no memory");
    while (sqlite3_step(tables) == SQLITE_ROW)
        dump_table(store, (const char *)sqlite3_column_text(tables, 0), out);
    sqlite3_finalize(tables);
    insist(fclose(out) == 0, "no memory");
    return text;
}

void
world_put(struct store *store, const char *arn, const char *status)
{
    sqlite3_stmt *stmt =
        prepare(store, "UPDATE project_version SET status = ?2, min_units = 1 WHERE arn = ?1");

    sqlite3_bind_text(stmt, 1, arn, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, status, -1, SQLITE_STATIC);
    insist(sqlite3_step(stmt) == SQLITE_DONE, "the status cannot be put");
    sqlite3_finalize(stmt);
    stmt = prepare(store, "DELETE FROM timer WHERE arn = ?1");
    sqlite3_bind_text(stmt, 1, arn, -1, SQLITE_STATIC);
    insist(sqlite3_step(stmt) == SQLITE_DONE, "the timer cannot be removed");
    sqlite3_finalize(stmt);
}
