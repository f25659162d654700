/*
 * Tokens: requests that callers may make twice, and how they were answered the first time.
 *
 * The rule: a token belongs to an operation, an account and a region, for as long as token.keep says.
 */
#ifndef STATE_TOKEN_H
#define STATE_TOKEN_H

#include <stdbool.h>

#include "base/arn.h"

struct store;

struct token {
    struct scope scope;
    const char *operation, *token;
    const char *digest; /* of all else that was asked */
    const char *answer; /* JSON */
};

/* Fills in digest and answer of one that is known; false when it is not. */
bool token_find(struct store *, struct token *);

void token_keep(struct store *, const struct token *);

#endif
