#include "form.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/arn.h"
#include "../../state/base/duration.h"
#include "../../state/base/instant.h"
#include "../../state/clock.h"
#include "../json/json.h"
#include "model.h"
#include "validate.h"

/* A place in what is checked, on the stack of whoever walks down to it. */
struct place {
    const struct place *above; /* NULL at the top */
    const char *member;        /* NULL: an item of a list */
    int index;
};

bool
form_has(const struct form *form, const char *object)
{
    bool has = *object == '\0';

    for (size_t i = 0; i < form->count && !has; i++)
        has = strcmp(form->members[i].object, object) == 0;
    return has;
}

const struct form_names *
form_names_of(const struct form *form, const char *object)
{
    for (size_t i = 0; i < form->name_count; i++)
        if (strcmp(form->names[i].object, object) == 0)
            return &form->names[i];
    return NULL;
}

/* ---- words of a choice -------------------------------------------------- */

void
form_words_begin(const struct form *form, const struct form_member *member,
    struct form_words *words)
{
    *words = (struct form_words){ .text = member->of };
    if (*member->of == '@') {
        words->list = form->words(member->of + 1);
        assert(words->list != NULL);
    }
}

const char *
form_words_next(struct form_words *words)
{
    int length;

    if (words->list != NULL)
        return *words->list == NULL ? NULL : *words->list++;
    words->text += strspn(words->text, " ");
    length = (int)strcspn(words->text, " ");
    if (length == 0)
        return NULL;
    snprintf(words->word, sizeof words->word, "%.*s", length, words->text);
    words->text += length;
    return words->word;
}

/* ---- faults ------------------------------------------------------------- */

static void
print_place(const struct place *place, FILE *out)
{
    if (place->above != NULL)
        print_place(place->above, out);
    if (place->member == NULL)
        fprintf(out, "[%d]", place->index);
    else
        fprintf(out, "%s%s", place->above == NULL ? "" : ".", place->member);
}

/* Always false. */
static bool __attribute__((format(printf, 4, 5))) refuse(struct form_fault *fault,
    enum form_fault_kind kind, const struct place *place, const char *format, ...)
{
    FILE *out = fmemopen(fault->place, sizeof fault->place, "w");
    va_list args;

    if (out == NULL)
        abort();
    fault->kind = kind;
    *fault->place = '\0';
    if (place != NULL)
        print_place(place, out);
    fclose(out);
    fault->place[sizeof fault->place - 1] = '\0'; /* it may be longer */
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    return false;
}

static bool
refuse_type(struct form_fault *fault, const struct place *place, const char *right)
{
    return refuse(fault, FORM_WRONG_TYPE, place, "must be %s", right);
}

static bool
refuse_choice(const struct form *form, const struct form_member *member, struct form_fault *fault,
    const struct place *place)
{
    char list[768] = "";
    struct form_words words;
    const char *word;
    size_t used = 0;

    form_words_begin(form, member, &words);
    while ((word = form_words_next(&words)) != NULL && used < sizeof list)
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%s", used == 0 ? "" : ", ", word);
    return refuse(fault, FORM_WRONG_VALUE, place, "must be one of: %s", list);
}

static bool
refuse_member(const struct form *form, const char *object, struct form_fault *fault,
    const struct place *place)
{
    char known[768] = "";
    size_t used = 0;

    for (size_t i = 0; i < form->count && used < sizeof known; i++)
        if (strcmp(form->members[i].object, object) == 0)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
                used == 0 ? "" : ", ", form->members[i].name);
    return refuse(fault, FORM_UNKNOWN_MEMBER, place, "is no member here; known: %s",
        *known == '\0' ? "none" : known);
}

/* ---- values ------------------------------------------------------------- */

static bool check_object(const struct form *, const char *object, cJSON *item, struct form_fault *,
    const struct place *);

struct form_range
form_range_of(const struct form_member *member)
{
    const char *to = strstr(member->of, "..");
    struct form_range range = { .least = -INFINITY, .most = INFINITY, .above = *member->of == '>' };

    if (to != NULL && to != member->of)
        range.least = strtod(member->of + range.above, NULL);
    if (to != NULL && to[2] != '\0')
        range.most = strtod(to + 2, NULL);
    return range;
}

static bool
check_number(const struct form_member *member, const cJSON *item, struct form_fault *fault,
    const struct place *place)
{
    const char *what = member->kind == VALUE_COUNT ? "a whole number" : "a number";
    struct form_range range = form_range_of(member);
    double value;

    if (!json_number(item, &value))
        return refuse_type(fault, place, what);
    if ((member->kind != VALUE_COUNT || value == floor(value)) && value >= range.least &&
        value <= range.most && !(range.above && value == range.least))
        return true;
    if (isinf(range.most))
        return refuse(fault, FORM_WRONG_VALUE, place, "must be %s %s %.15g", what,
            range.above ? "above" : "from", range.least);
    return refuse(fault, FORM_WRONG_VALUE, place, "must be %s %s %.15g %s %.15g", what,
        range.above ? "above" : "from", range.least, range.above ? "and at most" : "to",
        range.most);
}

static bool
check_choice(const struct form *form, const struct form_member *member, cJSON *item,
    struct form_fault *fault, const struct place *place)
{
    struct form_words words;
    const char *word;

    if (!cJSON_IsString(item))
        return refuse_type(fault, place, "a string");
    form_words_begin(form, member, &words);
    while ((word = form_words_next(&words)) != NULL)
        if (strcmp(word, item->valuestring) == 0)
            return true;
    return refuse_choice(form, member, fault, place);
}

