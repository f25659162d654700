#include "world.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../state/page.h"
#include "../../state/project.h"
#include "../../state/project_version.h"
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

struct store *
world_open(const char *path)
{
    struct store_options options = { .path = path, .profile = PROFILE_AWS };
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
    insist(project_version_train(store, &version) == RESULT_OK, "it does not train");
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
    result = project_version_detect(store, &version);
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
