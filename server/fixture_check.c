/* The form of a fixture: its table, and whether a JSON text has it. */

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../state/arn.h"
#include "../state/clock.h"
#include "../state/instant.h"
#include "fixture_inside.h"
#include "model/json.h"
#include "model/model.h"
#include "model/validate.h"

#define COUNT_MAX 1e9

#define OF_SHAPE(name) &shape_##name, NULL
#define OF_OBJECT(name) NULL, #name
#define OF_LIST(name) NULL, #name
#define OF_MOMENT(name) NULL, NULL
#define OF_COUNT(name) NULL, NULL
#define OF_RATIO(name) NULL, NULL
#define OF_FLAG(name) NULL, NULL
#define OF_WORD(name) NULL, NULL
#define OF_ANY(name) NULL, NULL
#define NEEDED true
#define OPTIONAL false

const struct fixture_member fixture_members[] = {
#define MEMBER(object, name, kind, of, need, help) \
    { #object, #name, MEMBER_##kind, OF_##kind(of), need, help },
#include "fixture.def"
#undef MEMBER
};
const size_t fixture_member_count = sizeof fixture_members / sizeof fixture_members[0];

static const struct fixture_names names[] = {
    { "accounts", account_is_valid, "^[0-9]{12}$", "an account is twelve digits" },
    { "regions", region_is_valid, "^[a-z0-9-]{1,63}$",
        "a region is of lower-case letters, digits and '-'" },
};

const struct fixture_names *
fixture_names_of(const char *object)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].object, object) == 0)
            return &names[i];
    return NULL;
}

/* ---- faults ------------------------------------------------------------- */

static void
print_place(const struct place *place, char *out, size_t size)
{
    size_t used;

    if (place == NULL)
        return;
    print_place(place->above, out, size);
    used = strlen(out);
    if (place->member == NULL)
        snprintf(out + used, size - used, "[%zu]", place->index);
    else
        snprintf(out + used, size - used, "%s%s", used == 0 ? "" : ".", place->member);
}

bool
fixture_refuse(struct fixture_fault *fault, const struct place *place, const char *format, ...)
{
    va_list args;
    size_t used;

    fault->message[0] = '\0';
    print_place(place, fault->message, sizeof fault->message);
    used = strlen(fault->message);
    if (used > 0)
        used += (size_t)snprintf(fault->message + used, sizeof fault->message - used, ": ");
    if (used < sizeof fault->message) {
        va_start(args, format);
        vsnprintf(fault->message + used, sizeof fault->message - used, format, args);
        va_end(args);
    }
    return false;
}

/* ---- values ------------------------------------------------------------- */

/* Structures of the API may be written in lowerCamelCase, as everything else here is. */
static void
raise_names(cJSON *item, const struct shape *shape)
{
    cJSON *child;

    if (shape->kind == SHAPE_LIST && cJSON_IsArray(item))
        cJSON_ArrayForEach(child, item) raise_names(child, shape->element);
    if (shape->kind != SHAPE_STRUCTURE || !cJSON_IsObject(item))
        return;
    cJSON_ArrayForEach(child, item) for (size_t i = 0; i < shape->member_count; i++)
    {
        const char *name = shape->members[i].name;

        if (strcmp(child->string + 1, name + 1) == 0 &&
            toupper((unsigned char)child->string[0]) == name[0]) {
            child->string[0] = name[0];
            raise_names(child, shape->members[i].shape);
        }
    }
}

static bool
check_shape(struct fixture_fault *fault, const struct place *place, cJSON *item,
    const struct shape *shape)
{
    static const char here[] = "at '': ";
    struct findings findings = { 0 };
    char *why = NULL;
    bool fits;

    raise_names(item, shape);
    fits = output_fits(item, shape, &why);
    if (!fits)
        fixture_refuse(fault, place, "%s",
            strncmp(why, here, sizeof here - 1) == 0 ? why + sizeof here - 1 : why);
    free(why);
    if (fits && shape->kind == SHAPE_STRUCTURE) {
        validate(item, shape, &findings); /* for its numbers: they become what the service reads */
        findings_free(&findings);
    }
    return fits;
}

