/*
 * Credentials: who may call, and what they may do. Read from a file of JSON, all of it or nothing;
 * sessions that STS gives out are added.
 *
 * The rule: what is secret here is in no log, journal, state or snapshot, and in no answer but that of
 * STS, once.
 */
#ifndef SERVER_ACCESS_CREDENTIALS_H
#define SERVER_ACCESS_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "../../state/base/arn.h"
#include "sigv4.h"

struct credentials;

/* A user, or a session of a role or user. Whoever asks keeps it, for as long as a call of it goes on. */
struct principal {
    unsigned keepers;
    char account[ACCOUNT_SIZE];
    char *arn;
    char *id;                /* as GetCallerIdentity tells it */
    char *of;                /* ARN of the role that it is a session of; else its own */
    cJSON *policies;         /* documents, in an array */
    cJSON *boundary;         /* or NULL */
    cJSON *session;          /* what bounds the session: an array, or NULL */
    cJSON *tags;             /* an object, or NULL */
    struct decided *decided; /* what it need not be asked again, or NULL */
};

struct principal *principal_keep(struct principal *);
void principal_drop(struct principal *); /* NULL: nothing */

/* What a request is signed with. */
struct access_key {
    char *id, *secret;
    char *token;        /* NULL: it needs none */
    int64_t expires_ms; /* in real time; 0: never */
    bool given_out;     /* by STS: it is of no file */
    char *user;         /* then, for a session of a user: that user's key; else NULL */
    struct principal *who;
    struct {
        char date[9], region[64], service[32]; /* of what is signed with this */
        struct sigv4_key key;
    } daily;
};

struct role {
    char *arn;
    char account[ACCOUNT_SIZE];
    cJSON *trust, *policies, *boundary, *tags;
    int64_t max_seconds;
};

struct credentials *credentials_open(void); /* there are none */
void credentials_close(struct credentials *);

/*
 * What `json` says takes the place of all there was, but for sessions whose role or user is still there;
 * or nothing does, and `why` names the place.
 */
bool credentials_replace(struct credentials *, const cJSON *json, char *why, size_t size);

/* A key is valid until they are replaced, or a session begins. */
struct access_key *credentials_find(struct credentials *, const char *id);
const struct role *credentials_role(const struct credentials *, const char *arn);

/* The document of this managed policy, which roles of the account can have; or NULL. */
const cJSON *credentials_managed(const struct credentials *, const char *arn, const char *account);

/* The user or session of this ARN, or one of the role of this ARN, which is the caller's to drop. */
struct principal *credentials_principal(const struct credentials *, const char *arn);

/* Everything but what is secret. */
cJSON *credentials_told(const struct credentials *);

/* A session of the role, or of the user who calls where that is NULL. Its key is to be told once. */
struct session_wish {
    const struct role *role;
    const struct access_key *user;
    const char *name;      /* of the session */
    const cJSON *policies; /* an array; NULL: nothing bounds it */
    const cJSON *tags;     /* an object, or NULL */
    int64_t now_ms, seconds;
};

const struct access_key *credentials_begin_session(struct credentials *,
    const struct session_wish *);

#endif
