#include "policy_language.h"

#include <string.h>
#include <strings.h>

#include "../../state/base/glob.h"

/* ---- values and ARNs ---- */

const cJSON *
policy_member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

/*
 * IAM, *Grammar*: "If the element takes an array but only one value is included, the brackets are
 * optional." The `next` of a value that is no list would be the next member of its object.
 */
const cJSON *
policy_value_next(const cJSON *values, const cJSON *at)
{
    if (cJSON_IsArray(values))
        return at == NULL ? values->child : at->next;
    return at == NULL ? values : NULL;
}

bool
policy_arn_split(struct policy_arn *arn, const char *text)
{
    size_t length = strlen(text);
    char *at;

    if (length >= sizeof arn->text)
        return false;
    at = memcpy(arn->text, text, length + 1);
    for (int i = ARN_PREFIX; i < ARN_RESOURCE; i++) {
        arn->part[i] = at;
        if ((at = strchr(at, ':')) == NULL)
            return false;
        *at++ = '\0';
    }
    arn->part[ARN_RESOURCE] = at;
    return policy_arn_has(arn, ARN_PREFIX, "arn");
}

bool
policy_arn_has(const struct policy_arn *arn, int part, const char *text)
{
    return strcmp(arn->part[part], text) == 0;
}

const char *
policy_after(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);

    return strncmp(text, prefix, length) == 0 && text[length] != '\0' ? text + length : NULL;
}

/* ---- condition operators ---- */

static bool
text_equals(const char *pattern, const char *value)
{
    return strcmp(pattern, value) == 0;
}

static bool
text_equals_any_case(const char *pattern, const char *value)
{
    return strcasecmp(pattern, value) == 0;
}

/*
 * IAM, *Condition operators*: "Each of the six colon-delimited components of the ARN is checked
 * separately and each can include" * and ?; "ArnEquals and ArnLike … behave identically".
 */
static bool
arn_like(const char *pattern, const char *value)
{
    struct policy_arn patterns, values;

    if (!policy_arn_split(&patterns, pattern) || !policy_arn_split(&values, value))
        return false;
    for (int i = 0; i < ARN_PARTS; i++)
        if (!glob_matches(patterns.part[i], values.part[i]))
            return false;
    return true;
}

/* Documented: all operators there are (IAM, *Condition operators*). */
static const struct policy_operator operators[] = {
    { "StringEquals", text_equals, PLAIN },
    { "StringNotEquals", text_equals, NEGATED },
    { "StringEqualsIgnoreCase", text_equals_any_case, PLAIN },
    { "StringNotEqualsIgnoreCase", text_equals_any_case, NEGATED },
    { "StringLike", glob_matches, PLAIN },
    { "StringNotLike", glob_matches, NEGATED },
    { "ArnEquals", arn_like, PLAIN },
    { "ArnNotEquals", arn_like, NEGATED },
    { "ArnLike", arn_like, PLAIN },
    { "ArnNotLike", arn_like, NEGATED },
    { "Bool", text_equals_any_case, PLAIN },
    { "Null", text_equals_any_case, EXISTENCE },
    { "NumericEquals", NULL, PLAIN },
    { "NumericNotEquals", NULL, NEGATED },
    { "NumericLessThan", NULL, PLAIN },
    { "NumericLessThanEquals", NULL, PLAIN },
    { "NumericGreaterThan", NULL, PLAIN },
    { "NumericGreaterThanEquals", NULL, PLAIN },
    { "DateEquals", NULL, PLAIN },
    { "DateNotEquals", NULL, NEGATED },
    { "DateLessThan", NULL, PLAIN },
    { "DateLessThanEquals", NULL, PLAIN },
    { "DateGreaterThan", NULL, PLAIN },
    { "DateGreaterThanEquals", NULL, PLAIN },
    { "BinaryEquals", NULL, PLAIN },
    { "IpAddress", NULL, PLAIN },
    { "NotIpAddress", NULL, NEGATED },
};

static bool
skip_any_case(const char **text, const char *prefix)
{
    size_t length = strlen(prefix);

    if (strncasecmp(*text, prefix, length) != 0)
        return false;
    *text += length;
    return true;
}

/*
 * IAM, *Condition operators*: IfExists goes "to the end of any condition operator name except the
 * Null condition". Guess: the case of the name does not matter.
 */
bool
policy_test_parse(struct policy_test *test, const char *text)
{
    *test = (struct policy_test){ .quantifier = ONE_VALUE };
    if (skip_any_case(&text, "ForAnyValue:"))
        test->quantifier = ANY_VALUE;
    else if (skip_any_case(&text, "ForAllValues:"))
        test->quantifier = ALL_VALUES;
    for (size_t i = 0; i < COUNT(operators); i++) {
        const char *rest = text;

        if (!skip_any_case(&rest, operators[i].name))
            continue;
        test->if_exists = operators[i].sense != EXISTENCE && skip_any_case(&rest, "IfExists");
        if (*rest == '\0') {
            test->operation = &operators[i];
            return true;
        }
    }
    return false;
}
