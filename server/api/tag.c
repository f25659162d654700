/* Operations on tags: of projects, their versions and datasets. */

#include "../../state/store.h"
#include "../../state/resource/tag.h"
#include "../call/fetch.h"
#include "../call/tags.h"
#include "../call/handlers.h"
#include "../json/tree.h"

/* Whether the resource of the call exists and is the caller's. */
static bool
fetch_tagged(struct call *call, const char **arn)
{
    struct project_version version;
    struct project project;
    struct dataset dataset;
    struct scope scope;

    *arn = input_text(call, "ResourceArn");
    switch (arn_parse(*arn, &scope)) {
    case ARN_PROJECT:
        return fetch_project(call, *arn, &project);
    case ARN_PROJECT_VERSION:
        return fetch_version(call, *arn, &version);
    case ARN_DATASET:
        return fetch_dataset(call, *arn, &dataset);
    default:
        return invalid_parameter(call, GUESSED, "the model has no pattern for ResourceArn",
            "ResourceArn is not the ARN of a project, a version or a dataset");
    }
}

bool
tag_resource(struct call *call)
{
    const char *arn;

    return fetch_tagged(call, &arn) && tags_set(call, arn, input_member(call, "Tags"));
}

bool
untag_resource(struct call *call)
{
    const char *arn;
    const cJSON *key;

    if (!fetch_tagged(call, &arn))
        return false;
    cJSON_ArrayForEach(key, input_member(call, "TagKeys"))
        tag_unset(call->store, arn, key->valuestring);
    return true;
}

bool
list_tags_for_resource(struct call *call)
{
    struct part map = set_object(call->output, "Tags");
    const char *arn;
    struct tag *tags;
    size_t count;

    if (!fetch_tagged(call, &arn))
        return false;
    tags = tag_list(call->store, arn, &count);
    for (size_t i = 0; i < count; i++)
        set_text(map, tags[i].key, tags[i].value);
    return true;
}
