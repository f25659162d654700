#include "tree.h"

#include <stdlib.h>

#include "json.h"

const cJSON *
member_of(const cJSON *object, const char *member)
{
    return cJSON_GetObjectItemCaseSensitive(object, member);
}

const char *
text_of(const cJSON *object, const char *member)
{
    return cJSON_GetStringValue(member_of(object, member));
}

static void
add(cJSON *object, const char *member, cJSON *value)
{
    if (value == NULL || !cJSON_AddItemToObjectCS(object, member, value))
        abort(); /* out of memory */
}

void
tree_set_text(cJSON *object, const char *member, const char *value)
{
    if (value != NULL)
        add(object, member, cJSON_CreateString(value));
}

void
tree_set_int(cJSON *object, const char *member, int64_t value)
{
    add(object, member, json_long(value));
}

void
tree_set_json(cJSON *object, const char *member, const char *json)
{
    if (json != NULL)
        add(object, member, cJSON_Parse(json));
}

cJSON *
tree_set_object(cJSON *object, const char *member)
{
    cJSON *made = cJSON_CreateObject();

    add(object, member, made);
    return made;
}

cJSON *
tree_set_list(cJSON *object, const char *member)
{
    cJSON *made = cJSON_CreateArray();

    add(object, member, made);
    return made;
}
