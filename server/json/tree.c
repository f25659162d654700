#include "tree.h"

#include <stdio.h>
#include <stdlib.h>

#include "../../state/base/memory.h"
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

/* cJSON would round to 15 digits where 17 are needed, and write 1e+15. */
void
tree_set_shortest(cJSON *object, const char *member, double value)
{
    char number[40];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(number, sizeof number, "%.*g", digits, value);
        if (strtod(number, NULL) == value)
            break;
    }
    add(object, member, cJSON_CreateRaw(number));
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

cJSON *
tree_append_object(cJSON *list)
{
    cJSON *made = memory_made(cJSON_CreateObject());

    cJSON_AddItemToArray(list, made);
    return made;
}
