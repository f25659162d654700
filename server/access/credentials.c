#include "credentials.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/array.h"
#include "../../state/base/digest.h"
#include "../../state/base/instant.h"
#include "../../state/base/memory.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "credentials_read.h"
#include "decided.h"
#include "policy_language.h"

#define ROLE_SECONDS 3600 /* what a session of a role lasts at most, when the file does not say */

struct credentials {
    struct access_key *keys; /* sorted by id */
    size_t key_count, key_room;
    struct role *roles;
    size_t role_count, role_room;
    cJSON *managed; /* policies, as in the file; or NULL */
};

/* ---- principals --------------------------------------------------------------- */

struct principal *
principal_keep(struct principal *who)
{
    who->keepers++;
    return who;
}

void
principal_drop(struct principal *who)
{
    if (who == NULL || --who->keepers > 0)
        return;
    free(who->arn);
    free(who->id);
    free(who->of);
    cJSON_Delete(who->policies);
    cJSON_Delete(who->boundary);
    cJSON_Delete(who->session);
    cJSON_Delete(who->tags);
    decided_forget(who->decided);
    free(who);
}

static cJSON *
copy_of(const cJSON *json)
{
    return json == NULL ? NULL : memory_made(cJSON_Duplicate(json, true));
}

static char *
text_or_null(const char *text)
{
    return text == NULL ? NULL : memory_text(text);
}

/* Unique ids are not in the file: one that follows from the ARN is the same every time. */
static char *
unique_id(const char *prefix, const char *arn)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char hash[SHA256_HEX_SIZE], id[22];
    size_t length = (size_t)snprintf(id, sizeof id, "%s", prefix);

    sha256_hex(arn, strlen(arn), hash);
    for (size_t i = 0; length < sizeof id - 1; i += 2)
        id[length++] = digits[(hash[i] * 7 + hash[i + 1]) % 32];
    id[length] = '\0';
    return memory_text(id);
}

static struct principal *
principal_of_user(const cJSON *user)
{
    struct principal *who = memory_new(sizeof *who);
    const char *arn = text_of(user, "arn");

    who->keepers = 1;
    memcpy(who->account, text_of(user, "account"), ACCOUNT_SIZE);
    who->arn = memory_text(arn);
    who->of = memory_text(arn);
    who->id = unique_id(strstr(arn, ":user/") != NULL ? "AIDA" : "AROA", arn);
    who->policies = copy_of(member_of(user, "policies"));
    who->boundary = copy_of(member_of(user, "boundary"));
    who->tags = copy_of(member_of(user, "tags"));
    return who;
}

/* Tags of the session come before those of the role. */
static cJSON *
tags_of_session(const cJSON *of_role, const cJSON *of_session)
{
    cJSON *tags = of_role == NULL ? memory_made(cJSON_CreateObject()) : copy_of(of_role);
    const cJSON *tag;

    if (of_session == NULL)
        return tags;
    cJSON_ArrayForEach(tag, of_session)
    {
        cJSON_DeleteItemFromObjectCaseSensitive(tags, tag->string);
        cJSON_AddItemToObject(tags, tag->string, copy_of(tag));
    }
    return tags;
}

/* STS API Reference, AssumedRoleUser: "arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION". */
static struct principal *
principal_of_role(const struct role *role, const char *session, const cJSON *policies,
    const cJSON *tags)
{
    struct principal *who = memory_new(sizeof *who);
    const char *name = strrchr(role->arn, '/') + 1;
    struct policy_arn parts;
    char text[ARN_TEXT_SIZE + 64], *id = unique_id("AROA", role->arn);

    who->keepers = 1;
    memcpy(who->account, role->account, ACCOUNT_SIZE);
    policy_arn_split(&parts, role->arn);
    snprintf(text, sizeof text, "arn:%s:sts::%s:assumed-role/%s/%s", parts.part[ARN_PARTITION],
        role->account, name, session);
    who->arn = memory_text(text);
    snprintf(text, sizeof text, "%s:%s", id, session);
    who->id = memory_text(text);
    free(id);
    who->of = memory_text(role->arn);
    who->policies = copy_of(role->policies);
    who->boundary = copy_of(role->boundary);
    who->session = copy_of(policies);
    who->tags = tags_of_session(role->tags, tags);
    return who;
}

/* ---- what there is -------------------------------------------------------------- */

static void
key_forget(struct access_key *key)
{
    free(key->id);
    free(key->secret);
    free(key->token);
    free(key->user);
    principal_drop(key->who);
}

static void
role_forget(struct role *role)
{
    free(role->arn);
    cJSON_Delete(role->trust);
    cJSON_Delete(role->policies);
    cJSON_Delete(role->boundary);
    cJSON_Delete(role->tags);
}

struct credentials *
credentials_open(void)
{
    return memory_new(sizeof(struct credentials));
}

