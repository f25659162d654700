#include "constraint.h"

#include <stdint.h>
#include <string.h>

#include "../../state/base/array.h"
#include "../json/json.h"
#include "pattern.h"

/* Most are: eight bytes at a time. */
static bool
is_ascii(const char *text, size_t length)
{
    uint64_t eight, seen = 0;

    for (; length >= sizeof eight; text += sizeof eight, length -= sizeof eight) {
        memcpy(&eight, text, sizeof eight);
        seen |= eight;
    }
    for (; length > 0; length--)
        seen |= (unsigned char)*text++;
    return (seen & UINT64_C(0x8080808080808080)) == 0;
}

static size_t
utf16_length(const char *text)
{
    size_t length = strlen(text), units = 0;

    if (is_ascii(text, length))
        return length;
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++)
        if ((*at & 0xC0) != 0x80)
            units += *at >= 0xF0 ? 2 : 1; /* beyond U+FFFF: a surrogate pair */
    return units;
}

static size_t
decoded_length(const char *base64)
{
    size_t length = strlen(base64);

    if (length < 4)
        return 0;
    return length / 4 * 3 - (base64[length - 1] == '=') - (base64[length - 2] == '=');
}

double
constraint_measure(const cJSON *json, const struct shape *shape)
{
    double number = 0;

    switch (shape->kind) {
    case SHAPE_STRING:
        return (double)utf16_length(json->valuestring);
    case SHAPE_BLOB:
        return (double)decoded_length(json->valuestring);
    case SHAPE_LIST:
    case SHAPE_MAP:
        return cJSON_GetArraySize(json);
    default:
        json_number(json, &number);
        return shape->kind == SHAPE_FLOAT ? (double)(float)number : number;
    }
}

static bool
is_listed(const char *const *list, const char *text)
{
    for (; *list != NULL; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

static bool
exists(enum constraint constraint, const struct shape *shape)
{
    switch (constraint) {
    case CONSTRAINT_ENUMERATION:
        return shape->enumeration != NULL;
    case CONSTRAINT_PATTERN:
        return shape->pattern != NULL;
    case CONSTRAINT_MAX:
        return shape->max.text != NULL;
    case CONSTRAINT_MIN:
        return shape->min.text != NULL;
    default:
        return false;
    }
}

bool
constraint_violated(enum constraint constraint, const cJSON *json, const struct shape *shape)
{
    if (!exists(constraint, shape))
        return false;
    switch (constraint) {
    case CONSTRAINT_ENUMERATION:
        return !is_listed(shape->enumeration, json->valuestring);
    case CONSTRAINT_PATTERN:
        return !pattern_matches(shape->pattern, json->valuestring, strlen(json->valuestring));
    case CONSTRAINT_MAX: /* Java's Float.compare(): NaN is above everything */
        return !(constraint_measure(json, shape) <= shape->max.value);
    case CONSTRAINT_MIN:
        return constraint_measure(json, shape) < shape->min.value;
    default:
        return false;
    }
}

bool
constraint_any_violated(const cJSON *json, const struct shape *shape)
{
    for (int constraint = 0; constraint < CONSTRAINT_COUNT; constraint++)
        if (constraint_violated(constraint, json, shape))
            return true;
    return false;
}

static void
describe_limit(struct text *text, const struct shape *shape, const char *comparison,
    const char *limit)
{
    bool is_number =
        shape->kind == SHAPE_INTEGER || shape->kind == SHAPE_LONG || shape->kind == SHAPE_FLOAT;

    text_add_format(text, "Member must have %s %s than or equal to %s",
        is_number ? "value" : "length", comparison, limit);
}

static void
describe_enumeration(struct text *text, const struct shape *shape)
{
    text_add_string(text, "Member must satisfy enum value set: [");
    for (const char *const *value = shape->enumeration; *value != NULL; value++) {
        if (value != shape->enumeration)
            text_add_string(text, ", ");
        text_add_string(text, *value);
    }
    text_add_string(text, "]");
}

void
constraint_describe(struct text *text, enum constraint constraint, const struct shape *shape)
{
    switch (constraint) {
    case CONSTRAINT_ENUMERATION:
        describe_enumeration(text, shape);
        break;
    case CONSTRAINT_PATTERN:
        text_add_string(text, "Member must satisfy regular expression pattern: ");
        text_add_string(text, shape->pattern->text);
        break;
    case CONSTRAINT_MAX:
        describe_limit(text, shape, "less", shape->max.text);
        break;
    case CONSTRAINT_MIN:
        describe_limit(text, shape, "greater", shape->min.text);
        break;
    default:
        break;
    }
}

void
constraint_describe_all(struct text *text, const struct shape *shape)
{
    /* Observed (Lambda): not the order in which single violations are reported. */
    static const enum constraint order[] = { CONSTRAINT_MAX, CONSTRAINT_MIN, CONSTRAINT_PATTERN,
        CONSTRAINT_ENUMERATION };
    const char *separator = "";

    text_add_string(text, "[");
    for (size_t i = 0; i < COUNT(order); i++) {
        if (!exists(order[i], shape))
            continue;
        text_add_string(text, separator);
        constraint_describe(text, order[i], shape);
        separator = ", ";
    }
    text_add_string(text, "]");
}
