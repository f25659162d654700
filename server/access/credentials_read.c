#include "credentials_read.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../state/base/arn.h"
#include "../../state/base/array.h"
#include "../../state/base/instant.h"
#include "../json/tree.h"
#include "policy_check.h"
#include "policy_language.h"

#define SECONDS_MIN 3600 /* IAM API Reference, CreateRole: MaxSessionDuration */
#define SECONDS_MAX 43200

enum object { FILE_OBJECT, USER_OBJECT, ROLE_OBJECT, MANAGED_OBJECT };

enum kind {
    USERS_KIND,
    ROLES_KIND,
    MANAGED_KIND,
    POLICY_ARN_KIND,
    KEY_KIND,
    TEXT_KIND,
    INSTANT_KIND,
    ACCOUNT_KIND,
    ARN_KIND,
    ROLE_ARN_KIND,
    POLICY_KIND,
    POLICIES_KIND,
    TRUST_KIND,
    TAGS_KIND,
    SECONDS_KIND,
};

static const struct member {
    enum object object;
    const char *name;
    enum kind kind;
    bool required;
    const char *help;
} members[] = {
#define REQUIRED true
#define OPTIONAL false
#define CREDENTIAL(object, name, kind, required, help) \
    { object##_OBJECT, name, kind##_KIND, required, help },
#include "credentials.def"
#undef CREDENTIAL
#undef REQUIRED
#undef OPTIONAL
};

/* Where the reader is, and what is wrong there. */
struct reader {
    char place[128];
    char *why;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static bool
refuse(struct reader *reader, const char *format, ...)
{
    char text[320];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    snprintf(reader->why, reader->size, "%s%s%s", reader->place, *reader->place == '\0' ? "" : ": ",
        text);
    return false;
}

/* Goes to "NAME" or "[INDEX]" below; what it answers is where to go back to. */
static size_t
go_to(struct reader *reader, const char *name)
{
    size_t length = strlen(reader->place);

    snprintf(reader->place + length, sizeof reader->place - length, "%s%s",
        length == 0 || *name == '[' ? "" : ".", name);
    return length;
}

static size_t
go_to_element(struct reader *reader, unsigned index)
{
    char text[16];

    snprintf(text, sizeof text, "[%u]", index);
    return go_to(reader, text);
}

/* ---- values ---------------------------------------------------------------- */

static bool
check_text(struct reader *reader, const cJSON *value)
{
    return (cJSON_IsString(value) && *value->valuestring != '\0') ||
           refuse(reader, "must be a string, and not empty");
}

/* IAM API Reference, AccessKey: 16 to 128 of \w; twelve digits name an account, as everywhere here. */
static bool
check_key(struct reader *reader, const cJSON *value)
{
    const char *text = cJSON_IsString(value) ? value->valuestring : "";
    size_t length = strlen(text);

    return (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
                   length &&
               ((length >= 16 && length <= 128) || account_is_valid(text))) ||
           refuse(reader, "must be 16 to 128 letters, digits and _, or twelve digits");
}

static bool
check_instant(struct reader *reader, const cJSON *value)
{
    int64_t ms;

    return (cJSON_IsString(value) && instant_parse(value->valuestring, &ms)) ||
           refuse(reader, "must be a moment such as 2026-11-23T10:00:00.000Z");
}

static bool
check_account(struct reader *reader, const cJSON *value)
{
    return (cJSON_IsString(value) && account_is_valid(value->valuestring)) ||
           refuse(reader, "must be twelve digits");
}

static bool
check_arn(struct reader *reader, const cJSON *value)
{
    return (cJSON_IsString(value) && policy_is_principal(value->valuestring)) ||
           refuse(reader, "must be the ARN of a user, a role, a session or the root of an account");
}

static bool
check_role_arn(struct reader *reader, const cJSON *value)
{
    return (cJSON_IsString(value) && policy_is_principal(value->valuestring) &&
               strstr(value->valuestring, ":role/") != NULL) ||
           refuse(reader, "must be the ARN of a role");
}

/* IAM User Guide, *IAM identifiers*: those of AWS have no account. */
static bool
check_policy_arn(struct reader *reader, const cJSON *value)
{
    struct policy_arn parts;
    const char *text = cJSON_IsString(value) ? value->valuestring : "";
    const char *name = policy_arn_split(&parts, text) && policy_arn_has(&parts, ARN_SERVICE, "iam")
                           ? policy_after(parts.part[ARN_RESOURCE], "policy/")
                           : NULL;

    return (name != NULL && *name != '\0' &&
               (account_is_valid(parts.part[ARN_ACCOUNT]) ||
                   policy_arn_has(&parts, ARN_ACCOUNT, "aws"))) ||
           refuse(reader, "must be the ARN of a managed policy");
}

static bool
check_policy(struct reader *reader, const cJSON *value, enum policy_kind kind)
{
    char why[256];

    return policy_json_is_well_formed(value, kind, NULL, why, sizeof why) ||
           refuse(reader, "%s", why);
}

static bool
check_policies(struct reader *reader, const cJSON *value)
{
    const cJSON *policy;
    unsigned index = 0;

    if (!cJSON_IsArray(value))
        return refuse(reader, "must be a list of policy documents");
    cJSON_ArrayForEach(policy, value)
    {
        size_t back = go_to_element(reader, index++);

        if (!check_policy(reader, policy, POLICY_OF_IDENTITY))
            return false;
        reader->place[back] = '\0';
    }
    return true;
}

static bool
check_tags(struct reader *reader, const cJSON *value)
{
    const cJSON *tag;

    if (!cJSON_IsObject(value))
        return refuse(reader, "must be an object of strings");
    cJSON_ArrayForEach(tag, value) if (!cJSON_IsString(tag)) return refuse(reader,
        "must be an object of strings");
    return true;
}

static bool
check_seconds(struct reader *reader, const cJSON *value)
{
    double seconds = cJSON_IsNumber(value) ? value->valuedouble : 0;

    return (seconds >= SECONDS_MIN && seconds <= SECONDS_MAX && seconds == floor(seconds)) ||
           refuse(reader, "must be a whole number from %d to %d", SECONDS_MIN, SECONDS_MAX);
}

/* ---- objects --------------------------------------------------------------- */

static bool check_list(struct reader *reader, const cJSON *value, enum object object);

static bool
check_value(struct reader *reader, const cJSON *value, enum kind kind)
{
    switch (kind) {
    case USERS_KIND:
        return check_list(reader, value, USER_OBJECT);
    case ROLES_KIND:
        return check_list(reader, value, ROLE_OBJECT);
    case MANAGED_KIND:
        return check_list(reader, value, MANAGED_OBJECT);
    case POLICY_ARN_KIND:
        return check_policy_arn(reader, value);
    case KEY_KIND:
        return check_key(reader, value);
    case INSTANT_KIND:
        return check_instant(reader, value);
    case ACCOUNT_KIND:
        return check_account(reader, value);
    case ARN_KIND:
        return check_arn(reader, value);
    case ROLE_ARN_KIND:
        return check_role_arn(reader, value);
    case POLICY_KIND:
        return check_policy(reader, value, POLICY_OF_IDENTITY);
    case TRUST_KIND:
        return check_policy(reader, value, POLICY_OF_TRUST);
    case POLICIES_KIND:
        return check_policies(reader, value);
    case TAGS_KIND:
        return check_tags(reader, value);
    case SECONDS_KIND:
        return check_seconds(reader, value);
    default:
        return check_text(reader, value);
    }
}

static const struct member *
member_named(enum object object, const char *name)
{
    for (size_t i = 0; i < COUNT(members); i++)
        if (members[i].object == object && strcmp(members[i].name, name) == 0)
            return &members[i];
    return NULL;
}

static bool
account_is_of_arn(const cJSON *object)
{
    const char *account = text_of(object, "account"), *arn = text_of(object, "arn");
    struct policy_arn parts;

    return account == NULL || arn == NULL ||
           (policy_arn_split(&parts, arn) && policy_arn_has(&parts, ARN_ACCOUNT, account));
}

static bool
check_object(struct reader *reader, const cJSON *value, enum object object)
{
    if (!cJSON_IsObject(value))
        return refuse(reader, "must be an object");
    for (const cJSON *item = value->child; item != NULL; item = item->next) {
        const struct member *member = member_named(object, item->string);
        size_t back = go_to(reader, item->string);

        if (member == NULL)
            return refuse(reader, "there is no such member here");
        if (!check_value(reader, item, member->kind))
            return false;
        reader->place[back] = '\0';
    }
    for (size_t i = 0; i < COUNT(members); i++)
        if (members[i].object == object && members[i].required &&
            member_of(value, members[i].name) == NULL)
            return refuse(reader, "%s is missing", members[i].name);
    return account_is_of_arn(value) || refuse(reader, "arn is of another account");
}

/* What no two of a list have in common. */
static bool
is_first(const cJSON *list, const cJSON *element, const char *name)
{
    const char *text = text_of(element, name);
    const cJSON *other;

    cJSON_ArrayForEach(other, list)
    {
        const char *found = text_of(other, name);

        if (other == element)
            return true;
        if (text != NULL && found != NULL && strcmp(text, found) == 0)
            return false;
    }
    return true;
}

static bool
check_list(struct reader *reader, const cJSON *value, enum object object)
{
    const char *name = object == USER_OBJECT ? "accessKeyId" : "arn";
    const cJSON *element;
    unsigned index = 0;

    if (!cJSON_IsArray(value))
        return refuse(reader, "must be a list");
    cJSON_ArrayForEach(element, value)
    {
        size_t back = go_to_element(reader, index++);

        if (!check_object(reader, element, object))
            return false;
        if (!is_first(value, element, name))
            return refuse(reader, "%s is that of another entry", name);
        reader->place[back] = '\0';
    }
    return true;
}

bool
credentials_are_well_formed(const cJSON *json, char *why, size_t size)
{
    struct reader reader = { .size = size };

    reader.why = why;
    return check_object(&reader, json, FILE_OBJECT);
}

/* ---- the schema ------------------------------------------------------------ */

static cJSON *object_schema(enum object object);

static cJSON *
list_of(cJSON *element)
{
    cJSON *schema = cJSON_CreateObject();

    tree_set_text(schema, "type", "array");
    cJSON_AddItemToObject(schema, "items", element);
    return schema;
}

static cJSON *
text_like(const char *pattern)
{
    cJSON *schema = cJSON_CreateObject();

    tree_set_text(schema, "type", "string");
    tree_set_text(schema, "pattern", pattern);
    return schema;
}

static cJSON *
policy_schema(void)
{
    cJSON *schema = cJSON_CreateObject();

    tree_set_text(schema, "type", "object");
    cJSON_AddItemToArray(tree_set_list(schema, "required"), cJSON_CreateString("Statement"));
    return schema;
}

static cJSON *
value_schema(enum kind kind)
{
    cJSON *schema;

    switch (kind) {
    case USERS_KIND:
        return list_of(object_schema(USER_OBJECT));
    case ROLES_KIND:
        return list_of(object_schema(ROLE_OBJECT));
    case MANAGED_KIND:
        return list_of(object_schema(MANAGED_OBJECT));
    case POLICY_ARN_KIND:
        return text_like("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+$");
    case KEY_KIND:
        return text_like("^([A-Za-z0-9_]{16,128}|[0-9]{12})$");
    case INSTANT_KIND:
        schema = text_like(NULL);
        tree_set_text(schema, "format", "date-time");
        return schema;
    case ACCOUNT_KIND:
        return text_like("^[0-9]{12}$");
    case ARN_KIND:
        return text_like("^arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:"
                         "(root|user/.+|role/.+|assumed-role/.+/.+|federated-user/.+)$");
    case ROLE_ARN_KIND:
        return text_like("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$");
    case POLICY_KIND:
    case TRUST_KIND:
        return policy_schema();
    case POLICIES_KIND:
        return list_of(policy_schema());
    case TAGS_KIND:
        schema = cJSON_CreateObject();
        tree_set_text(schema, "type", "object");
        tree_set_text(tree_set_object(schema, "additionalProperties"), "type", "string");
        return schema;
    case SECONDS_KIND:
        schema = cJSON_CreateObject();
        tree_set_text(schema, "type", "integer");
        tree_set_int(schema, "minimum", SECONDS_MIN);
        tree_set_int(schema, "maximum", SECONDS_MAX);
        return schema;
    default:
        return text_like(".");
    }
}

static cJSON *
object_schema(enum object object)
{
    cJSON *schema = cJSON_CreateObject(), *properties, *required;

    tree_set_text(schema, "type", "object");
    cJSON_AddFalseToObject(schema, "additionalProperties");
    required = tree_set_list(schema, "required");
    properties = tree_set_object(schema, "properties");
    for (size_t i = 0; i < COUNT(members); i++) {
        cJSON *value;

        if (members[i].object != object)
            continue;
        value = value_schema(members[i].kind);
        tree_set_text(value, "description", members[i].help);
        cJSON_AddItemToObject(properties, members[i].name, value);
        if (members[i].required)
            cJSON_AddItemToArray(required, cJSON_CreateString(members[i].name));
    }
    return schema;
}

cJSON *
credentials_schema(void)
{
    cJSON *schema = object_schema(FILE_OBJECT);

    cJSON_AddItemToObject(schema, "$schema",
        cJSON_CreateString("https://json-schema.org/draft/2020-12/schema"));
    return schema;
}
