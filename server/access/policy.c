#include "policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../state/base/memory.h"
#include "policy_language.h"

/* How near a statement that did not speak came to it. */
enum nearness { NOT_NEAR, NAMES_ACTION, NAMES_RESOURCE };

#define OWN_KEYS 6

/* The keys that follow from the request: found when the first key is asked for. */
struct own {
    bool found;
    struct policy_key keys[OWN_KEYS];
    char role[ARN_TEXT_SIZE];
    struct policy_arn resource;
};

/* A request, as one document looks at it. */
struct look {
    const struct policy_request *request;
    bool has_variables; /* of its version */
    bool unclear;       /* what is not understood counts as this: it fits a Deny, but no Allow */
    struct own *own;
    struct text *missed; /* NULL: nobody asks */
    enum nearness nearest;
    unsigned statement;
};

/* ---- keys ------------------------------------------------------------------------ */

/* The role of an assumed-role session, without its path, which the session does not tell. */
static const char *
session_role(const struct policy_arn *caller, size_t *length)
{
    const char *role = NULL;

    if (policy_arn_has(caller, ARN_SERVICE, "sts"))
        role = policy_after(caller->part[ARN_RESOURCE], "assumed-role/");
    if (role != NULL)
        *length = strcspn(role, "/");
    return role;
}

/* IAM, *Policy variables*: the name of a user, without its path; roles and the root have none. */
static const char *
user_name(const struct policy_request *request)
{
    const char *user = strstr(request->principal, ":user/");

    return user == NULL ? NULL : strrchr(user, '/') + 1;
}

/* IAM, *Global condition context keys*: aws:PrincipalType. */
static const char *
principal_type(const struct policy_request *request)
{
    if (strstr(request->principal, ":assumed-role/") != NULL ||
        strstr(request->principal, ":role/") != NULL)
        return "AssumedRole";
    return strstr(request->principal, ":root") != NULL ? "Account" : "User";
}

/*
 * IAM, *Global condition context keys*. Of a session, aws:PrincipalArn is "the ARN of the role, not
 * the ARN of the user that assumed the role"; guess: where only the session is known, a role without a
 * path. No service ever calls.
 */
static void
find_own_keys(struct own *own, const struct policy_request *request)
{
    const char *principal = request->principal, *owner = NULL, *role;
    struct policy_arn caller;
    size_t length;

    if (request->role != NULL) {
        principal = request->role;
    } else if (policy_arn_split(&caller, principal) &&
               (role = session_role(&caller, &length)) != NULL) {
        snprintf(own->role, sizeof own->role, "arn:%s:iam::%s:role/%.*s",
            caller.part[ARN_PARTITION], caller.part[ARN_ACCOUNT], (int)length, role);
        principal = own->role;
    }
    if (request->resource != NULL && policy_arn_split(&own->resource, request->resource))
        owner = own->resource.part[ARN_ACCOUNT];
    own->found = true;
    own->keys[0] = (struct policy_key){ "aws:PrincipalArn", principal };
    own->keys[1] = (struct policy_key){ "aws:PrincipalAccount", request->account };
    own->keys[2] = (struct policy_key){ "aws:PrincipalIsAWSService", "false" };
    own->keys[3] = (struct policy_key){ "aws:ResourceAccount", owner };
    own->keys[4] = (struct policy_key){ "aws:username", user_name(request) };
    own->keys[5] = (struct policy_key){ "aws:PrincipalType", principal_type(request) };
}

/* The next value of the key; *at begins as 0. IAM: "Context key names are not case-sensitive." */
static const char *
next_key_value(const struct look *look, const char *name, size_t *at)
{
    const struct policy_request *request = look->request;
    size_t count = OWN_KEYS + request->key_count;

    if (!look->own->found)
        find_own_keys(look->own, request);
    while (*at < count) {
        size_t i = (*at)++;
        const struct policy_key *key =
            i < OWN_KEYS ? &look->own->keys[i] : &request->keys[i - OWN_KEYS];

        if (strcasecmp(key->name, name) == 0 && key->value != NULL)
            return key->value;
    }
    if (*at == count && request->late != NULL) {
        (*at)++;
        return request->late(request->context, name);
    }
    return NULL;
}

/* ---- variables -------------------------------------------------------------------- */

/* The only value of the key; NULL when there is none, or more than one. */
static const char *
only_value(const struct look *look, const char *name)
{
    size_t at = 0;
    const char *value = next_key_value(look, name, &at);

    return value == NULL || next_key_value(look, name, &at) != NULL ? NULL : value;
}