static void
empty(struct credentials *credentials)
{
    for (size_t i = 0; i < credentials->key_count; i++)
        key_forget(&credentials->keys[i]);
    for (size_t i = 0; i < credentials->role_count; i++)
        role_forget(&credentials->roles[i]);
    free(credentials->keys);
    free(credentials->roles);
    cJSON_Delete(credentials->managed);
}

void
credentials_close(struct credentials *credentials)
{
    if (credentials == NULL)
        return;
    empty(credentials);
    free(credentials);
}

static int
compare_keys(const void *one, const void *other)
{
    const struct access_key *a = one, *b = other;

    return strcmp(a->id, b->id);
}

static struct access_key *
add_key(struct credentials *credentials, struct access_key key)
{
    credentials->keys =
        array_room(credentials->keys, credentials->key_count, &credentials->key_room, sizeof key);
    credentials->keys[credentials->key_count++] = key;
    qsort(credentials->keys, credentials->key_count, sizeof key, compare_keys);
    return credentials_find(credentials, key.id);
}

struct access_key *
credentials_find(struct credentials *credentials, const char *id)
{
    struct access_key wanted = { .id = (char *)(uintptr_t)id };

    if (credentials->key_count == 0)
        return NULL;
    return bsearch(&wanted, credentials->keys, credentials->key_count, sizeof wanted, compare_keys);
}

const struct role *
credentials_role(const struct credentials *credentials, const char *arn)
{
    for (size_t i = 0; i < credentials->role_count; i++)
        if (strcmp(credentials->roles[i].arn, arn) == 0)
            return &credentials->roles[i];
    return NULL;
}

const cJSON *
credentials_managed(const struct credentials *credentials, const char *arn, const char *account)
{
    struct policy_arn parts;
    const cJSON *policy;

    if (!policy_arn_split(&parts, arn) || (!policy_arn_has(&parts, ARN_ACCOUNT, account) &&
                                              !policy_arn_has(&parts, ARN_ACCOUNT, "aws")))
        return NULL;
    cJSON_ArrayForEach(policy, credentials->managed) if (strcmp(text_of(policy, "arn"), arn) ==
                                                         0) return member_of(policy, "document");
    return NULL;
}

struct principal *
credentials_principal(const struct credentials *credentials, const char *arn)
{
    const struct role *role = credentials_role(credentials, arn);

    for (size_t i = 0; i < credentials->key_count; i++)
        if (strcmp(credentials->keys[i].who->arn, arn) == 0)
            return principal_keep(credentials->keys[i].who);
    return role == NULL ? NULL : principal_of_role(role, "simulated", NULL, NULL);
}

/* ---- reading ----------------------------------------------------------------------- */

static void
read_user(struct credentials *credentials, const cJSON *user)
{
    struct access_key key = { .id = memory_text(text_of(user, "accessKeyId")),
        .secret = memory_text(text_of(user, "secretAccessKey")),
        .token = text_or_null(text_of(user, "sessionToken")),
        .who = principal_of_user(user) };

    if (text_of(user, "expires") != NULL)
        instant_parse(text_of(user, "expires"), &key.expires_ms);
    add_key(credentials, key);
}

static void
read_role(struct credentials *credentials, const cJSON *role)
{
    const cJSON *seconds = member_of(role, "maxSeconds");
    struct role *made;

    credentials->roles = array_room(credentials->roles, credentials->role_count,
        &credentials->role_room, sizeof *made);
    made = &credentials->roles[credentials->role_count++];
    *made = (struct role){ .arn = memory_text(text_of(role, "arn")),
        .trust = copy_of(member_of(role, "trust")),
        .policies = copy_of(member_of(role, "policies")),
        .boundary = copy_of(member_of(role, "boundary")),
        .tags = copy_of(member_of(role, "tags")),
        .max_seconds = seconds == NULL ? ROLE_SECONDS : json_integer(seconds) };
    memcpy(made->account, text_of(role, "account"), ACCOUNT_SIZE);
}

/* A session goes on with what its role or user may do from now on. Its key moves. */
static void
take_session(struct credentials *fresh, struct access_key *key)
{
    struct principal *old = key->who, *who = NULL;
    const struct role *role = key->user == NULL ? credentials_role(fresh, old->of) : NULL;
    const struct access_key *user = key->user == NULL ? NULL : credentials_find(fresh, key->user);

    if (role != NULL) {
        who = principal_of_role(role, strrchr(old->arn, '/') + 1, old->session, NULL);
        cJSON_Delete(who->tags);
        who->tags = copy_of(old->tags);
    } else if (user != NULL) {
        who = principal_keep(user->who);
    }
    if (who == NULL)
        return;
    add_key(fresh, (struct access_key){ .id = memory_text(key->id),
                       .secret = memory_text(key->secret),
                       .token = memory_text(key->token),
                       .expires_ms = key->expires_ms,
                       .given_out = true,
                       .user = key->user == NULL ? NULL : memory_text(key->user),
                       .who = who });
}

