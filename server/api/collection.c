/* Operations on collections of faces. */

#include <string.h>

#include "../../state/resource/collection.h"
#include "../call/handlers.h"
#include "../call/paging.h"
#include "../call/tags.h"

/* API Reference, CreateCollection, DeleteCollection: "HTTP status code". */
#define STATUS_CODE 200

/* Without "arn:": public answers from 2017 to 2025; DescribeCollection has the whole. */
static const char *
short_arn(const char *arn)
{
    return arn + strlen("arn:");
}

bool
create_collection(struct call *call)
{
    struct collection collection = { .scope = call->scope,
        .name = input_text(call, "CollectionId") };

    call->asked = collection.name;
    if (!granted(call, collection_create(call->store, &collection)) ||
        !tags_set(call, collection.arn, input_member(call, "Tags")))
        return false;
    set_int(call->output, "StatusCode", STATUS_CODE);
    set_text(call->output, "CollectionArn", short_arn(collection.arn));
    set_text(call->output, "FaceModelVersion", collection.model_version);
    return true;
}

bool
describe_collection(struct call *call)
{
    const struct collection *collection = call->fetched;

    set_int(call->output, "FaceCount", collection->faces);
    set_text(call->output, "FaceModelVersion", collection->model_version);
    set_text(call->output, "CollectionARN", collection->arn);
    set_time(call->output, "CreationTimestamp", collection->created_ms);
    set_int(call->output, "UserCount", collection->users);
    return true;
}

/* Two lists: the versions are in the order of the ids. */
static void
describe(struct call *call, const struct collection *collections, size_t count)
{
    struct part list = set_list(call->output, "CollectionIds");

    for (size_t i = 0; i < count; i++)
        add_text(list, collections[i].name);
    list = set_list(call->output, "FaceModelVersions");
    for (size_t i = 0; i < count; i++)
        add_text(list, collections[i].model_version);
}

bool
list_collections(struct call *call)
{
    struct collection *collections;
    struct paging paging;
    size_t count;

    if (!paging_open(call, &paging))
        return false;
    collections = collection_list(call->store, &call->scope, &paging.page, &count);
    describe(call, collections, count);
    if (count > 0)
        paging_close_text(call, &paging, collections[count - 1].name);
    return true;
}

bool
delete_collection(struct call *call)
{
    if (!granted(call, collection_delete(call->store, call->fetched)))
        return false;
    set_int(call->output, "StatusCode", STATUS_CODE);
    return true;
}