/* In a glob, wildcards that come out of a variable are literal. */
static void
add_value(struct text *out, const char *value, bool glob)
{
    for (; *value != '\0'; value++) {
        char c = *value;

        if (glob && (c == '*' || c == '?'))
            c = c == '*' ? POLICY_LITERAL_STAR : POLICY_LITERAL_MARK;
        text_add(out, &c, 1);
    }
}

/* "name" or "name, 'default'", between the braces. False when it has no value. */
static bool
add_variable(const struct look *look, struct text *out, const char *variable, size_t length,
    bool glob)
{
    char name[256], otherwise[256] = "";
    const char *quote = memchr(variable, '\'', length), *value;
    size_t named = strcspn(variable, ",'}");

    if (length == 1 && strchr("*?$", *variable) != NULL) { /* IAM: "${*}", "${?}" and "${$}" */
        snprintf(name, sizeof name, "%c", *variable);
        add_value(out, name, glob);
        return true;
    }
    while (named > 0 && variable[named - 1] == ' ')
        named--;
    if (named >= sizeof name || length >= sizeof otherwise)
        return false;
    snprintf(name, sizeof name, "%.*s", (int)named, variable);
    value = only_value(look, name);
    if (value == NULL && quote != NULL) {
        const char *end = memchr(quote + 1, '\'', length - (size_t)(quote + 1 - variable));

        if (end == NULL)
            return false;
        snprintf(otherwise, sizeof otherwise, "%.*s", (int)(end - quote - 1), quote + 1);
        value = otherwise;
    }
    if (value == NULL)
        return false;
    add_value(out, value, glob);
    return true;
}

/* Fills in the variables of a text. NULL when one has no value: guess, the text then matches nothing. */
static const char *
filled_in(const struct look *look, const char *text, bool glob, struct text *room)
{
    const char *begin, *end;

    if (!look->has_variables || strstr(text, "${") == NULL)
        return text;
    while ((begin = strstr(text, "${")) != NULL && (end = strchr(begin, '}')) != NULL) {
        text_add(room, text, (size_t)(begin - text));
        if (!add_variable(look, room, begin + 2, (size_t)(end - begin - 2), glob))
            return NULL;
        text = end + 1;
    }
    text_add_string(room, text);
    return room->bytes == NULL ? "" : room->bytes;
}

/* ---- conditions --------------------------------------------------------------------- */

/* IAM, *Grammar*: "Quotation marks are optional for numeric and Boolean values." */
static bool
any_value_matches(const struct look *look, const struct policy_operator *with, const cJSON *wanted,
    const char *value)
{
    bool matches = false;

    for (const cJSON *at = NULL; !matches && (at = policy_value_next(wanted, at)) != NULL;) {
        struct text room = { 0 };
        char made[32] = "";
        const char *text = made;

        if (cJSON_IsString(at))
            text = filled_in(look, at->valuestring, with->globs, &room);
        else if (cJSON_IsBool(at))
            text = cJSON_IsTrue(at) ? "true" : "false";
        else if (cJSON_IsNumber(at))
            snprintf(made, sizeof made, "%.15g", at->valuedouble);
        matches = text != NULL && with->matches(text, value);
        free(room.bytes);
    }
    return matches;
}

/*
 * IAM, *Condition operators*: of a key that is not in the request, "the condition is false", but if it
 * "requires that the key is not matched … the condition is true"; IfExists makes it true in any case.
 * IAM, *Multivalued context keys*: ForAllValues is true of no value at all, ForAnyValue is not.
 */
static bool
key_passes(const struct look *look, const struct policy_test *test, const cJSON *wanted)
{
    bool any = false, all = true, exists = false;
    const char *value;
    size_t at = 0;

    while ((value = next_key_value(look, wanted->string, &at)) != NULL) {
        bool passes = any_value_matches(look, test->operation, wanted, value) !=
                      (test->operation->sense == NEGATED);

        any = any || passes;
        all = all && passes;
        exists = true;
    }
    if (test->operation->sense == EXISTENCE)
        return any_value_matches(look, test->operation, wanted, exists ? "false" : "true");
    if (!exists && test->if_exists)
        return true;
    if (test->quantifier == ONE_VALUE)
        return test->operation->sense == NEGATED ? all : any;
    return test->quantifier == ALL_VALUES ? all : any;
}

