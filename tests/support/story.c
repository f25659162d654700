#include "story.h"

#include <stdio.h>

#include "../../state/base/array.h"
#include "../../state/resource/inference.h"
#include "../../state/resource/project.h"
#include "../../state/resource/project_policy.h"
#include "../../state/resource/project_version.h"
#include "../../state/resource/tag.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/world.h"
#include "world.h"

static char project_arn[ARN_SIZE], version_arn[ARN_SIZE];

static struct project
the_project(struct store *store)
{
    struct project project = { .id = 0 };

    project_find(store, project_arn, &project);
    return project;
}

static struct project_version
the_version(struct store *store)
{
    struct project_version version = { .feature = "CUSTOM_LABELS",
        .status = "",
        .arn = version_arn };

    project_version_find(store, version_arn, &version);
    return version;
}

static enum result
create_project(struct store *store)
{
    struct project project = { .scope = { "123456789012", "us-east-1" },
        .name = "birds",
        .feature = "CUSTOM_LABELS",
        .auto_update = "DISABLED" };
    enum result result = project_create(store, &project);

    snprintf(project_arn, sizeof project_arn, "%s", project.arn);
    return result;
}

static enum result
train(struct store *store)
{
    struct project project = the_project(store);
    struct project_version version = { .name = "v",
        .project_id = project.id,
        .project_name = "birds",
        .scope = { "123456789012", "us-east-1" },
        .feature = "CUSTOM_LABELS" };
    enum result result = project_version_train(store, &version, false);

    if (result == RESULT_OK)
        snprintf(version_arn, sizeof version_arn, "%s", version.arn);
    return result;
}

static enum result
pass_an_hour(struct store *store)
{
    world_set_clock(store, true, 1, store_now(store) + HOUR_MS);
    return RESULT_OK;
}

/* Only looks; what is due fires before it. */
static enum result
look(struct store *store)
{
    struct project_version version;

    return project_version_find(store, version_arn, &version);
}

static enum result
set_tags(struct store *store)
{
    static const struct tag tags[] = { { "a", "1" }, { "b", "2" }, { "c", "3" } };

    return tag_set(store, version_arn, tags, COUNT(tags));
}

static enum result
put_policy(struct store *store)
{
    struct project project = the_project(store);
    struct project_policy policy = { .name = "p", .document = "{}" };

    return project_policy_put(store, project.id, &policy);
}

static enum result
start(struct store *store)
{
    struct project_version version = the_version(store);

    return project_version_start(store, &version, 1, 3);
}

static enum result
detect(struct store *store)
{
    struct project_version version = the_version(store);

    enum result result = project_version_detects(store, &version);

    return result == RESULT_OK ? inference_serve(store, version.arn, version.units, true) : result;
}

static enum result
stop(struct store *store)
{
    struct project_version version = the_version(store);

    return project_version_stop(store, &version);
}

static enum result
delete_version(struct store *store)
{
    struct project_version version = the_version(store);

    return project_version_delete(store, &version);
}

static enum result
delete_project(struct store *store)
{
    struct project project = the_project(store);

    return project_delete(store, &project);
}

static enum result
reset(struct store *store)
{
    world_reset(store, "123456789012", NULL);
    return RESULT_OK;
}

const struct act story[] = {
    { "create a project", create_project },
    { "train", train },
    { "pass an hour", pass_an_hour },
    { "look at it trained", look },
    { "tag", set_tags },
    { "put a policy", put_policy },
    { "start", start },
    { "pass an hour", pass_an_hour },
    { "detect, running", detect },
    { "stop", stop },
    { "pass an hour", pass_an_hour },
    { "delete the version, stopped", delete_version },
    { "pass an hour", pass_an_hour },
    { "delete the project, empty", delete_project },
    { "reset", reset },
};

const size_t story_length = COUNT(story);