static bool
check_number(struct fixture_fault *fault, const struct place *place, const cJSON *item,
    enum member_kind kind)
{
    double value;

    if (kind == MEMBER_RATIO)
        return (json_number(item, &value) && value >= 0 && value <= 1) ||
               fixture_refuse(fault, place, "must be a number from 0 to 1");
    return (json_number(item, &value) && value >= 0 && value <= COUNT_MAX &&
               value == (double)(int64_t)value) ||
           fixture_refuse(fault, place, "must be a whole number from 0 to %.0f", COUNT_MAX);
}

static bool
check_moment(struct fixture_fault *fault, const struct place *place, const cJSON *item)
{
    int64_t ms;

    return (cJSON_IsString(item) && instant_parse(item->valuestring, &ms) && ms > 0 &&
               ms <= CLOCK_END_MS) ||
           fixture_refuse(fault, place,
               "must be a moment after 1970, such as 2026-11-23T10:00:00.000Z");
}

static bool
check_value(struct fixture_fault *fault, const struct place *place, cJSON *item,
    const struct fixture_member *member)
{
    switch (member->kind) {
    case MEMBER_SHAPE:
        return check_shape(fault, place, item, member->shape);
    case MEMBER_OBJECT:
        return fixture_check(fault, place, item, member->of);
    case MEMBER_LIST:
        return cJSON_IsArray(item) || fixture_refuse(fault, place, "must be a list");
    case MEMBER_MOMENT:
        return check_moment(fault, place, item);
    case MEMBER_COUNT:
    case MEMBER_RATIO:
        return check_number(fault, place, item, member->kind);
    case MEMBER_FLAG:
        return cJSON_IsBool(item) || fixture_refuse(fault, place, "must be true or false");
    case MEMBER_WORD:
        return cJSON_IsString(item) || fixture_refuse(fault, place, "must be a string");
    case MEMBER_ANY:
        break;
    }
    return true;
}

/* ---- objects ------------------------------------------------------------ */

static const struct fixture_member *
find_member(const char *object, const char *name)
{
    for (size_t i = 0; i < fixture_member_count; i++)
        if (strcmp(fixture_members[i].object, object) == 0 &&
            (strcmp(fixture_members[i].name, name) == 0 ||
                strcmp(fixture_members[i].name, "*") == 0))
            return &fixture_members[i];
    return NULL;
}

static bool
refuse_member(struct fixture_fault *fault, const struct place *place, const char *object)
{
    char known[512] = "";
    size_t used = 0;

    for (size_t i = 0; i < fixture_member_count && used < sizeof known; i++)
        if (strcmp(fixture_members[i].object, object) == 0)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
                used == 0 ? "" : ", ", fixture_members[i].name);
    return fixture_refuse(fault, place, "there is no such member; there are: %s", known);
}

static bool
has_needed(struct fixture_fault *fault, const struct place *place, const cJSON *item,
    const char *object)
{
    for (size_t i = 0; i < fixture_member_count; i++) {
        const struct fixture_member *member = &fixture_members[i];

        if (member->needed && strcmp(member->object, object) == 0 &&
            cJSON_GetObjectItemCaseSensitive(item, member->name) == NULL)
            return fixture_refuse(fault, place, "'%s' is missing", member->name);
    }
    return true;
}

bool
fixture_check(struct fixture_fault *fault, const struct place *place, cJSON *item,
    const char *object)
{
    const struct fixture_names *rule = fixture_names_of(object);
    cJSON *child;

    if (!cJSON_IsObject(item))
        return fixture_refuse(fault, place, "must be an object");
    cJSON_ArrayForEach(child, item)
    {
        const struct fixture_member *member = find_member(object, child->string);
        const struct place at = { .above = place, .member = child->string };

        if (member == NULL)
            return refuse_member(fault, &at, object);
        if (rule != NULL && !rule->fit(child->string))
            return fixture_refuse(fault, &at, "%s", rule->words);
        if (!check_value(fault, &at, child, member))
            return false;
    }
    return has_needed(fault, place, item, object);
}