bool
credentials_replace(struct credentials *credentials, const cJSON *json, char *why, size_t size)
{
    struct credentials fresh = { .keys = NULL };
    const cJSON *item;

    if (!credentials_are_well_formed(json, why, size))
        return false;
    cJSON_ArrayForEach(item, member_of(json, "users")) read_user(&fresh, item);
    cJSON_ArrayForEach(item, member_of(json, "roles")) read_role(&fresh, item);
    fresh.managed = copy_of(member_of(json, "managedPolicies"));
    for (size_t i = 0; i < credentials->key_count; i++)
        if (credentials->keys[i].given_out &&
            credentials_find(&fresh, credentials->keys[i].id) == NULL)
            take_session(&fresh, &credentials->keys[i]);
    empty(credentials);
    *credentials = fresh;
    return true;
}

/* ---- sessions ------------------------------------------------------------------------ */

static char *
random_text(const char *prefix, const char *letters, size_t length)
{
    size_t begin = strlen(prefix), count = strlen(letters);
    char *text = memory_new(begin + length + 1);

    memcpy(text, prefix, begin);
    random_bytes(text + begin, length);
    for (size_t i = begin; i < begin + length; i++)
        text[i] = letters[(unsigned char)text[i] % count];
    return text;
}

/* Sessions that are over are forgotten when another begins. */
static void
forget_expired(struct credentials *credentials, int64_t now_ms)
{
    static const int64_t told_ms = 24 * 60 * 60 * INT64_C(1000); /* for how long they are told so */
    size_t kept = 0;

    for (size_t i = 0; i < credentials->key_count; i++) {
        struct access_key *key = &credentials->keys[i];

        if (key->given_out && key->expires_ms + told_ms < now_ms)
            key_forget(key);
        else
            credentials->keys[kept++] = *key;
    }
    credentials->key_count = kept;
}

const struct access_key *
credentials_begin_session(struct credentials *credentials, const struct session_wish *wish)
{
    static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
                      any[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct access_key key = { .id = random_text("ASIA", upper, 16),
        .secret = random_text("", any, 40),
        .token = random_text("IQoJb3JpZ2luX2Vj", any, 200),
        .expires_ms = wish->now_ms + wish->seconds * 1000,
        .given_out = true };

    if (wish->role != NULL) {
        key.who = principal_of_role(wish->role, wish->name, wish->policies, wish->tags);
    } else {
        key.who = principal_keep(wish->user->who);
        key.user = memory_text(wish->user->id);
    }
    forget_expired(credentials, wish->now_ms);
    return add_key(credentials, key);
}

/* ---- telling -------------------------------------------------------------------------- */

static void
tell_key(cJSON *users, const struct access_key *key)
{
    cJSON *told = cJSON_CreateObject();
    char expires[INSTANT_SIZE];

    cJSON_AddItemToArray(users, told);
    tree_set_text(told, "accessKeyId", key->id);
    if (key->expires_ms != 0) {
        instant_print(key->expires_ms, expires);
        tree_set_text(told, "expires", expires);
    }
    tree_set_text(told, "account", key->who->account);
    tree_set_text(told, "arn", key->who->arn);
    cJSON_AddItemToObject(told, "policies", copy_of(key->who->policies));
    if (key->who->tags != NULL)
        cJSON_AddItemToObject(told, "tags", copy_of(key->who->tags));
    if (key->who->boundary != NULL)
        cJSON_AddItemToObject(told, "boundary", copy_of(key->who->boundary));
}

static void
tell_role(cJSON *roles, const struct role *role)
{
    cJSON *told = cJSON_CreateObject();

    cJSON_AddItemToArray(roles, told);
    tree_set_text(told, "arn", role->arn);
    tree_set_text(told, "account", role->account);
    cJSON_AddItemToObject(told, "trust", copy_of(role->trust));
    cJSON_AddItemToObject(told, "policies", copy_of(role->policies));
    if (role->tags != NULL)
        cJSON_AddItemToObject(told, "tags", copy_of(role->tags));
    if (role->boundary != NULL)
        cJSON_AddItemToObject(told, "boundary", copy_of(role->boundary));
    tree_set_int(told, "maxSeconds", role->max_seconds);
}

cJSON *
credentials_told(const struct credentials *credentials)
{
    cJSON *told = memory_made(cJSON_CreateObject());
    cJSON *users = tree_set_list(told, "users"), *sessions = tree_set_list(told, "sessions"),
          *roles = tree_set_list(told, "roles");

    for (size_t i = 0; i < credentials->key_count; i++)
        tell_key(credentials->keys[i].given_out ? sessions : users, &credentials->keys[i]);
    for (size_t i = 0; i < credentials->role_count; i++)
        tell_role(roles, &credentials->roles[i]);
    if (credentials->managed != NULL)
        cJSON_AddItemToObject(told, "managedPolicies", copy_of(credentials->managed));
    return told;
}
