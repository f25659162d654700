/*
 * Policy documents: what a principal may do to a resource, in the language of IAM.
 *
 * The rule: what is not understood never helps the caller. An Allow with an operator that is not known
 * here allows nothing; a Deny with one denies; a document that cannot be read denies everything.
 *
 * Nothing is kept between two calls.
 */
#ifndef SERVER_ACCESS_POLICY_H
#define SERVER_ACCESS_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "../json/text.h"

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
    const char *role;      /* of a session, the ARN of its role, where that is known; else NULL */
    const char *action;    /* "rekognition:CopyProjectVersion" */
    const char *resource;  /* its ARN, or "*" for an action without one; NULL: of a trust policy */
    const struct policy_key *keys;
    size_t key_count;
    /* The value of a key that is not among them, asked for only when a policy does; NULL: it has none.
       What it answers is valid until it is asked again. */
    const char *(*late)(void *context, const char *name);
    void *context;
};

/* What a document says to a request, and which of its statements, counted from 1; 0: none. */
struct policy_saying {
    enum policy_verdict verdict;
    unsigned statement;
    const char *sid;  /* of the document, or NULL */
    bool asked_a_key; /* if not, it says the same to whatever has this action and resource */
};

/*
 * Serves policies of every kind: those of identities name no principal. Where `missed` is not NULL and
 * the document is silent, it gets what kept its nearest statement from speaking.
 */
struct policy_saying policy_say(const cJSON *document, const struct policy_request *,
    struct text *missed);

/* The same, of a document as text. */
enum policy_verdict policy_evaluate(const char *document, const struct policy_request *);

#endif
