/* The half of validate.h that is about replies. */
#include "validate.h"

#include <math.h>
#include <string.h>

#include "conform.h"
#include "constraint.h"
#include "../json/json.h"
#include "../json/path.h"
#include "../json/text.h"

/* From here on cJSON prints a number as 1e+15, which the Go SDK cannot read as an integer
 * (observed). */
#define PLAIN_NUMBER_MAX 1e15

static bool fits(struct text *why, const struct path *, const cJSON *, const struct shape *);

static bool
refuse(struct text *why, const struct path *path, const char *what)
{
    text_add_string(why, "at '");
    if (path != NULL)
        path_add(why, path);
    text_add_string(why, "': ");
    text_add_string(why, what);
    return false;
}

static bool
is_whole(const cJSON *json)
{
    double value;

    if (cJSON_IsRaw(json)) {
        const char *digits = json->valuestring + (json->valuestring[0] == '-');

        return *digits != '\0' && digits[strspn(digits, "0123456789")] == '\0';
    }
    return json_number(json, &value) && trunc(value) == value && fabs(value) < PLAIN_NUMBER_MAX;
}

static bool
has_kind(const cJSON *json, enum shape_kind kind)
{
    double value;

    switch (kind) {
    case SHAPE_STRUCTURE:
    case SHAPE_MAP:
        return cJSON_IsObject(json);
    case SHAPE_LIST:
        return cJSON_IsArray(json);
    case SHAPE_STRING:
        return cJSON_IsString(json);
    case SHAPE_BLOB:
        return cJSON_IsString(json) && conform_is_base64(json->valuestring);
    case SHAPE_INTEGER:
    case SHAPE_LONG:
        return is_whole(json);
    case SHAPE_FLOAT:
    case SHAPE_TIMESTAMP:
        return json_number(json, &value) && isfinite(value);
    case SHAPE_BOOLEAN:
        return cJSON_IsBool(json);
    }
    return false;
}

static bool
members_are_known(struct text *why, const struct path *path, const cJSON *json,
    const struct shape *shape)
{
    for (const cJSON *item = json->child; item != NULL; item = item->next) {
        const struct path at = { .above = path, .member = item->string };
        const struct member *member = shape->members;

        while (member != NULL && member->name != NULL && strcmp(member->name, item->string) != 0)
            member++;
        if (member == NULL || member->name == NULL)
            return refuse(why, &at, "the shape has no such member");
        if (cJSON_GetObjectItemCaseSensitive(json, item->string) != item)
            return refuse(why, &at, "the member is there twice");
    }
    return true;
}

static bool
members_fit(struct text *why, const struct path *path, const cJSON *json, const struct shape *shape)
{
    if (!members_are_known(why, path, json, shape))
        return false;
    for (size_t i = 0; i < shape->member_count; i++) {
        const struct member *member = &shape->members[i];
        const struct path at = { .above = path, .member = member->name };
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, member->name);

        if (item == NULL && member->required)
            return refuse(why, &at, "the member is required");
        if (item != NULL && !fits(why, &at, item, member->shape))
            return false;
    }
    return true;
}

static bool
elements_fit(struct text *why, const struct path *path, const cJSON *json,
    const struct shape *shape)
{
    size_t index = 1;

    for (const cJSON *item = json->child; item != NULL; item = item->next, index++) {
        const cJSON key = { .type = cJSON_String, .valuestring = item->string };
        const struct path at = {
            .above = path,
            .key = shape->kind == SHAPE_MAP ? item->string : NULL,
            .index = index,
        };

        if (shape->kind == SHAPE_MAP && !fits(why, &at, &key, shape->key))
            return false;
        if (!fits(why, &at, item, shape->element))
            return false;
    }
    return true;
}

/* An empty list is answered as one: public logs show "DeletedFaces": [], which the model wants one element of. */
static bool
constraints_fit(struct text *why, const struct path *path, const cJSON *json,
    const struct shape *shape)
{
    if (cJSON_IsArray(json) && json->child == NULL)
        return true;
    for (int constraint = 0; constraint < CONSTRAINT_COUNT; constraint++) {
        if (constraint_violated(constraint, json, shape)) {
            refuse(why, path, "");
            constraint_describe(why, constraint, shape);
            return false;
        }
    }
    return true;
}

static bool
fits(struct text *why, const struct path *path, const cJSON *json, const struct shape *shape)
{
    if (!has_kind(json, shape->kind))
        return refuse(why, path, "the value has the wrong type");
    if (!constraints_fit(why, path, json, shape))
        return false;
    if (shape->kind == SHAPE_STRUCTURE)
        return members_fit(why, path, json, shape);
    if (shape->kind == SHAPE_LIST || shape->kind == SHAPE_MAP)
        return elements_fit(why, path, json, shape);
    return true;
}

bool
output_fits(const cJSON *output, const struct shape *shape, char **why)
{
    struct text made = { 0 };
    bool fit = fits(&made, NULL, output, shape);

    *why = made.bytes;
    return fit;
}