/* Says of a condition that failed what it wanted and what there was. */
static void
miss_condition(struct look *look, const char *operation, const cJSON *wanted)
{
    char *printed;
    const char *value;
    size_t at = 0;

    if (look->missed == NULL || look->nearest == NAMES_RESOURCE)
        return;
    look->nearest = NAMES_RESOURCE;
    printed = memory_made(cJSON_PrintUnformatted(wanted));
    free(look->missed->bytes);
    *look->missed = (struct text){ 0 };
    text_add_format(look->missed, "statement %u: ", look->statement);
    text_add_string(look->missed, operation);
    text_add_string(look->missed, " wants ");
    text_add_string(look->missed, wanted->string);
    text_add_string(look->missed, " to be ");
    text_add_string(look->missed, printed);
    value = next_key_value(look, wanted->string, &at);
    text_add_string(look->missed, value == NULL ? ", and it is not there" : ", and it is");
    for (; value != NULL; value = next_key_value(look, wanted->string, &at)) {
        text_add_string(look->missed, " ");
        text_add_string(look->missed, value);
    }
    cJSON_free(printed);
}

/* An operator that is not known here, or a value that IAM would not store, is unclear. */
static bool
operator_passes(struct look *look, const cJSON *keys)
{
    struct policy_test test;

    if (!policy_test_parse(&test, keys->string) || !cJSON_IsObject(keys))
        return look->unclear;
    for (const cJSON *key = keys->child; key != NULL; key = key->next)
        if (!key_passes(look, &test, key)) {
            miss_condition(look, keys->string, key);
            return false;
        }
    return true;
}

static bool
conditions_pass(struct look *look, const cJSON *condition)
{
    if (condition == NULL)
        return true;
    if (!cJSON_IsObject(condition))
        return look->unclear;
    for (const cJSON *keys = condition->child; keys != NULL; keys = keys->next)
        if (!operator_passes(look, keys))
            return false;
    return true;
}

/* ---- actions and resources ------------------------------------------------------------ */

static char
lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* IAM, *Action*: "The prefix and the action name are case insensitive." */
static bool
action_matches(const char *glob, const char *action)
{
    char rest[256], *out = rest;

    for (; *glob != '*' && *glob != '?'; glob++, action++) {
        if (lower(*glob) != lower(*action))
            return false;
        if (*glob == '\0')
            return true;
    }
    if (strcmp(glob, "*") == 0)
        return true;
    if (strlen(glob) + 1 + strlen(action) + 1 > sizeof rest)
        return false;
    do
        *out++ = lower(*glob);
    while (*glob++ != '\0');
    const char *wanted = out;
    do
        *out++ = lower(*action);
    while (*action++ != '\0');
    return policy_glob_matches(rest, wanted);
}

static bool
is_action(const struct look *look, const char *glob)
{
    return action_matches(glob, look->request->action);
}

static bool
is_resource(const struct look *look, const char *glob)
{
    struct text room = { 0 };
    const char *filled = filled_in(look, glob, true, &room);
    bool matches = filled != NULL && policy_glob_matches(filled, look->request->resource);

    free(room.bytes);
    return matches;
}

static bool
any_matches(const struct look *look, const cJSON *globs,
    bool (*matches)(const struct look *, const char *), bool unclear)
{
    for (const cJSON *at = NULL; (at = policy_value_next(globs, at)) != NULL;)
        if (cJSON_IsString(at) ? matches(look, at->valuestring) : unclear)
            return true;
    return false;
}

/* Action or NotAction, Resource or NotResource: exactly one of the two. */
static bool
element_fits(const struct look *look, const cJSON *statement, const char *name,
    const char *not_name, bool (*matches)(const struct look *, const char *))
{
    const cJSON *globs = policy_member(statement, name);
    const cJSON *not_globs = policy_member(statement, not_name);

    if ((globs == NULL) == (not_globs == NULL))
        return look->unclear;
    if (globs != NULL)
        return any_matches(look, globs, matches, look->unclear);
    return !any_matches(look, not_globs, matches, !look->unclear);
}

/* The trust policy of a role is about that role, and names no resource. */
static bool
resource_fits(struct look *look, const cJSON *statement)
{
    bool fits = look->request->resource == NULL ||
                element_fits(look, statement, "Resource", "NotResource", is_resource);

    if (!fits && look->missed != NULL && look->nearest == NOT_NEAR) {
        look->nearest = NAMES_ACTION;
        text_add_format(look->missed, "statement %u is for other resources", look->statement);
    }
    return fits;
}

/* ---- principals -------------------------------------------------------------------------- */

/* IAM, *Principal*: a role stands for all of its sessions. */
static bool
is_session_of(const struct policy_arn *caller, const struct policy_arn *role)
{
    size_t length;
    const char *name = session_role(caller, &length);
    const char *path = policy_after(role->part[ARN_RESOURCE], "role/");

    if (name == NULL || path == NULL || !policy_arn_has(role, ARN_SERVICE, "iam"))
        return false;
    if (strrchr(path, '/') != NULL)
        path = strrchr(path, '/') + 1;
    return strlen(path) == length && strncmp(path, name, length) == 0;
}

