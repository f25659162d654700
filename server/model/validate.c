#include "validate.h"

#include <stdlib.h>
#include <string.h>

#include "conform.h"
#include "constraint.h"
#include "echo.h"
#include "../json/path.h"
#include "../json/text.h"

/* Observed (Kinesis, DynamoDB): a message lists no more, and counts no more, than ten
 * violations. */
#define ITEMS_MAX 10

/* How much of one value a message repeats. The longest legal ones, 4096 face ids, make 156 KB. */
#define ECHO_MAX (256 * 1024)

#define SEPARATOR "; "

struct report {
    struct text items;
    unsigned count;
    size_t begins[ITEMS_MAX + 1]; /* of each item in `items`; then where another would begin */
};

static void check_value(struct report *, const struct path *, const cJSON *, const struct shape *);

/* ---- items ----------------------------------------------------------------------------------- */

static void
add_echo(struct text *text, const cJSON *json, const struct shape *shape)
{
    if (json == NULL) {
        text_add_string(text, " null");
    } else if (!shape->sensitive) {
        text_add_string(text, " '");
        text->limit = text->length + ECHO_MAX;
        echo_value(text, json, shape);
        text->limit = 0;
        text->full = false;
        text_add_string(text, "'");
    }
}

/* Begins an item; the caller adds the constraint. False when there are enough. */
static bool
begin_item(struct report *report, const struct path *path, const cJSON *json,
    const struct shape *shape)
{
    if (report->count == ITEMS_MAX)
        return false;
    if (report->count > 0)
        text_add_string(&report->items, SEPARATOR);
    report->begins[report->count++] = report->items.length;
    text_add_string(&report->items, "Value");
    add_echo(&report->items, json, shape);
    text_add_string(&report->items, " at '");
    path_add(&report->items, path);
    text_add_string(&report->items, "' failed to satisfy constraint: ");
    return true;
}

/* ---- checks ---------------------------------------------------------------------------------- */

static void
check_constraints(struct report *report, const struct path *path, const cJSON *json,
    const struct shape *shape)
{
    for (int constraint = 0; constraint < CONSTRAINT_COUNT; constraint++)
        if (constraint_violated(constraint, json, shape) && begin_item(report, path, json, shape))
            constraint_describe(&report->items, constraint, shape);
}

static void
check_structure(struct report *report, const struct path *path, const cJSON *json,
    const struct shape *shape)
{
    for (size_t i = 0; i < shape->member_count && report->count < ITEMS_MAX; i++) {
        const struct member *member = &shape->members[shape->order[i]];
        const struct path at = { .above = path, .member = member->name };
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, member->name);

        if (item != NULL)
            check_value(report, &at, item, member->shape);
        else if (member->required && begin_item(report, &at, NULL, member->shape))
            text_add_string(&report->items, "Member must not be null");
    }
}

/* Whether messages report the elements of a list or map one by one, or all together at the
 * container. */
static bool
is_composed(const struct shape *shape)
{
    return shape->kind == SHAPE_STRUCTURE || shape->kind == SHAPE_LIST || shape->kind == SHAPE_MAP;
}

static bool
any_element_violates(const cJSON *json, const struct shape *element)
{
    for (const cJSON *item = json->child; item != NULL; item = item->next)
        if (constraint_any_violated(item, element))
            return true;
    return false;
}

static bool
any_key_violates(const cJSON *json, const struct shape *shape)
{
    for (const cJSON *item = json->child; item != NULL; item = item->next) {
        const cJSON key = { .type = cJSON_String, .valuestring = item->string };

        if (constraint_any_violated(&key, shape))
            return true;
    }
    return false;
}

/* One item for all that are wrong, with all constraints there are: observed (Lambda, API
 * Gateway). */
static void
report_elements(struct report *report, const struct path *path, const cJSON *json,
    const struct shape *shape, const char *subject, const struct shape *element)
{
    if (!begin_item(report, path, json, shape))
        return;
    text_add_string(&report->items, subject);
    text_add_string(&report->items, " must satisfy constraint: ");
    constraint_describe_all(&report->items, element);
}

static void
check_elements(struct report *report, const struct path *path, const cJSON *json,
    const struct shape *shape)
{
    size_t index = 1;

    if (!is_composed(shape->element)) {
        if (any_element_violates(json, shape->element))
            report_elements(report, path, json, shape,
                shape->kind == SHAPE_MAP ? "Map value" : "Member", shape->element);
        return;
    }
    for (const cJSON *item = json->child; item != NULL && report->count < ITEMS_MAX;
         item = item->next, index++) {
        const struct path at = {
            .above = path,
            .key = shape->kind == SHAPE_MAP ? item->string : NULL,
            .index = index,
        };

        check_value(report, &at, item, shape->element);
    }
}

static void
check_value(struct report *report, const struct path *path, const cJSON *json,
    const struct shape *shape)
{
    check_constraints(report, path, json, shape);
    if (shape->kind == SHAPE_STRUCTURE)
        check_structure(report, path, json, shape);
    if (shape->kind == SHAPE_MAP && any_key_violates(json, shape->key))
        report_elements(report, path, json, shape, "Map keys", shape->key);
    if (shape->kind == SHAPE_LIST || shape->kind == SHAPE_MAP)
        check_elements(report, path, json, shape);
}

/* The items one by one. */
static cJSON *
list_items(struct report *report)
{
    cJSON *list = cJSON_CreateArray();

    report->begins[report->count] = report->items.length + strlen(SEPARATOR);
    for (unsigned i = 0; i < report->count; i++) {
        report->items.bytes[report->begins[i + 1] - strlen(SEPARATOR)] = '\0';
        cJSON_AddItemToArray(list, cJSON_CreateString(report->items.bytes + report->begins[i]));
    }
    return list;
}

enum fit
validate(cJSON *input, const struct shape *shape, struct findings *findings)
{
    struct conformance conformance = { { 0 }, NULL };
    struct text made = { 0 };
    struct report report = { 0 };
    bool conforms;

    *findings = (struct findings){ NULL, NULL, NULL };
    if (!cJSON_IsObject(input) && !cJSON_IsArray(input))
        return WRONG_TYPE; /* observed (Athena): one bare scalar is refused without a word */
    conforms = conform(input, shape, &conformance);
    findings->ignored = conformance.ignored;
    findings->message = conformance.why.bytes;
    if (!conforms)
        return WRONG_TYPE;
    check_structure(&report, NULL, input, shape);
    if (report.count == 0)
        return FITS;
    text_add_format(&made, "%u validation error%s detected: ", report.count,
        report.count > 1 ? "s" : "");
    text_add_string(&made, report.items.bytes);
    findings->message = made.bytes;
    findings->violations = list_items(&report);
    free(report.items.bytes);
    return VIOLATION;
}

void
findings_free(struct findings *findings)
{
    free(findings->message);
    cJSON_Delete(findings->violations);
    cJSON_Delete(findings->ignored);
}
