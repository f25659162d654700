/* The JSON Schema of fixtures, made from their table and the shapes of the model. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture_inside.h"
#include "model/model.h"
#include "model/pattern.h"

/* ---- shapes ------------------------------------------------------------- */

static cJSON *shape_schema(const struct shape *);

static cJSON *
typed(const char *type)
{
    cJSON *schema = cJSON_CreateObject();

    cJSON_AddStringToObject(schema, "type", type);
    return schema;
}

static void
add_limits(cJSON *schema, const struct shape *shape, const char *least, const char *most)
{
    if (shape->min.text != NULL)
        cJSON_AddNumberToObject(schema, least, shape->min.value);
    if (shape->max.text != NULL)
        cJSON_AddNumberToObject(schema, most, shape->max.value);
}

/* Classes of Unicode are written otherwise by everyone; such a pattern is left to the server. */
static void
add_pattern(cJSON *schema, const struct pattern *pattern)
{
    char *anchored;
    size_t size;

    if (pattern == NULL || strstr(pattern->text, "\\p{") != NULL)
        return;
    size = strlen(pattern->text) + sizeof "^(?:)$";
    anchored = malloc(size);
    if (anchored == NULL)
        abort();
    snprintf(anchored, size, "^(?:%s)$", pattern->text);
    cJSON_AddStringToObject(schema, "pattern", anchored);
    free(anchored);
}

static cJSON *
text_schema(const struct shape *shape)
{
    cJSON *schema = typed("string"), *list;

    add_limits(schema, shape, "minLength", "maxLength");
    add_pattern(schema, shape->pattern);
    if (shape->enumeration != NULL) {
        list = cJSON_AddArrayToObject(schema, "enum");
        for (const char *const *word = shape->enumeration; *word != NULL; word++)
            cJSON_AddItemToArray(list, cJSON_CreateString(*word));
    }
    return schema;
}

/* Under its name, and under the same in lowerCamelCase: either is taken. */
static void
add_both(cJSON *properties, const struct member *member)
{
    char name[256];

    snprintf(name, sizeof name, "%s", member->name);
    cJSON_AddItemToObject(properties, name, shape_schema(member->shape));
    name[0] = (char)tolower((unsigned char)name[0]);
    cJSON_AddItemToObject(properties, name, shape_schema(member->shape));
}

static cJSON *
structure_schema(const struct shape *shape)
{
    cJSON *schema = typed("object");
    cJSON *properties = cJSON_AddObjectToObject(schema, "properties");

    for (size_t i = 0; i < shape->member_count; i++)
        add_both(properties, &shape->members[i]);
    cJSON_AddFalseToObject(schema, "additionalProperties");
    return schema;
}

static cJSON *
shape_schema(const struct shape *shape)
{
    cJSON *schema;

    switch (shape->kind) {
    case SHAPE_STRUCTURE:
        return structure_schema(shape);
    case SHAPE_LIST:
        schema = typed("array");
        add_limits(schema, shape, "minItems", "maxItems");
        cJSON_AddItemToObject(schema, "items", shape_schema(shape->element));
        return schema;
    case SHAPE_MAP:
        schema = typed("object");
        add_limits(schema, shape, "minProperties", "maxProperties");
        cJSON_AddItemToObject(schema, "propertyNames", shape_schema(shape->key));
        cJSON_AddItemToObject(schema, "additionalProperties", shape_schema(shape->element));
        return schema;
    case SHAPE_STRING:
    case SHAPE_BLOB:
        return text_schema(shape);
    case SHAPE_INTEGER:
    case SHAPE_LONG:
    case SHAPE_FLOAT:
    case SHAPE_TIMESTAMP:
        schema = typed(shape->kind == SHAPE_FLOAT ? "number" : "integer");
        add_limits(schema, shape, "minimum", "maximum");
        return schema;
    case SHAPE_BOOLEAN:
        break;
    }
    return typed("boolean");
}

/* ---- members ------------------------------------------------------------ */

static cJSON *object_schema(const char *object);

static cJSON *
number_schema(const char *type, bool is_ratio)
{
    cJSON *schema = typed(type);

    cJSON_AddNumberToObject(schema, "minimum", 0);
    if (is_ratio)
        cJSON_AddNumberToObject(schema, "maximum", 1);
    return schema;
}

static cJSON *
kind_schema(const struct fixture_member *member)
{
    cJSON *schema;

    switch (member->kind) {
    case MEMBER_SHAPE:
        return shape_schema(member->shape);
    case MEMBER_OBJECT:
        return object_schema(member->of);
    case MEMBER_LIST:
        schema = typed("array");
        cJSON_AddItemToObject(schema, "items", object_schema(member->of));
        return schema;
    case MEMBER_MOMENT:
        schema = typed("string");
        cJSON_AddStringToObject(schema, "format", "date-time");
        return schema;
    case MEMBER_COUNT:
        return number_schema("integer", false);
    case MEMBER_RATIO:
        return number_schema("number", true);
    case MEMBER_FLAG:
        return typed("boolean");
    case MEMBER_WORD:
        return typed("string");
    case MEMBER_ANY:
        break;
    }
    return cJSON_CreateObject();
}

static cJSON *
member_schema(const struct fixture_member *member)
{
    cJSON *schema = kind_schema(member);
    char text[512];

    snprintf(text, sizeof text, "%s%s", member->needed ? "" : "When left out: ", member->help);
    cJSON_AddStringToObject(schema, "description", text);
    return schema;
}

/* An object whose members have names of their owner's choice. */
static cJSON *
map_schema(const struct fixture_names *names, const struct fixture_member *member)
{
    cJSON *schema = typed("object");
    cJSON *any = cJSON_AddObjectToObject(schema, "propertyNames");

    cJSON_AddStringToObject(any, "pattern", names->pattern);
    any = kind_schema(member);
    cJSON_AddStringToObject(any, "description", member->help);
    cJSON_AddItemToObject(schema, "additionalProperties", any);
    return schema;
}

static cJSON *
object_schema(const char *object)
{
    const struct fixture_names *names = fixture_names_of(object);
    cJSON *schema = typed("object"), *properties, *required;

    properties = cJSON_AddObjectToObject(schema, "properties");
    required = cJSON_AddArrayToObject(schema, "required");
    for (size_t i = 0; i < fixture_member_count; i++) {
        const struct fixture_member *member = &fixture_members[i];

        if (strcmp(member->object, object) != 0)
            continue;
        if (names != NULL) {
            cJSON_Delete(schema);
            return map_schema(names, member);
        }
        cJSON_AddItemToObject(properties, member->name, member_schema(member));
        if (member->needed)
            cJSON_AddItemToArray(required, cJSON_CreateString(member->name));
    }
    cJSON_AddFalseToObject(schema, "additionalProperties");
    return schema;
}

cJSON *
fixture_schema(void)
{
    cJSON *schema = object_schema("fixture");

    cJSON_AddStringToObject(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
    cJSON_AddStringToObject(schema, "title", "A fixture of rekognition-local");
    return schema;
}
