/*
 * What PutProjectPolicy takes. "Project policies" is the Custom Labels Guide, *Creating a project policy
 * document*. What a document was refused for says at its place how that rule is known.
 */
#include "policy_check.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "../../state/resource.h"
#include "../../state/base/evidence.h"
#include "policy_language.h"

#define COPY_ACTION "rekognition:CopyProjectVersion"

struct check {
    enum policy_kind kind;
    const char *project;
    size_t project_length; /* up to its name: versions are tied to that, not to the stamp */
    const cJSON *statements;
    unsigned statement; /* the one that is looked at, from 1 */
    char *why;
    size_t size;
};

__attribute__((format(printf, 3, 4))) static bool
refuse(struct check *check, enum evidence evidence, const char *rule, ...)
{
    char where[32] = "", text[160];
    va_list arguments;

    if (check->statement > 0)
        snprintf(where, sizeof where, "statement %u: ", check->statement);
    va_start(arguments, rule);
    vsnprintf(text, sizeof text, rule, arguments);
    va_end(arguments);
    snprintf(check->why, check->size, "%s%s (%s)", where, text, evidence_name(evidence));
    return false;
}

/* A member that an object may have. Its check is only called when it is there. */
struct rule {
    const char *name;
    bool required;
    bool (*check)(struct check *, const cJSON *value);
};

