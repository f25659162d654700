/*
 * The language of IAM's policies: values, ARNs and operators. policy_check.c reads a document to find
 * fault with it, policy.c to follow it; both read these in the same way.
 *
 * In both, "IAM" is the IAM User Guide: the API reference says that the document of PutProjectPolicy "must
 * follow the IAM syntax".
 */
#ifndef SERVER_ACCESS_POLICY_LANGUAGE_H
#define SERVER_ACCESS_POLICY_LANGUAGE_H

#include <stdbool.h>

#include "../../state/base/array.h"
#include "../json/json.h"

/*
 * Matches as glob_matches(), but that a character of the two below in the glob is a * or ? that stands
 * for itself: it came out of a variable.
 */
#define POLICY_LITERAL_STAR '\x01'
#define POLICY_LITERAL_MARK '\x02'
bool policy_glob_matches(const char *glob, const char *text);

const cJSON *policy_member(const cJSON *object, const char *name);

/* Steps through a value that may be a list or, in its place, one element; begins and ends with NULL. */
const cJSON *policy_value_next(const cJSON *values, const cJSON *at);

/* What follows this prefix, NULL if that is nothing. */
const char *policy_after(const char *text, const char *prefix);

enum { ARN_PREFIX, ARN_PARTITION, ARN_SERVICE, ARN_REGION, ARN_ACCOUNT, ARN_RESOURCE, ARN_PARTS };

/* No ARN is longer; what is longer is none. */
#define ARN_TEXT_SIZE 2049

/* An ARN cut at its first five colons. Do not copy it: it points into itself. */
struct policy_arn {
    const char *part[ARN_PARTS];
    char text[ARN_TEXT_SIZE];
};

bool policy_arn_split(struct policy_arn *, const char *text);
bool policy_arn_has(const struct policy_arn *, int part, const char *text);

struct policy_operator {
    const char *name;
    bool (*matches)(const char *pattern, const char *value);
    enum { PLAIN, NEGATED, EXISTENCE } sense;
    bool globs; /* * and ? in the pattern stand for others */
};

/* An operator as a document names it: "ForAnyValue:StringLikeIfExists". */
struct policy_test {
    const struct policy_operator *operation;
    enum { ONE_VALUE, ANY_VALUE, ALL_VALUES } quantifier;
    bool if_exists;
};

/* False if IAM has no such operator. */
bool policy_test_parse(struct policy_test *, const char *text);

#endif
