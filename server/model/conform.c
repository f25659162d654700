#include "conform.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../json/json.h"
#include "../json/path.h"

/* How much of a bad blob its message repeats; it may be megabytes. What the service does is not
 * known. */
#define BLOB_ECHO_MAX 1024

static bool
refuse(struct text *why, const char *words)
{
    text_add_string(why, words);
    return false;
}

/* Observed (Athena 2026, SESv2, X-Ray): "STRING_VALUE can not be converted to an Integer". */
static bool
refuse_conversion(struct text *why, const cJSON *json, enum shape_kind kind)
{
    static const char *const kinds[] = {
        [SHAPE_STRING] = "a String",
        [SHAPE_BLOB] = "a Blob",
        [SHAPE_INTEGER] = "an Integer",
        [SHAPE_LONG] = "a Long",
        [SHAPE_FLOAT] = "a Float",
        [SHAPE_BOOLEAN] = "a Boolean",
        [SHAPE_TIMESTAMP] = "milliseconds since epoch",
    };
    const char *token = cJSON_IsString(json) ? "STRING"
                        : cJSON_IsTrue(json) ? "TRUE"
                        : cJSON_IsBool(json) ? "FALSE"
                                             : "NUMBER";

    text_add_format(why, "%s_VALUE can not be converted to %s", token, kinds[kind]);
    return false;
}

/* ---- base64 ---------------------------------------------------------------------------------- */

/* The place of a character is what it stands for. */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* How many of `length` characters are no padding. */
static size_t
unpadded(const char *text, size_t length)
{
    for (int pads = 0; pads < 2 && length > 0 && text[length - 1] == '='; pads++)
        length--;
    return length;
}

/* The first character that stands for nothing, or NULL. */
static const char *
find_stray(const char *text, size_t length)
{
    size_t fine = strspn(text, alphabet);

    return fine < length ? text + fine : NULL;
}

/* Whether the last character has bits that no byte takes: "QQ==" is fine, "QR==" is not. */
static bool
has_loose_bits(const char *text, size_t length)
{
    int unused = length % 4 == 2 ? 0xF : length % 4 == 3 ? 0x3 : 0;

    return unused != 0 && ((strchr(alphabet, text[length - 1]) - alphabet) & unused) != 0;
}

static size_t
character_length(const char *character)
{
    size_t length = 1;

    while (((unsigned char)character[length] & 0xC0) == 0x80)
        length++;
    return length;
}

bool
conform_is_base64(const char *text)
{
    size_t length = strlen(text), coded = unpadded(text, length);

    return length % 4 == 0 && find_stray(text, coded) == NULL && !has_loose_bits(text, coded);
}

/* Observed (Kinesis), "dectected" included. */
static bool
refuse_blob(struct text *why, const char *blob)
{
    size_t length = strlen(blob);
    const char *stray = find_stray(blob, unpadded(blob, length));

    text_add_string(why, "'");
    why->limit = why->length + BLOB_ECHO_MAX;
    text_add(why, blob, length);
    why->limit = 0;
    why->full = false;
    text_add_string(why, "' can not be converted to a Blob: ");
    if (length % 4 != 0) {
        text_add_format(why,
            "Base64 encoded length is expected a multiple of 4 bytes but found: %zu", length);
    } else if (stray != NULL) {
        text_add_string(why, "Invalid Base64 character: '");
        text_add(why, stray, character_length(stray));
        text_add_string(why, "'");
    } else {
        text_add_string(why, "Invalid last non-pad Base64 character dectected");
    }
    return false;
}

/* ---- scalars --------------------------------------------------------------------------------- */

/* Observed (Athena): decimals are cut off, and what is too large becomes the largest there is. */
static bool
read_integer(cJSON *json, double lowest, double highest)
{
    double whole = trunc(json->valuedouble);

    cJSON_SetNumberHelper(json, whole < lowest ? lowest : whole > highest ? highest : whole);
    return true;
}

/* The awsJson protocol writes what JSON has no numbers for as strings. */
static bool
names_number(const cJSON *json, double *value)
{
    if (!cJSON_IsString(json))
        return false;
    if (strcmp(json->valuestring, "NaN") == 0)
        *value = NAN;
    else if (strcmp(json->valuestring, "Infinity") == 0)
        *value = INFINITY;
    else if (strcmp(json->valuestring, "-Infinity") == 0)
        *value = -INFINITY;
    else
        return false;
    return true;
}

/*
 * Rounds to 32 bits. What is not finite then is left to the limits of the shape to refuse, which
 * will name it; a shape without limits refuses it here (inferred: nothing useful can be done with
 * it).
 */
static bool
read_float(cJSON *json, const struct shape *shape, struct text *why)
{
    double value = json->valuedouble;

    if (!cJSON_IsNumber(json) && !names_number(json, &value))
        return refuse_conversion(why, json, shape->kind);
    value = (double)(float)value;
    if (!isfinite(value) && (shape->min.text == NULL || shape->max.text == NULL))
        return refuse_conversion(why, json, shape->kind);
    cJSON_free(json->valuestring);
    json->valuestring = NULL;
    json->type = cJSON_Number;
    json->valuedouble =
        value; /* not cJSON_SetNumberHelper(): it converts to int, and NaN has none */
    return true;
}

