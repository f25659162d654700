/*
 * Policy documents: what a principal may do to a resource, in the language of IAM.
 *
 * The rule: what is not understood never helps the caller. An Allow with an operator or a variable
 * that is not known here allows nothing; a Deny with one denies; a document that cannot be read
 * denies everything.
 *
 * Nothing is kept between two calls, and nothing of a document is handed out.
 */
#ifndef SERVER_ACCESS_POLICY_H
#define SERVER_ACCESS_POLICY_H

#include <stddef.h>

/* In the order of their weight: of several documents, the greatest verdict is the one that counts. */
enum policy_verdict {
    POLICY_SILENT, /* between accounts, and for identity policies, as good as a no */
    POLICY_ALLOWS,
    POLICY_DENIES,
};

/* A condition key. One with several values is given several times; the case of names does not matter. */
struct policy_key {
    const char *name, *value;
};

/* Everything is needed but for the keys: those that follow from the rest are known without being given. */
struct policy_request {
    const char *principal; /* its ARN; that of the account's root if only the account is known */
    const char *account;   /* the principal's */
    const char *action;    /* "rekognition:CopyProjectVersion" */
    const char *resource;  /* its ARN, or "*" for an action without one */
    const struct policy_key *keys;
    size_t key_count;
};

/* What the document says to the request. Serves identity policies too: they name no principal. */
enum policy_verdict policy_evaluate(const char *document, const struct policy_request *);

#endif
