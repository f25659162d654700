/* Operations on tags, of any resource that has them. */

#include <string.h>

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
    struct scope scope;
    enum resource resource;

    *arn = input_text(call, "ResourceArn");
    if (strncmp(*arn, "aws", strlen("aws")) == 0)
        return invalid_parameter(call, GUESSED, "the model has no pattern for ResourceArn",
            "an ARN begins with arn:, also where CreateCollection answers one without it");
    resource = resource_of_arn(*arn, &scope);
    if (resource == RESOURCE_NONE || !resource_is_tagged(resource))
        return invalid_parameter(call, GUESSED, "the model has no pattern for ResourceArn",
            "ResourceArn is not the ARN of a resource that has tags");
    return fetch_by_arn(call, resource, *arn);
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
