#include "policy_language.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../state/base/glob.h"
#include "../../state/base/instant.h"
#include "../../state/base/memory.h"

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

static bool
has_literal(const char *glob)
{
    return strchr(glob, POLICY_LITERAL_STAR) != NULL || strchr(glob, POLICY_LITERAL_MARK) != NULL;
}

bool
policy_glob_matches(const char *glob, const char *text)
{
    char *mapped;
    bool matches;

    if (!has_literal(glob))
        return glob_matches(glob, text);
    mapped = memory_text(text);
    for (char *at = mapped; *at != '\0'; at++)
        if (*at == '*' || *at == '?')
            *at = *at == '*' ? POLICY_LITERAL_STAR : POLICY_LITERAL_MARK;
    matches = glob_matches(glob, mapped);
    free(mapped);
    return matches;
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
        if (!policy_glob_matches(patterns.part[i], values.part[i]))
            return false;
    return true;
}

/* ---- numbers: what is none matches nothing ---- */

static bool
read_number(const char *text, double *number)
{
    char *end;

    *number = strtod(text, &end);
    return end != text && *end == '\0' && strpbrk(text, "xXnN") == NULL;
}

/* How the value stands to the pattern: -1, 0 or 1; anything else when they cannot be compared. */
#define INCOMPARABLE 2

static int
order_of(double value, double pattern)
{
    return value < pattern ? -1 : value > pattern;
}

static int
compare_numbers(const char *pattern, const char *value)
{
    double wanted, found;

    if (!read_number(pattern, &wanted) || !read_number(value, &found))
        return INCOMPARABLE;
    return order_of(found, wanted);
}

static bool
number_equals(const char *pattern, const char *value)
{
    return compare_numbers(pattern, value) == 0;
}

static bool
number_less(const char *pattern, const char *value)
{
    return compare_numbers(pattern, value) == -1;
}

static bool
number_less_or_equal(const char *pattern, const char *value)
{
    return compare_numbers(pattern, value) <= 0;
}

static bool
number_greater(const char *pattern, const char *value)
{
    return compare_numbers(pattern, value) == 1;
}

static bool
number_greater_or_equal(const char *pattern, const char *value)
{
    int order = compare_numbers(pattern, value);

    return order == 0 || order == 1;
}

/* ---- dates ---- */

/* W3C's profile of ISO 8601, as IAM says: from the year alone to fractions of a second; or seconds since
   1970. */
static bool
read_date(const char *text, int64_t *ms)
{
    static const char rest[] = "0000-01-01T00:00:00Z";
    size_t length = strlen(text);
    char whole[40];

    if (length > 4 && strspn(text, "0123456789") == length) {
        *ms = strtoll(text, NULL, 10) * 1000;
        return length < 13;
    }
    if (length == 4 || length == 7 || length == 10)
        snprintf(whole, sizeof whole, "%s%s", text, rest + length);
    else
        snprintf(whole, sizeof whole, "%s", text);
    return instant_parse(whole, ms);
}

static int
compare_dates(const char *pattern, const char *value)
{
    int64_t wanted, found;

    if (!read_date(pattern, &wanted) || !read_date(value, &found))
        return INCOMPARABLE;
    return found < wanted ? -1 : found > wanted;
}

static bool
date_equals(const char *pattern, const char *value)
{
    return compare_dates(pattern, value) == 0;
}

static bool
date_less(const char *pattern, const char *value)
{
    return compare_dates(pattern, value) == -1;
}

static bool
date_less_or_equal(const char *pattern, const char *value)
{
    return compare_dates(pattern, value) <= 0;
}

static bool
date_greater(const char *pattern, const char *value)
{
    return compare_dates(pattern, value) == 1;
}

static bool
date_greater_or_equal(const char *pattern, const char *value)
{
    int order = compare_dates(pattern, value);

    return order == 0 || order == 1;
}

/* ---- addresses ---- */

/* "203.0.113.0/24", "2001:db8::/32", or one address. */
static bool
address_is_within(const char *pattern, const char *value)
{
    unsigned char network[16], address[16];
    char text[64];
    size_t length = strcspn(pattern, "/");
    int family = memchr(pattern, ':', length) == NULL ? AF_INET : AF_INET6;
    long bits = family == AF_INET ? 32 : 128, wanted = bits;
    char *end = NULL;

    if (length >= sizeof text)
        return false;
    memcpy(text, pattern, length);
    text[length] = '\0';
    if (pattern[length] == '/')
        wanted = strtol(pattern + length + 1, &end, 10);
    if (end != NULL && (*end != '\0' || end == pattern + length + 1))
        return false;
    if (wanted < 0 || wanted > bits || inet_pton(family, text, network) != 1 ||
        inet_pton(family, value, address) != 1)
        return false;
    if (memcmp(network, address, (size_t)wanted / 8) != 0)
        return false;
    return wanted % 8 == 0 ||
           ((network[wanted / 8] ^ address[wanted / 8]) >> (8 - wanted % 8)) == 0;
}

/* Documented: all operators there are (IAM, *Condition operators*). */
static const struct policy_operator operators[] = {
    { "StringEquals", text_equals, PLAIN, false },
    { "StringNotEquals", text_equals, NEGATED, false },
    { "StringEqualsIgnoreCase", text_equals_any_case, PLAIN, false },
    { "StringNotEqualsIgnoreCase", text_equals_any_case, NEGATED, false },
    { "StringLike", policy_glob_matches, PLAIN, true },
    { "StringNotLike", policy_glob_matches, NEGATED, true },
    { "ArnEquals", arn_like, PLAIN, true },
    { "ArnNotEquals", arn_like, NEGATED, true },
    { "ArnLike", arn_like, PLAIN, true },
    { "ArnNotLike", arn_like, NEGATED, true },
    { "Bool", text_equals_any_case, PLAIN, false },
    { "Null", text_equals_any_case, EXISTENCE, false },
    { "NumericEquals", number_equals, PLAIN, false },
    { "NumericNotEquals", number_equals, NEGATED, false },
    { "NumericLessThan", number_less, PLAIN, false },
    { "NumericLessThanEquals", number_less_or_equal, PLAIN, false },
    { "NumericGreaterThan", number_greater, PLAIN, false },
    { "NumericGreaterThanEquals", number_greater_or_equal, PLAIN, false },
    { "DateEquals", date_equals, PLAIN, false },
    { "DateNotEquals", date_equals, NEGATED, false },
    { "DateLessThan", date_less, PLAIN, false },
    { "DateLessThanEquals", date_less_or_equal, PLAIN, false },
    { "DateGreaterThan", date_greater, PLAIN, false },
    { "DateGreaterThanEquals", date_greater_or_equal, PLAIN, false },
    { "BinaryEquals", text_equals, PLAIN, false },
    { "IpAddress", address_is_within, PLAIN, false },
    { "NotIpAddress", address_is_within, NEGATED, false },
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
