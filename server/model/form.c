#include "form.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/arn.h"
#include "../../state/base/duration.h"
#include "../../state/base/instant.h"
#include "../json/json.h"

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

/* "'error.status' must be …." Always false. */
static bool __attribute__((format(printf, 4, 5))) refuse(struct form_fault *fault,
    enum form_fault_kind kind, const struct place *place, const char *format, ...)
{
    FILE *out = fmemopen(fault->message, sizeof fault->message, "w");
    va_list args;

    if (out == NULL)
        abort();
    fault->kind = kind;
    fputc('\'', out);
    if (place == NULL)
        fputs("the body", out);
    else
        print_place(place, out);
    fputs("' ", out);
    va_start(args, format);
    vfprintf(out, format, args);
    va_end(args);
    fclose(out);
    return false;
}

static bool
refuse_type(struct form_fault *fault, const struct place *place, const char *right)
{
    return refuse(fault, FORM_WRONG_TYPE, place, "must be %s.", right);
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
    return refuse(fault, FORM_WRONG_VALUE, place, "must be one of: %s.", list);
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
    return refuse(fault, FORM_UNKNOWN_MEMBER, place, "is no member here; known: %s.",
        *known == '\0' ? "none" : known);
}

/* ---- values ------------------------------------------------------------- */

static bool check_object(const struct form *, const char *object, const cJSON *item,
    struct form_fault *, const struct place *);

/* Infinite where the range says nothing. */
static void
read_range(const char *of, double *least, double *most, bool *above)
{
    const char *to = strstr(of, "..");

    *above = *of == '>';
    *least = *of == '\0' || to == of ? -INFINITY : strtod(of + *above, NULL);
    *most = to == NULL || to[2] == '\0' ? INFINITY : strtod(to + 2, NULL);
}

static bool
check_number(const struct form_member *member, const cJSON *item, struct form_fault *fault,
    const struct place *place)
{
    const char *what = member->kind == VALUE_COUNT ? "a whole number" : "a number";
    double value, least, most;
    bool above;

    if (!json_number(item, &value))
        return refuse_type(fault, place, what);
    read_range(member->of, &least, &most, &above);
    if ((member->kind != VALUE_COUNT || value == floor(value)) && value >= least && value <= most &&
        !(above && value == least))
        return true;
    if (isinf(most))
        return refuse(fault, FORM_WRONG_VALUE, place, "must be %s %s %.15g.", what,
            above ? "above" : "from", least);
    return refuse(fault, FORM_WRONG_VALUE, place, "must be %s %s %.15g %s %.15g.", what,
        above ? "above" : "from", least, above ? "and at most" : "to", most);
}

static bool
check_choice(const struct form *form, const struct form_member *member, const cJSON *item,
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
check_text(const struct form_member *member, const cJSON *item, struct form_fault *fault,
    const struct place *place)
{
    int64_t ms;

    switch (cJSON_IsString(item) ? member->kind : VALUE_TEXT) {
    case VALUE_DURATION:
        return duration_parse(item->valuestring, &ms) ||
               refuse_type(fault, place, "a duration such as 250ms, 5s, 10m or 1h30m");
    case VALUE_MOMENT:
        return instant_parse(item->valuestring, &ms) ||
               refuse_type(fault, place, "a moment such as 2026-11-23T10:00:00.000Z");
    case VALUE_ACCOUNT:
        return account_is_valid(item->valuestring) ||
               refuse(fault, FORM_WRONG_VALUE, place, "must be twelve digits.");
    default:
        return cJSON_IsString(item) || refuse_type(fault, place, "a string");
    }
}

static bool
check_list(const struct form *form, const struct form_member *member, const cJSON *list,
    struct form_fault *fault, const struct place *place)
{
    struct place at = { .above = place };
    const cJSON *item;

    if (!cJSON_IsArray(list))
        return refuse_type(fault, place, "a list");
    cJSON_ArrayForEach(item, list)
    {
        if (member->kind == VALUE_LIST && !check_object(form, member->of, item, fault, &at))
            return false;
        if (member->kind == VALUE_TEXTS && !cJSON_IsString(item))
            return refuse_type(fault, &at, "a string");
        at.index++;
    }
    return true;
}

static bool
check_value(const struct form *form, const struct form_member *member, const cJSON *item,
    struct form_fault *fault, const struct place *place)
{
    switch (member->kind) {
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
has_needed(const struct form *form, const char *object, const cJSON *item, struct form_fault *fault,
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
                       : refuse(fault, FORM_MISSING, &at, "is missing: %s.", member->help);
    }
    return true;
}

static bool
check_object(const struct form *form, const char *object, const cJSON *item,
    struct form_fault *fault, const struct place *place)
{
    const cJSON *child;

    if (!cJSON_IsObject(item))
        return refuse_type(fault, place, "an object");
    cJSON_ArrayForEach(child, item)
    {
        const struct form_member *member = find_member(form, object, child->string);
        const struct place at = { .above = place, .member = child->string };

        if (member == NULL)
            return refuse_member(form, object, fault, &at);
        if (!(member->need == NULLABLE && cJSON_IsNull(child)) &&
            !check_value(form, member, child, fault, &at))
            return false;
    }
    return has_needed(form, object, item, fault, place);
}

bool
form_check(const struct form *form, const char *object, const cJSON *item, struct form_fault *fault)
{
    return check_object(form, object, item, fault, NULL);
}

/* ---- as JSON Schema ----------------------------------------------------- */

static cJSON *
typed(const char *type)
{
    cJSON *schema = cJSON_CreateObject();

    cJSON_AddStringToObject(schema, "type", type);
    return schema;
}

static cJSON *
text_schema(const char *name, const char *value)
{
    cJSON *schema = typed("string");

    cJSON_AddStringToObject(schema, name, value);
    return schema;
}

static cJSON *
number_schema(const struct form_member *member)
{
    cJSON *schema = typed(member->kind == VALUE_COUNT ? "integer" : "number");
    double least, most;
    bool above;

    read_range(member->of, &least, &most, &above);
    if (!isinf(least))
        cJSON_AddNumberToObject(schema, above ? "exclusiveMinimum" : "minimum", least);
    if (!isinf(most))
        cJSON_AddNumberToObject(schema, "maximum", most);
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
    case VALUE_TEXT:
        return typed("string");
    case VALUE_NUMBER:
    case VALUE_COUNT:
        return number_schema(member);
    case VALUE_FLAG:
        return typed("boolean");
    case VALUE_DURATION:
        return text_schema("pattern", "^(?!$)([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$");
    case VALUE_MOMENT:
        return text_schema("format", "date-time");
    case VALUE_ACCOUNT:
        return text_schema("pattern", "^[0-9]{12}$");
    case VALUE_ID:
        return text_schema("pattern", "^[0-9]+$");
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

    if (member->need == NULLABLE && member->kind != VALUE_ANY) {
        either = cJSON_CreateObject();
        choices = cJSON_AddArrayToObject(either, "anyOf");
        cJSON_AddItemToArray(choices, schema);
        cJSON_AddItemToArray(choices, typed("null"));
        schema = either;
    }
    cJSON_AddStringToObject(schema, "description", member->help);
    return schema;
}

cJSON *
form_schema(const struct form *form, const char *object, const char *references)
{
    cJSON *schema = typed("object"), *properties = cJSON_CreateObject(),
          *required = cJSON_CreateArray(), *others = cJSON_CreateFalse();

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
    return schema;
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
