/* Forms as JSON Schema, and as examples. */

#include "form.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "model.h"
#include "pattern.h"

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
    anchored = memory_resize(NULL, size);
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

static cJSON *
text_with(const char *name, const char *value)
{
    cJSON *schema = typed("string");

    cJSON_AddStringToObject(schema, name, value);
    return schema;
}

static cJSON *
number_schema(const struct form_member *member)
{
    cJSON *schema = typed(member->kind == VALUE_COUNT ? "integer" : "number");
    struct form_range range = form_range_of(member);

    if (!isinf(range.least))
        cJSON_AddNumberToObject(schema, range.above ? "exclusiveMinimum" : "minimum", range.least);
    if (!isinf(range.most))
        cJSON_AddNumberToObject(schema, "maximum", range.most);
    return schema;
}

static cJSON *
choice_schema(const struct form *form, const struct form_member *member)
{
    cJSON *schema = typed("string"), *list = cJSON_AddArrayToObject(schema, "enum");
    struct form_words words;
    const char *word;

    form_words_begin(form, member, &words);
    while ((word = form_words_next(&words)) != NULL)
        cJSON_AddItemToArray(list, cJSON_CreateString(word));
    return schema;
}

static cJSON *
reference(const char *references, const char *object)
{
    cJSON *schema = cJSON_CreateObject();
    char text[256];

    snprintf(text, sizeof text, "%s%s", references, object);
    cJSON_AddStringToObject(schema, "$ref", text);
    return schema;
}

static cJSON *
list_schema(cJSON *items)
{
    cJSON *schema = typed("array");

    cJSON_AddItemToObject(schema, "items", items);
    return schema;
}

static cJSON *
kind_schema(const struct form *form, const struct form_member *member, const char *references)
{
    switch (member->kind) {
    case VALUE_SHAPE:
        return shape_schema(member->shape);
    case VALUE_TEXT:
        return typed("string");
    case VALUE_NUMBER:
    case VALUE_COUNT:
        return number_schema(member);
    case VALUE_FLAG:
        return typed("boolean");
    case VALUE_DURATION:
        return text_with("pattern", "^(?!$)([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$");
    case VALUE_MOMENT:
        return text_with("format", "date-time");
    case VALUE_ACCOUNT:
        return text_with("pattern", "^[0-9]{12}$");
    case VALUE_ID:
        return text_with("pattern", "^[0-9]+$");
    case VALUE_CHOICE:
        return choice_schema(form, member);
    case VALUE_OBJECT:
        return reference(references, member->of);
    case VALUE_LIST:
        return list_schema(reference(references, member->of));
    case VALUE_TEXTS:
        return list_schema(typed("string"));
    case VALUE_ANY:
        break;
    }
    return cJSON_CreateObject();
}

cJSON *
form_member_schema(const struct form *form, const struct form_member *member,
    const char *references)
{
    cJSON *schema = kind_schema(form, member, references), *either, *choices;
    bool may_be_left_out = member->need == OPTIONAL && strcmp(member->name, "*") != 0;
    char help[512];

    if (member->need == NULLABLE && member->kind != VALUE_ANY) {
        either = cJSON_CreateObject();
        choices = cJSON_AddArrayToObject(either, "anyOf");
        cJSON_AddItemToArray(choices, schema);
        cJSON_AddItemToArray(choices, typed("null"));
        schema = either;
    }
    snprintf(help, sizeof help, "%s%s",
        may_be_left_out && form->left_out != NULL ? form->left_out : "", member->help);
    cJSON_AddStringToObject(schema, "description", help);
    return schema;
}

cJSON *
form_schema(const struct form *form, const char *object, const char *references)
{
    cJSON *schema = typed("object"), *properties = cJSON_CreateObject(),
          *required = cJSON_CreateArray(), *others = cJSON_CreateFalse();
    const struct form_names *names = form_names_of(form, object);

    for (size_t i = 0; i < form->count; i++) {
        const struct form_member *member = &form->members[i];

        if (strcmp(member->object, object) != 0)
            continue;
        if (strcmp(member->name, "*") == 0) {
            cJSON_Delete(others);
            others = form_member_schema(form, member, references);
            continue;
        }
        cJSON_AddItemToObject(properties, member->name,
            form_member_schema(form, member, references));
        if (member->need != OPTIONAL)
            cJSON_AddItemToArray(required, cJSON_CreateString(member->name));
    }
    cJSON_AddItemToObject(schema, "properties", properties);
    cJSON_AddItemToObject(schema, "required", required);
    cJSON_AddItemToObject(schema, "additionalProperties", others);
    if (names != NULL)
        cJSON_AddItemToObject(schema, "propertyNames", text_with("pattern", names->pattern));
    return schema;
}

void
form_add_schemas(const struct form *form, cJSON *schemas, const char *references)
{
    for (size_t i = 0; i < form->count; i++) {
        const char *object = form->members[i].object;

        if (cJSON_GetObjectItemCaseSensitive(schemas, object) == NULL)
            cJSON_AddItemToObject(schemas, object, form_schema(form, object, references));
    }
}

/* ---- examples ----------------------------------------------------------- */

static cJSON *
parse_example(const struct form_member *member)
{
    cJSON *json = cJSON_Parse(member->example);

    assert(json != NULL); /* the table has it as JSON */
    return json;
}

static cJSON *
member_example(const struct form *form, const struct form_member *member)
{
    cJSON *list;

    if (*member->example != '\0' && strcmp(member->example, "...") != 0)
        return parse_example(member);
    if (member->kind == VALUE_OBJECT)
        return form_example(form, member->of);
    assert(member->kind == VALUE_LIST); /* everything else that is needed has an example */
    list = cJSON_CreateArray();
    cJSON_AddItemToArray(list, form_example(form, member->of));
    return list;
}

cJSON *
form_example(const struct form *form, const char *object)
{
    cJSON *json = cJSON_CreateObject();

    for (size_t i = 0; i < form->count; i++) {
        const struct form_member *member = &form->members[i];

        if (strcmp(member->object, object) != 0 ||
            (*member->example == '\0' && member->need == OPTIONAL))
            continue;
        if (strcmp(member->name, "*") == 0) {
            cJSON_Delete(json);
            return parse_example(member);
        }
        cJSON_AddItemToObject(json, member->name, member_example(form, member));
    }
    return json;
}