/* Guess: what no page names is refused, and so is "effect" for "Effect". */
static bool
check_members(struct check *check, const cJSON *object, const struct rule *rules, size_t count)
{
    for (const cJSON *item = object->child; item != NULL; item = item->next) {
        size_t i = 0;

        while (i < count && strcmp(rules[i].name, item->string) != 0)
            i++;
        if (i == count)
            return refuse(check, GUESSED, "there is a member that no policy has");
        if (!rules[i].check(check, item))
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if (rules[i].required && policy_member(object, rules[i].name) == NULL)
            return refuse(check, DOCUMENTED, "%s is missing", rules[i].name);
    return true;
}

/* A text, or a list of at least one, all of which fit. */
static bool
each_is(const cJSON *values, bool (*fits)(const struct check *, const char *),
    const struct check *check)
{
    if (cJSON_IsArray(values) && values->child == NULL)
        return false;
    for (const cJSON *at = NULL; (at = policy_value_next(values, at)) != NULL;)
        if (!cJSON_IsString(at) || !fits(check, at->valuestring))
            return false;
    return true;
}

static bool
is_resource_of_iam(const struct policy_arn *parts)
{
    const char *resource = parts->part[ARN_RESOURCE], *session;

    if (policy_arn_has(parts, ARN_SERVICE, "iam"))
        return strcmp(resource, "root") == 0 || policy_after(resource, "user/") ||
               policy_after(resource, "role/");
    if (!policy_arn_has(parts, ARN_SERVICE, "sts"))
        return false;
    if (policy_after(resource, "federated-user/"))
        return true;
    return (session = policy_after(resource, "assumed-role/")) != NULL && *session != '/' &&
           (session = strchr(session, '/')) != NULL && session[1] != '\0';
}

/*
 * IAM, *Principal*: an account (its number or its root), a user, a role, a session of either kind,
 * or everyone; no group, and "You cannot use a wildcard to match part of a principal name or ARN."
 * Guess: nobody looks whether the principal exists. The "principal" that a sample of PutProjectPolicy
 * has in this place stands for one of these.
 */
static bool
is_aws_principal(const struct check *check, const char *text)
{
    struct policy_arn parts;

    (void)check;
    if (strcmp(text, "*") == 0 || account_is_valid(text))
        return true;
    return strpbrk(text, "*?") == NULL && policy_arn_split(&parts, text) &&
           (policy_arn_has(&parts, ARN_PARTITION, "aws") ||
               policy_after(parts.part[ARN_PARTITION], "aws-")) &&
           policy_arn_has(&parts, ARN_REGION, "") && account_is_valid(parts.part[ARN_ACCOUNT]) &&
           is_resource_of_iam(&parts);
}

/*
 * Services, federated and canonical users. Guess: project policies take them, as their page says that
 * principals are not restricted; and but for wildcards, what they look like does not matter.
 */
static bool
is_other_principal(const struct check *check, const char *text)
{
    (void)check;
    return *text != '\0' && strpbrk(text, " *?") == NULL;
}

bool
policy_is_principal(const char *arn)
{
    return strncmp(arn, "arn:", 4) == 0 && is_aws_principal(NULL, arn);
}

/* Documented: "Action, Resource, Principal, and Effect are required fields". IAM, *Grammar*: the map. */
static bool
check_principal(struct check *check, const cJSON *value)
{
    if (cJSON_IsString(value) && strcmp(value->valuestring, "*") == 0)
        return true;
    if (!cJSON_IsObject(value) || value->child == NULL)
        return refuse(check, DOCUMENTED, "Principal is neither \"*\" nor a map");
    for (const cJSON *item = value->child; item != NULL; item = item->next) {
        if (strcmp(item->string, "AWS") == 0) {
            if (!each_is(item, is_aws_principal, check))
                return refuse(check, DOCUMENTED,
                    "an AWS principal is no account, user, role or session");
        } else if (strcmp(item->string, "Service") == 0 || strcmp(item->string, "Federated") == 0 ||
                   strcmp(item->string, "CanonicalUser") == 0) {
            if (!each_is(item, is_other_principal, check))
                return refuse(check, GUESSED,
                    "a principal that is not of AWS is empty or has a wildcard");
        } else {
            return refuse(check, DOCUMENTED, "there is a kind of principal that IAM does not have");
        }
    }
    return true;
}

/*
 * Project policies: the text asks for ALLOW or DENY, the sample below it has "Allow". So the case does
 * not matter here, though in IAM "The Effect value is case sensitive."
 */
static bool
check_any_effect(struct check *check, const cJSON *value)
{
    return (cJSON_IsString(value) && (strcasecmp(value->valuestring, "Allow") == 0 ||
                                         strcasecmp(value->valuestring, "Deny") == 0)) ||
           refuse(check, DOCUMENTED, "Effect is neither Allow nor Deny");
}

static bool
check_effect(struct check *check, const cJSON *value)
{
    return (cJSON_IsString(value) && (strcmp(value->valuestring, "Allow") == 0 ||
                                         strcmp(value->valuestring, "Deny") == 0)) ||
           refuse(check, DOCUMENTED, "Effect is neither Allow nor Deny");
}

/* IAM, *Action*: "service:action", with wildcards anywhere in the action, or "*" alone. */
static bool
is_any_action(const struct check *check, const char *text)
{
    const char *colon = strchr(text, ':');

    (void)check;
    return strcmp(text, "*") == 0 ||
           (colon != NULL && colon > text && colon[1] != '\0' && strpbrk(text, " /") == NULL);
}

static bool
check_any_action(struct check *check, const cJSON *value)
{
    return each_is(value, is_any_action, check) ||
           refuse(check, DOCUMENTED, "%s is no service:action", value->string);
}

/* IAM, *Resource*: "*", or an ARN with wildcards and variables in it. */
static bool
is_any_resource(const struct check *check, const char *text)
{
    unsigned colons = 0;

    (void)check;
    for (const char *at = text; (at = strchr(at, ':')) != NULL; at++)
        colons++;
    return strcmp(text, "*") == 0 || (strncmp(text, "arn:", 4) == 0 && colons >= 5) ||
           strpbrk(text, "*$") != NULL;
}

static bool
check_any_resource(struct check *check, const cJSON *value)
{
    return each_is(value, is_any_resource, check) ||
           refuse(check, DOCUMENTED, "%s is neither * nor an ARN", value->string);
}

/* IAM, *Action*: "The prefix and the action name are case insensitive." */
static bool
is_copy_action(const struct check *check, const char *text)
{
    (void)check;
    return strcasecmp(text, COPY_ACTION) == 0;
}

/* "The only supported action is rekognition:CopyProjectVersion", which leaves no room for wildcards. */
static bool
check_action(struct check *check, const cJSON *value)
{
    return each_is(value, is_copy_action, check) ||
           refuse(check, DOCUMENTED, "Action is not " COPY_ACTION);
}

static bool
names_versions(const struct check *check, const char *text)
{
    const char *version;
    struct scope scope;

    if (strcmp(text, "*") == 0)
        return true;
    if (strncmp(text, check->project, check->project_length) != 0 ||
        (version = policy_after(text + check->project_length, "/version/")) == NULL)
        return false;
    if (strpbrk(version, "*?") == NULL)
        return resource_of_arn(text, &scope) == RESOURCE_project_version;
    return version[strspn(version, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_.-/*?")] == '\0';
}

/*
 * Documented are two forms: the ARN of a version, and arn:…:project/PROJECT/version/ with a * for all
 * of them. Observed is a third, "*" alone: the example of ListProjectPolicies in AWS's SDK code examples
 * shows a policy with it attached, and a public scanner of policies attaches one in its test; whatever it
 * matches, the policy only ever speaks of the versions of its own project. Guesses: other wildcards are
 * fine in the last place of an ARN, and nowhere else; and the project is the one that the policy is
 * attached to, account and region included, as a policy for another one would be without effect. Against
 * this last guess, the samples are careless: one has an account in Resource that is not the one of
 * ProjectArn.
 */
static bool
check_resource(struct check *check, const cJSON *value)
{
    return each_is(value, names_versions, check) ||
           refuse(check, GUESSED, "Resource is neither * nor a version of this project");
}

/* IAM, *Grammar*: "string", "number" or "Boolean", or a list of these. Guess: not an empty one. */
static bool
are_condition_values(const cJSON *values)
{
    if (cJSON_IsArray(values) && values->child == NULL)
        return false;
    for (const cJSON *at = NULL; (at = policy_value_next(values, at)) != NULL;)
        if (!cJSON_IsString(at) && !cJSON_IsNumber(at) && !cJSON_IsBool(at))
            return false;
    return true;
}

/* Guess: project policies may have conditions, as no page forbids what IAM has. */
static bool
check_condition(struct check *check, const cJSON *value)
{
    struct policy_test test;

    if (!cJSON_IsObject(value))
        return refuse(check, DOCUMENTED, "Condition is no object");
    for (const cJSON *item = value->child; item != NULL; item = item->next) {
        if (!policy_test_parse(&test, item->string))
            return refuse(check, DOCUMENTED, "Condition has an operator that IAM does not have");
        if (!cJSON_IsObject(item))
            return refuse(check, DOCUMENTED, "an operator of Condition has no map of keys");
        for (const cJSON *key = item->child; key != NULL; key = key->next) {
            if (strchr(key->string, ':') == NULL)
                return refuse(check, GUESSED, "a condition key has no prefix");
            if (!are_condition_values(key))
                return refuse(check, DOCUMENTED,
                    "a condition key has no value to be compared with");
        }
    }
    return true;
}

/*
 * IAM, *Sid*: "must be unique within a JSON policy". Any character will do: "some services allow
 * additional characters such as spaces". Guess: an empty one is none.
 */
static bool
check_sid(struct check *check, const cJSON *value)
{
    unsigned same = 0;

    if (!cJSON_IsString(value))
        return refuse(check, DOCUMENTED, "Sid is no string");
    for (const cJSON *at = NULL; (at = policy_value_next(check->statements, at)) != NULL;) {
        const cJSON *sid = policy_member(at, "Sid");

        same += cJSON_IsString(sid) && strcmp(sid->valuestring, value->valuestring) == 0;
    }
    return same == 1 || *value->valuestring == '\0' ||
           refuse(check, DOCUMENTED, "Sid is the one of another statement");
}

/* Project policies: "NotAction, NotResource, and NotPrincipal are prohibited fields". */
static bool
check_prohibited(struct check *check, const cJSON *value)
{
    return refuse(check, DOCUMENTED, "%s is prohibited", value->string);
}

/* IAM, *Grammar*: "Principal, NotPrincipal" and so on exclude each other. */
static bool
has_one_of(struct check *check, const cJSON *statement, const char *name, const char *not_name)
{
    bool has = policy_member(statement, name) != NULL;
    bool has_not = policy_member(statement, not_name) != NULL;

    if (has != has_not)
        return true;
    return has ? refuse(check, DOCUMENTED, "%s and %s exclude each other", name, not_name)
               : refuse(check, DOCUMENTED, "%s is missing", name);
}

static const struct rule rules_of_project[] = {
    { "Sid", false, check_sid },
    { "Effect", true, check_any_effect },
    { "Principal", true, check_principal },
    { "Action", true, check_action },
    { "Resource", true, check_resource },
    { "Condition", false, check_condition },
    { "NotPrincipal", false, check_prohibited },
    { "NotAction", false, check_prohibited },
    { "NotResource", false, check_prohibited },
};

static const struct rule rules_of_identity[] = {
    { "Sid", false, check_sid },
    { "Effect", true, check_effect },
    { "Action", false, check_any_action },
    { "NotAction", false, check_any_action },
    { "Resource", false, check_any_resource },
    { "NotResource", false, check_any_resource },
    { "Condition", false, check_condition },
    { "Principal", false, check_prohibited },
    { "NotPrincipal", false, check_prohibited },
};

static const struct rule rules_of_trust[] = {
    { "Sid", false, check_sid },
    { "Effect", true, check_effect },
    { "Principal", false, check_principal },
    { "NotPrincipal", false, check_principal },
    { "Action", false, check_any_action },
    { "NotAction", false, check_any_action },
    { "Condition", false, check_condition },
    { "Resource", false, check_prohibited },
    { "NotResource", false, check_prohibited },
};

static bool
check_statement(struct check *check, const cJSON *statement)
{
    if (check->kind == POLICY_OF_PROJECT)
        return check_members(check, statement, rules_of_project, COUNT(rules_of_project));
    if (check->kind == POLICY_OF_TRUST)
        return check_members(check, statement, rules_of_trust, COUNT(rules_of_trust)) &&
               has_one_of(check, statement, "Principal", "NotPrincipal") &&
               has_one_of(check, statement, "Action", "NotAction");
    return check_members(check, statement, rules_of_identity, COUNT(rules_of_identity)) &&
           has_one_of(check, statement, "Action", "NotAction") &&
           has_one_of(check, statement, "Resource", "NotResource");
}

static bool
check_statements(struct check *check, const cJSON *value)
{
    if (cJSON_IsArray(value) && value->child == NULL)
        return refuse(check, DOCUMENTED, "there is no statement");
    check->statements = value;
    for (const cJSON *at = NULL; (at = policy_value_next(value, at)) != NULL;) {
        check->statement++;
        if (!cJSON_IsObject(at))
            return refuse(check, DOCUMENTED, "it is no object");
        if (!check_statement(check, at))
            return false;
    }
    check->statement = 0;
    return true;
}

/*
 * IAM, *Grammar*: optional, and one of these two. All samples of project policies have 2012-10-17,
 * but none of their pages requires it.
 */
static bool
check_version(struct check *check, const cJSON *value)
{
    return (cJSON_IsString(value) && (strcmp(value->valuestring, "2012-10-17") == 0 ||
                                         strcmp(value->valuestring, "2008-10-17") == 0)) ||
           refuse(check, DOCUMENTED, "Version is neither 2012-10-17 nor 2008-10-17");
}

/* IAM, *Grammar*: "The id_block is optional in resource-based policies." */
static bool
check_id(struct check *check, const cJSON *value)
{
    return cJSON_IsString(value) || refuse(check, DOCUMENTED, "Id is no string");
}

bool
policy_json_is_well_formed(const cJSON *json, enum policy_kind kind, const char *project_arn,
    char *why, size_t size)
{
    static const struct rule rules[] = {
        { "Version", false, check_version },
        { "Id", false, check_id },
        { "Statement", true, check_statements },
    };
    struct check check = { .kind = kind, .project = project_arn, .size = size };
    const char *stamp = project_arn == NULL ? NULL : strrchr(project_arn, '/');

    check.why = why;
    if (stamp != NULL)
        check.project_length = (size_t)(stamp - project_arn);
    if (!cJSON_IsObject(json))
        return refuse(&check, DOCUMENTED, "it is no JSON object, or has two members of one name");
    return check_members(&check, json, rules, COUNT(rules));
}

bool
policy_is_well_formed(const char *document, const char *project_arn, char *why, size_t size)
{
    cJSON *json = json_parse(document, strlen(document), NULL);
    bool fine = policy_json_is_well_formed(json, POLICY_OF_PROJECT, project_arn, why, size);

    cJSON_Delete(json);
    return fine;
}