/*
 * IAM, *Principal*: the number and the root of an account "behave the same way", and do "not limit
 * permissions to only the root user". Ours: who calls as the root is every principal of its account,
 * since without authentication nothing but the account is known.
 */
static bool
is_named_by(const struct look *look, const char *text)
{
    const struct policy_request *request = look->request;
    struct policy_arn named, caller;

    if (strcmp(text, "*") == 0 || strcmp(text, request->account) == 0 ||
        strcmp(text, request->principal) == 0)
        return true;
    if (!policy_arn_split(&named, text) || !policy_arn_has(&named, ARN_ACCOUNT, request->account) ||
        !policy_arn_split(&caller, request->principal))
        return false;
    if (request->role != NULL && policy_after(named.part[ARN_RESOURCE], "role/") != NULL)
        return strcmp(text, request->role) == 0;
    return policy_arn_has(&named, ARN_RESOURCE, "root") ||
           policy_arn_has(&caller, ARN_RESOURCE, "root") || is_session_of(&caller, &named);
}

/* Services, federated and canonical users never call here. */
static bool
any_principal_matches(const struct look *look, const cJSON *principal, bool unclear)
{
    const cJSON *names = cJSON_IsObject(principal) ? policy_member(principal, "AWS") : principal;

    if (cJSON_IsString(principal) && strcmp(principal->valuestring, "*") != 0)
        return unclear;
    for (const cJSON *at = NULL; (at = policy_value_next(names, at)) != NULL;)
        if (cJSON_IsString(at) ? is_named_by(look, at->valuestring) : unclear)
            return true;
    return false;
}

/* IAM, *Principal*: in an identity-based policy it "is implicitly the identity where [it] is attached". */
static bool
principal_fits(const struct look *look, const cJSON *statement)
{
    const cJSON *named = policy_member(statement, "Principal");
    const cJSON *others = policy_member(statement, "NotPrincipal");

    if (named != NULL && others != NULL)
        return look->unclear;
    if (others != NULL)
        return !any_principal_matches(look, others, !look->unclear);
    return named == NULL || any_principal_matches(look, named, look->unclear);
}

/* ---- documents ------------------------------------------------------------------------------ */

/* Whatever is no Allow is a Deny. The case of Effect matters as little as in policy_check.c. */
static enum policy_verdict
evaluate_statement(struct look *look, const cJSON *statement)
{
    const char *effect = cJSON_GetStringValue(policy_member(statement, "Effect"));
    bool allows = effect != NULL && strcasecmp(effect, "Allow") == 0;
    struct text *missed = look->missed;
    bool fits;

    look->unclear = !allows;
    if (!allows)
        look->missed = NULL; /* a Deny that does not speak keeps nobody out */
    fits = element_fits(look, statement, "Action", "NotAction", is_action) &&
           principal_fits(look, statement) && resource_fits(look, statement) &&
           conditions_pass(look, policy_member(statement, "Condition"));
    look->missed = missed;
    if (!fits)
        return POLICY_SILENT;
    return allows ? POLICY_ALLOWS : POLICY_DENIES;
}

static bool
has_variables(const cJSON *document)
{
    const char *version = cJSON_GetStringValue(policy_member(document, "Version"));

    return version != NULL && strcmp(version, "2012-10-17") == 0;
}

/* IAM, *Policy evaluation logic*: one statement that denies outweighs all that allow. */
struct policy_saying
policy_say(const cJSON *document, const struct policy_request *request, struct text *missed)
{
    struct own own;
    struct look look = { .request = request, .missed = missed, .own = &own };
    struct policy_saying saying = { .verdict = POLICY_DENIES };

    if (!cJSON_IsObject(document))
        return saying;
    saying.verdict = POLICY_SILENT;
    look.has_variables = has_variables(document);
    own.found = false;
    for (const cJSON *at = NULL;
         (at = policy_value_next(policy_member(document, "Statement"), at)) != NULL;) {
        enum policy_verdict said;

        look.statement++;
        said = evaluate_statement(&look, at);
        if (said > saying.verdict)
            saying = (struct policy_saying){ said, look.statement,
                cJSON_GetStringValue(policy_member(at, "Sid")), false };
    }
    saying.asked_a_key = own.found;
    return saying;
}

enum policy_verdict
policy_evaluate(const char *document, const struct policy_request *request)
{
    cJSON *json = json_parse(document, strlen(document), NULL);
    enum policy_verdict verdict = policy_say(json, request, NULL).verdict;

    cJSON_Delete(json);
    return verdict;
}