static bool
check_text(const struct form_member *member, cJSON *item, struct form_fault *fault,
    const struct place *place)
{
    int64_t ms;

    switch (cJSON_IsString(item) ? member->kind : VALUE_TEXT) {
    case VALUE_DURATION:
        return duration_parse(item->valuestring, &ms) ||
               refuse_type(fault, place, "a duration such as 250ms, 5s, 10m or 1h30m");
    case VALUE_MOMENT:
        return (instant_parse(item->valuestring, &ms) &&
                   (*member->of == '\0' || (ms > 0 && ms <= CLOCK_END_MS))) ||
               refuse_type(fault, place,
                   *member->of == '\0' ? "a moment such as 2026-11-23T10:00:00.000Z"
                                       : "a moment after 1970, such as 2026-11-23T10:00:00.000Z");
    case VALUE_ACCOUNT:
        return account_is_valid(item->valuestring) ||
               refuse(fault, FORM_WRONG_VALUE, place, "must be twelve digits");
    default:
        return cJSON_IsString(item) || refuse_type(fault, place, "a string");
    }
}

static bool
check_list(const struct form *form, const struct form_member *member, cJSON *list,
    struct form_fault *fault, const struct place *place)
{
    struct place at = { .above = place };
    cJSON *item;

    if (!cJSON_IsArray(list))
        return refuse_type(fault, place, "a list");
    cJSON_ArrayForEach(item, list)
    {
        if (member->kind == VALUE_LIST && !check_object(form, member->of, item, fault, &at))
            return false;
        if (member->kind == VALUE_TEXTS && !cJSON_IsString(item))
            return refuse_type(fault, &at, "a string");
        at.index++;
        if (form->rest != NULL)
            form->rest(form->resting);
    }
    return true;
}

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
check_shape(const struct shape *shape, cJSON *item, struct form_fault *fault,
    const struct place *place)
{
    static const char here[] = "at '': ";
    struct findings findings = { 0 };
    char *why = NULL;
    bool fits;

    raise_names(item, shape);
    fits = output_fits(item, shape, &why);
    if (!fits)
        refuse(fault, FORM_WRONG_VALUE, place, "%s",
            strncmp(why, here, sizeof here - 1) == 0 ? why + sizeof here - 1 : why);
    free(why);
    if (fits && shape->kind == SHAPE_STRUCTURE) {
        validate(item, shape, &findings); /* for its numbers: they become what the service reads */
        findings_free(&findings);
    }
    return fits;
}

static bool
check_value(const struct form *form, const struct form_member *member, cJSON *item,
    struct form_fault *fault, const struct place *place)
{
    switch (member->kind) {
    case VALUE_SHAPE:
        return check_shape(member->shape, item, fault, place);
    case VALUE_NUMBER:
    case VALUE_COUNT:
        return check_number(member, item, fault, place);
    case VALUE_CHOICE:
        return check_choice(form, member, item, fault, place);
    case VALUE_FLAG:
        return cJSON_IsBool(item) || refuse_type(fault, place, "true or false");
    case VALUE_OBJECT:
        return check_object(form, member->of, item, fault, place);
    case VALUE_LIST:
    case VALUE_TEXTS:
        return check_list(form, member, item, fault, place);
    case VALUE_ANY:
        return true;
    default:
        return check_text(member, item, fault, place);
    }
}

/* ---- objects ------------------------------------------------------------ */

static const struct form_member *
find_member(const struct form *form, const char *object, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->members[i].object, object) == 0 &&
            (strcmp(form->members[i].name, name) == 0 || strcmp(form->members[i].name, "*") == 0))
            return &form->members[i];
    return NULL;
}

static bool
has_needed(const struct form *form, const char *object, cJSON *item, struct form_fault *fault,
    const struct place *place)
{
    for (size_t i = 0; i < form->count; i++) {
        const struct form_member *member = &form->members[i];
        const struct place at = { .above = place, .member = member->name };

        if (member->need != OPTIONAL && strcmp(member->object, object) == 0 &&
            strcmp(member->name, "*") != 0 &&
            cJSON_GetObjectItemCaseSensitive(item, member->name) == NULL)
            return member->kind == VALUE_CHOICE
                       ? refuse_choice(form, member, fault, &at)
                       : refuse(fault, FORM_MISSING, &at, "is missing: %s", member->help);
    }
    return true;
}

static bool
check_object(const struct form *form, const char *object, cJSON *item, struct form_fault *fault,
    const struct place *place)
{
    const struct form_names *names = form_names_of(form, object);
    cJSON *child;

    if (!cJSON_IsObject(item))
        return refuse_type(fault, place, "an object");
    cJSON_ArrayForEach(child, item)
    {
        const struct form_member *member = find_member(form, object, child->string);
        const struct place at = { .above = place, .member = child->string };

        if (member == NULL)
            return refuse_member(form, object, fault, &at);
        if (names != NULL && !names->fit(child->string))
            return refuse(fault, FORM_WRONG_VALUE, &at, "%s", names->words);
        if (!(member->need == NULLABLE && cJSON_IsNull(child)) &&
            !check_value(form, member, child, fault, &at))
            return false;
    }
    return has_needed(form, object, item, fault, place);
}

bool
form_check(const struct form *form, const char *object, cJSON *item, struct form_fault *fault)
{
    return check_object(form, object, item, fault, NULL);
}
