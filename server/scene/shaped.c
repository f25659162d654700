#include "shaped.h"

#include <stdlib.h>
#include <string.h>

#include "../json/json.h"
#include "../json/tree.h"

static void
add_shaped(struct part list, const cJSON *value, const struct shape *shape)
{
    if (shape->kind == SHAPE_STRUCTURE)
        set_members_shaped(add_object(list), value, shape);
    else if (shape->kind == SHAPE_STRING)
        add_text(list, value->valuestring);
    else
        add_int(list, json_integer(value));
}

static void
set_list_shaped(struct part list, const cJSON *value, const struct shape *shape)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, value) add_shaped(list, item, shape->element);
}

void
set_shaped(struct part part, const char *member, const cJSON *value, const struct shape *shape)
{
    double number;

    if (value == NULL)
        return;
    switch (shape->kind) {
    case SHAPE_STRUCTURE:
        set_members_shaped(set_object(part, member), value, shape);
        break;
    case SHAPE_LIST:
        set_list_shaped(set_list(part, member), value, shape);
        break;
    case SHAPE_FLOAT:
        if (json_number(value, &number))
            set_float(part, member, number);
        break;
    case SHAPE_INTEGER:
    case SHAPE_LONG:
        set_int(part, member, json_integer(value));
        break;
    case SHAPE_BOOLEAN:
        set_flag(part, member, cJSON_IsTrue(value));
        break;
    case SHAPE_STRING:
        set_text(part, member, value->valuestring);
        break;
    case SHAPE_MAP:
    case SHAPE_BLOB:
    case SHAPE_TIMESTAMP:
        abort(); /* nothing that an image shows has one */
    }
}

void
set_members_shaped(struct part part, const cJSON *object, const struct shape *shape)
{
    for (size_t i = 0; i < shape->member_count; i++)
        set_shaped(part, shape->members[i].name, member_of(object, shape->members[i].name),
            shape->members[i].shape);
}

const struct shape *
shape_of_member(const struct shape *shape, const char *member)
{
    size_t i = 0;

    while (strcmp(shape->members[i].name, member) != 0)
        i++;
    return shape->members[i].shape;
}
