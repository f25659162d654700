#include "echo.h"

#include <inttypes.h>

#include "constraint.h"
#include "../json/java.h"
#include "../json/json.h"
#include "../json/path.h"

static void
add_number(struct text *text, const cJSON *json, const struct shape *shape)
{
    char made[JAVA_NUMBER_SIZE];

    if (shape->kind == SHAPE_FLOAT) {
        java_float(made, (float)json->valuedouble);
        text_add_string(text, made);
    } else {
        text_add_format(text, "%" PRId64, json_integer(json));
    }
}

static void
add_list(struct text *text, const cJSON *json, const struct shape *shape)
{
    text_add_string(text, "[");
    for (const cJSON *item = json->child; item != NULL && !text->full; item = item->next) {
        if (item != json->child)
            text_add_string(text, ", ");
        echo_value(text, item, shape->element);
    }
    text_add_string(text, "]");
}

static void
add_map(struct text *text, const cJSON *json, const struct shape *shape)
{
    text_add_string(text, "{");
    for (const cJSON *item = json->child; item != NULL && !text->full; item = item->next) {
        if (item != json->child)
            text_add_string(text, ", ");
        text_add_string(text, item->string);
        text_add_string(text, "=");
        echo_value(text, item, shape->element);
    }
    text_add_string(text, "}");
}

/* "Type(member=value, other=null)": seen in messages of CloudWatch Logs, in the order of the
 * model. */
static void
add_structure(struct text *text, const cJSON *json, const struct shape *shape)
{
    text_add_string(text, shape->name);
    text_add_string(text, "(");
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct member *member = &shape->members[i];

        if (i > 0)
            text_add_string(text, ", ");
        path_add_name(text, member->name);
        text_add_string(text, "=");
        echo_value(text, cJSON_GetObjectItemCaseSensitive(json, member->name), member->shape);
    }
    text_add_string(text, ")");
}

void
echo_value(struct text *text, const cJSON *json, const struct shape *shape)
{
    if (json == NULL)
        text_add_string(text, "null");
    else if (shape->sensitive)
        text_add_string(text, "*** Sensitive Data Redacted ***");
    else if (shape->kind == SHAPE_STRUCTURE)
        add_structure(text, json, shape);
    else if (shape->kind == SHAPE_LIST)
        add_list(text, json, shape);
    else if (shape->kind == SHAPE_MAP)
        add_map(text, json, shape);
    else if (shape->kind == SHAPE_BLOB)
        text_add_format(text, "java.nio.HeapByteBuffer[pos=0 lim=%.0f cap=%.0f]",
            constraint_measure(json, shape), constraint_measure(json, shape));
    else if (cJSON_IsString(json))
        text_add_string(text, json->valuestring);
    else if (cJSON_IsBool(json))
        text_add_string(text, cJSON_IsTrue(json) ? "true" : "false");
    else
        add_number(text, json, shape);
}