static bool
conform_scalar(cJSON *json, const struct shape *shape, struct text *why)
{
    switch (shape->kind) {
    case SHAPE_STRING:
        return cJSON_IsString(json) || refuse_conversion(why, json, shape->kind);
    case SHAPE_BLOB:
        if (!cJSON_IsString(json))
            return refuse_conversion(why, json, shape->kind);
        return conform_is_base64(json->valuestring) || refuse_blob(why, json->valuestring);
    case SHAPE_INTEGER:
        return cJSON_IsNumber(json) ? read_integer(json, INT32_MIN, INT32_MAX)
                                    : refuse_conversion(why, json, shape->kind);
    case SHAPE_LONG:
        return cJSON_IsNumber(json) ? read_integer(json, -0x1p63, 0x1p63)
                                    : refuse_conversion(why, json, shape->kind);
    case SHAPE_FLOAT:
        return read_float(json, shape, why);
    case SHAPE_BOOLEAN:
        return cJSON_IsBool(json) || refuse_conversion(why, json, shape->kind);
    case SHAPE_TIMESTAMP:
        return cJSON_IsNumber(json) || refuse_conversion(why, json, shape->kind);
    case SHAPE_STRUCTURE:
        return refuse(why, "Expected null");
    case SHAPE_LIST:
        return refuse(why, "Expected list or null");
    case SHAPE_MAP:
        return refuse(why, "Expected map or null");
    }
    return false;
}

/* ---- structures, lists, maps ----------------------------------------------------------------- */

/* How many ignored members are named, and how much of each name: a request may have a million. */
#define IGNORED_MAX 20
#define IGNORED_NAME_MAX 100

static bool conform_value(cJSON *, const struct shape *, const struct path *, struct conformance *);

static const struct member *
member_named(const struct shape *shape, const char *name)
{
    for (size_t i = 0; i < shape->member_count; i++)
        if (strcmp(shape->members[i].name, name) == 0)
            return &shape->members[i];
    return NULL;
}

/* Its name as it was sent, below the place as messages write it. */
static void
note_ignored(struct conformance *conformance, const struct path *path, const char *name)
{
    struct text place = { .limit = IGNORED_NAME_MAX };

    if (conformance->ignored == NULL)
        conformance->ignored = cJSON_CreateArray();
    if (cJSON_GetArraySize(conformance->ignored) == IGNORED_MAX)
        return;
    if (path != NULL) {
        path_add(&place, path);
        text_add_string(&place, ".");
    }
    text_add_string(&place, name);
    cJSON_AddItemToArray(conformance->ignored,
        cJSON_CreateString(place.bytes == NULL ? "" : place.bytes));
    free(place.bytes);
}

static void
drop(cJSON *json, cJSON *child)
{
    cJSON_Delete(cJSON_DetachItemViaPointer(json, child));
}

/* Null is as good as absent; a member that the shape does not have is not looked into. */
static bool
conform_members(cJSON *json, const struct shape *shape, const struct path *path,
    struct conformance *conformance)
{
    cJSON *next;

    for (cJSON *child = json->child; child != NULL; child = next) {
        const struct member *member = member_named(shape, child->string);
        const struct path at = { .above = path, .member = child->string };

        next = child->next;
        if (member == NULL)
            note_ignored(conformance, path, child->string);
        if (member == NULL || cJSON_IsNull(child))
            drop(json, child);
        else if (!conform_value(child, member->shape, &at, conformance))
            return false;
    }
    return true;
}

/* Null is as good as absent in a list, too. */
static bool
conform_elements(cJSON *json, const struct shape *shape, const struct path *path,
    struct conformance *conformance)
{
    size_t index = 1;
    cJSON *next;

    for (cJSON *child = json->child; child != NULL; child = next, index++) {
        const struct path at = {
            .above = path,
            .key = shape->kind == SHAPE_MAP ? child->string : NULL,
            .index = index,
        };

        next = child->next;
        if (cJSON_IsNull(child))
            drop(json, child);
        else if (!conform_value(child, shape->element, &at, conformance))
            return false;
    }
    return true;
}

static bool
conform_value(cJSON *json, const struct shape *shape, const struct path *path,
    struct conformance *conformance)
{
    if (cJSON_IsArray(json))
        return shape->kind == SHAPE_LIST
                   ? conform_elements(json, shape, path, conformance)
                   : refuse(&conformance->why, "Start of list found where not expected");
    if (!cJSON_IsObject(json))
        return conform_scalar(json, shape, &conformance->why);
    if (shape->kind == SHAPE_STRUCTURE)
        return conform_members(json, shape, path, conformance);
    if (shape->kind == SHAPE_MAP)
        return conform_elements(json, shape, path, conformance);
    return refuse(&conformance->why,
        "Start of structure or map found where not expected."); /* the full stop is observed */
}

bool
conform(cJSON *json, const struct shape *shape, struct conformance *conformance)
{
    return conform_value(json, shape, NULL, conformance);
}
