/*
 * What the model demands of one value, beyond its type: whether it is met, and how messages word
 * it.
 */
#ifndef SERVER_MODEL_CONSTRAINT_H
#define SERVER_MODEL_CONSTRAINT_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "model.h"
#include "../json/text.h"

/* In the order in which the violations of one value are reported: "regex, then length"
 * (EventBridge, Bedrock, DynamoDB; observed). */
enum constraint {
    CONSTRAINT_ENUMERATION,
    CONSTRAINT_PATTERN,
    CONSTRAINT_MAX,
    CONSTRAINT_MIN,
    CONSTRAINT_COUNT
};

/* The value must have the right type. A shape without such a constraint is never violated. */
bool constraint_violated(enum constraint, const cJSON *, const struct shape *);
bool constraint_any_violated(const cJSON *, const struct shape *);

/* "Member must have length less than or equal to 255". */
void constraint_describe(struct text *, enum constraint, const struct shape *);
/* All constraints of a shape, violated or not: "[Member must have …, Member must …]". */
void constraint_describe_all(struct text *, const struct shape *);

/* What min and max are about: the value of a number, the UTF-16 units of a string (inferred: Java's
 * length()), the decoded bytes of a blob (observed), the entries of a list or map. */
double constraint_measure(const cJSON *, const struct shape *);

#endif
