#include "policy.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "../../state/base/glob.h"
#include "policy_language.h"

/* A request, as one document looks at it. */
struct look {
    const struct policy_request *request;
    bool unclear; /* what is not understood counts as this: it fits a Deny, but no Allow */
    struct policy_key own[4]; /* the keys that follow from the request */
    char role[ARN_TEXT_SIZE], action[128];
    struct policy_arn resource;
};

static void
lower(char *text)
{
    for (; *text != '\0'; text++)
        *text = (char)tolower((unsigned char)*text);
}

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

/*
 * IAM, *Global condition context keys*. Of a session, aws:PrincipalArn is "the ARN of the role, not
 * the ARN of the user that assumed the role"; guess: a role without a path. No service ever calls.
 */
static void
find_own_keys(struct look *look)
{
    const struct policy_request *request = look->request;
    const char *principal = request->principal, *owner = NULL, *role;
    struct policy_arn caller;
    size_t length;

    if (policy_arn_split(&caller, principal) && (role = session_role(&caller, &length)) != NULL) {
        snprintf(look->role, sizeof look->role, "arn:%s:iam::%s:role/%.*s",
            caller.part[ARN_PARTITION], caller.part[ARN_ACCOUNT], (int)length, role);
        principal = look->role;
    }
    if (policy_arn_split(&look->resource, request->resource))
        owner = look->resource.part[ARN_ACCOUNT];
    look->own[0] = (struct policy_key){ "aws:PrincipalArn", principal };
    look->own[1] = (struct policy_key){ "aws:PrincipalAccount", request->account };
    look->own[2] = (struct policy_key){ "aws:PrincipalIsAWSService", "false" };
    look->own[3] = (struct policy_key){ "aws:ResourceAccount", owner };
}

/* The next value of the key; *at begins as 0. IAM: "Context key names are not case-sensitive." */
static const char *
next_key_value(const struct look *look, const char *name, size_t *at)
{
    const struct policy_request *request = look->request;

    while (*at < COUNT(look->own) + request->key_count) {
        size_t i = (*at)++;
        const struct policy_key *key =
            i < COUNT(look->own) ? &look->own[i] : &request->keys[i - COUNT(look->own)];

        if (strcasecmp(key->name, name) == 0 && key->value != NULL)
            return key->value;
    }
    return NULL;
}

/*
 * ${aws:username} and its like, which are not filled in. That before 2012-10-17 they are plain text is
 * not worth a difference.
 */
static bool
has_variable(const cJSON *values)
{
    for (const cJSON *at = NULL; (at = policy_value_next(values, at)) != NULL;)
        if (cJSON_IsString(at) && strstr(at->valuestring, "${") != NULL)
            return true;
    return false;
}

/* IAM, *Grammar*: "Quotation marks are optional for numeric and Boolean values." */
static bool
any_value_matches(const struct policy_operator *with, const cJSON *wanted, const char *value)
{
    for (const cJSON *at = NULL; (at = policy_value_next(wanted, at)) != NULL;) {
        char made[32] = "";
        const char *text = made;

        if (cJSON_IsString(at))
            text = at->valuestring;
        else if (cJSON_IsBool(at))
            text = cJSON_IsTrue(at) ? "true" : "false";
        else if (cJSON_IsNumber(at))
            snprintf(made, sizeof made, "%.15g", at->valuedouble);
        if (with->matches(text, value))
            return true;
    }
    return false;
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

    if (test->operation->matches == NULL || has_variable(wanted))
        return look->unclear;
    while ((value = next_key_value(look, wanted->string, &at)) != NULL) {
        bool passes = any_value_matches(test->operation, wanted, value) !=
                      (test->operation->sense == NEGATED);

        any = any || passes;
        all = all && passes;
        exists = true;
    }
    if (test->operation->sense == EXISTENCE)
        return any_value_matches(test->operation, wanted, exists ? "false" : "true");
    if (!exists && test->if_exists)
        return true;
    if (test->quantifier == ONE_VALUE)
        return test->operation->sense == NEGATED ? all : any;
    return test->quantifier == ALL_VALUES ? all : any;
}

/* An operator that is not known here, or a value that IAM would not store, is unclear. */
static bool
operator_passes(const struct look *look, const cJSON *keys)
{
    struct policy_test test;

    if (!policy_test_parse(&test, keys->string) || !cJSON_IsObject(keys))
        return look->unclear;
    for (const cJSON *key = keys->child; key != NULL; key = key->next)
        if (!key_passes(look, &test, key))
            return false;
    return true;
}

static bool
conditions_pass(const struct look *look, const cJSON *condition)
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

static bool
any_glob_matches(const cJSON *globs, const char *text, bool unclear)
{
    for (const cJSON *at = NULL; (at = policy_value_next(globs, at)) != NULL;) {
        bool understood = cJSON_IsString(at) && !has_variable(at);

        if (understood ? glob_matches(at->valuestring, text) : unclear)
            return true;
    }
    return false;
}

/* Action or NotAction, Resource or NotResource: exactly one of the two. */
static bool
element_fits(const struct look *look, const cJSON *statement, const char *name,
    const char *not_name, const char *text)
{
    const cJSON *globs = policy_member(statement, name);
    const cJSON *not_globs = policy_member(statement, not_name);

    if ((globs == NULL) == (not_globs == NULL))
        return look->unclear;
    if (globs != NULL)
        return any_glob_matches(globs, text, look->unclear);
    return !any_glob_matches(not_globs, text, !look->unclear);
}

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

/* IAM, *Action*: case does not matter, so that of the pattern is taken away as that of the request was. */
static void
lower_actions(const cJSON *statement)
{
    static const char *const names[] = { "Action", "NotAction" };

    for (size_t i = 0; i < COUNT(names); i++)
        for (const cJSON *at = NULL;
             (at = policy_value_next(policy_member(statement, names[i]), at)) != NULL;)
            if (cJSON_IsString(at))
                lower(at->valuestring);
}

/* Whatever is no Allow is a Deny. The case of Effect matters as little as in policy_check.c. */
static enum policy_verdict
evaluate_statement(struct look *look, const cJSON *statement)
{
    const cJSON *effect = policy_member(statement, "Effect");
    bool allows = cJSON_IsString(effect) && strcasecmp(effect->valuestring, "Allow") == 0;

    look->unclear = !allows;
    lower_actions(statement);
    if (principal_fits(look, statement) &&
        element_fits(look, statement, "Action", "NotAction", look->action) &&
        element_fits(look, statement, "Resource", "NotResource", look->request->resource) &&
        conditions_pass(look, policy_member(statement, "Condition")))
        return allows ? POLICY_ALLOWS : POLICY_DENIES;
    return POLICY_SILENT;
}

/* IAM, *Policy evaluation logic*: one statement that denies outweighs all that allow. */
enum policy_verdict
policy_evaluate(const char *document, const struct policy_request *request)
{
    struct look look = { .request = request };
    cJSON *json = json_parse(document, strlen(document), NULL);
    enum policy_verdict verdict = cJSON_IsObject(json) ? POLICY_SILENT : POLICY_DENIES;

    find_own_keys(&look);
    snprintf(look.action, sizeof look.action, "%s", request->action);
    lower(look.action);
    for (const cJSON *at = NULL;
         (at = policy_value_next(policy_member(json, "Statement"), at)) != NULL;) {
        enum policy_verdict said = evaluate_statement(&look, at);

        if (said > verdict)
            verdict = said;
    }
    cJSON_Delete(json);
    return verdict;
}
