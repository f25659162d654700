/* What the caller's policies allow, when --auth policy asks them. */
#ifndef SERVER_CALL_PERMIT_H
#define SERVER_CALL_PERMIT_H

#include <stdbool.h>

struct call;

/*
 * Within the step of the call, before anything is looked up: who may not is told so whether or not it
 * exists. False, and the call has failed, when a policy is against it, or none is for it; with --soft it
 * has been told to the journal, and the call goes on.
 */
bool permitted(struct call *);

/*
 * Whether they allow this action on an object of S3, where s3.asCaller asks them: for what the call itself
 * is refused or told. `key` is NULL for any of the bucket.
 */
bool may_use_object(struct call *, const char *action, const char *bucket, const char *key);

/*
 * Calls `ask` for everything that a call of this operation, input and scope has to be permitted, until it
 * answers false; and is true when it never did.
 */
bool permissions_asked(struct call *,
    bool (*ask)(void *context, const char *action, const char *resource), void *context);

/* As messages name the caller: the principal, or the root of the account, where only that is known. */
const char *caller_arn(struct call *);

const char *caller_role(const struct call *); /* of a session, where that is known; else NULL */

/* Of each operation, for the tests of the tables: whether permissions.def has it. */
bool permission_is_known(const char *operation);

#endif
