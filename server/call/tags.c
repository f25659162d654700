#include "tags.h"

#include "../../state/store.h"
#include "../../state/resource/tag.h"
#include "call.h"

bool
tags_set(struct call *call, const char *arn, const cJSON *map)
{
    size_t count = (size_t)cJSON_GetArraySize(map), i = 0;
    struct tag *tags = store_alloc(call->store, count * sizeof *tags);
    const cJSON *tag;

    cJSON_ArrayForEach(tag, map) tags[i++] = (struct tag){ tag->string, tag->valuestring };
    return granted(call, tag_set(call->store, arn, tags, count));
}
