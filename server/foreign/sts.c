#include "sts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/array.h"
#include "../../state/base/ids.h"
#include "../../state/base/instant.h"
#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../access/canonical.h"
#include "../access/credentials.h"
#include "../access/decide.h"
#include "../access/policy_check.h"
#include "../access/policy_language.h"
#include "../access/signature.h"
#include "../call/caller.h"
#include "../call/server.h"
#include "../http/http.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../record/log.h"

#define XMLNS "https://sts.amazonaws.com/doc/2011-06-15/"
#define POLICY_ARNS_MAX 10
#define TAGS_MAX 50        /* STS API Reference, AssumeRole: Tags */
#define SESSION_MIN 900    /* seconds; of DurationSeconds, as the next three */
#define ROLE_SECONDS 3600  /* when it is not said, and most of one session by another */
#define USER_SECONDS 43200 /* GetSessionToken: when it is not said */
#define USER_SECONDS_MAX 129600

/* One call. */
struct asked {
    struct server *server;
    struct exchange *exchange;
    const char *action;
    char *form; /* the decoded arguments, "Name=value", each with a NUL behind it */
    const char *form_end;
    struct access_key *key; /* the caller's; NULL: nobody known */
    struct principal *who;  /* kept */
    char request_id[UUID_SIZE];
    int64_t now_ms; /* real */
};

/* ---- answers --------------------------------------------------------------- */

static void
add_escaped(struct text *out, const char *text)
{
    for (; *text != '\0'; text++)
        switch (*text) {
        case '&':
            text_add_string(out, "&amp;");
            break;
        case '<':
            text_add_string(out, "&lt;");
            break;
        case '>':
            text_add_string(out, "&gt;");
            break;
        default:
            text_add(out, text, 1);
        }
}

static void
add_element(struct text *out, const char *name, const char *value)
{
    text_add_string(out, "<");
    text_add_string(out, name);
    text_add_string(out, ">");
    add_escaped(out, value);
    text_add_string(out, "</");
    text_add_string(out, name);
    text_add_string(out, ">");
}

static void
send(struct asked *asked, unsigned status, struct text body)
{
    exchange_reply(asked->exchange, (struct reply){ .status = status,
                                        .content_type = "text/xml",
                                        .body = body.bytes,
                                        .length = body.length,
                                        .headers = { { "x-amzn-RequestId", asked->request_id } } });
}

/* STS API Reference, Common errors. */
static void
fail(struct asked *asked, unsigned status, const char *code, const char *message)
{
    struct text out = { 0 };

    text_add_string(&out, "<ErrorResponse xmlns=\"" XMLNS "\"><Error><Type>Sender</Type>");
    add_element(&out, "Code", code);
    add_element(&out, "Message", message);
    text_add_string(&out, "</Error>");
    add_element(&out, "RequestId", asked->request_id);
    text_add_string(&out, "</ErrorResponse>\n");
    log_line("%u sts:%s %s", status, asked->action, code);
    send(asked, status, out);
}

/* The result is what was added to `body`. */
static void
answer(struct asked *asked, const struct text *body)
{
    struct text out = { 0 };
    const char *action = asked->action;

    text_add_string(&out, "<");
    text_add_string(&out, action);
    text_add_string(&out, "Response xmlns=\"" XMLNS "\"><");
    text_add_string(&out, action);
    text_add_string(&out, "Result>");
    text_add_string(&out, body->bytes);
    text_add_string(&out, "</");
    text_add_string(&out, action);
    text_add_string(&out, "Result><ResponseMetadata>");
    add_element(&out, "RequestId", asked->request_id);
    text_add_string(&out, "</ResponseMetadata></");
    text_add_string(&out, action);
    text_add_string(&out, "Response>\n");
    log_line("200 sts:%s %s", action, asked->who == NULL ? "" : asked->who->arn);
    send(asked, 200, out);
}

static void
add_credentials(struct text *out, const struct access_key *key)
{
    char expires[INSTANT_SIZE];

    instant_print(key->expires_ms, expires);
    text_add_string(out, "<Credentials>");
    add_element(out, "AccessKeyId", key->id);
    add_element(out, "SecretAccessKey", key->secret);
    add_element(out, "SessionToken", key->token);
    add_element(out, "Expiration", expires);
    text_add_string(out, "</Credentials>");
}

/* ---- arguments --------------------------------------------------------------- */

static void
read_form(struct asked *asked)
{
    size_t length = asked->exchange->length;
    char *form = memory_new(length + 1);

    memcpy(form, asked->exchange->body, length);
    for (char *at = form; at < form + length; at++)
        if (*at == '&' || *at == '+')
            *at = *at == '&' ? '\0' : ' ';
    for (char *at = form; at < form + length;) {
        size_t piece = strlen(at);

        percent_decode(at);
        memset(at + strlen(at), '\0', piece - strlen(at));
        at += piece + 1;
    }
    asked->form = form;
    asked->form_end = form + length;
}

static const char *
argument(const struct asked *asked, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = asked->form; at < asked->form_end; at += strlen(at) + 1)
        if (strncmp(at, name, length) == 0 && at[length] == '=')
            return at + length + 1;
    return NULL;
}

/* False, and the call has failed, when it is not within its bounds. */
static bool
read_seconds(struct asked *asked, int64_t otherwise, int64_t most, int64_t *seconds)
{
    const char *text = argument(asked, "DurationSeconds");
    char message[160];

    *seconds = text == NULL ? otherwise : strtoll(text, NULL, 10);
    if (*seconds >= SESSION_MIN && *seconds <= most)
        return true;
    if (*seconds > most)
        snprintf(message, sizeof message,
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    else
        snprintf(message, sizeof message,
            "1 validation error detected: Value '%lld' at 'durationSeconds' failed to satisfy "
            "constraint: Member must have value greater than or equal to %d",
            (long long)*seconds, SESSION_MIN);
    fail(asked, 400, "ValidationError", message);
    return false;
}

/* ---- who is it? ------------------------------------------------------------------ */

static const struct {
    unsigned status;
    const char *code;
} refusals[] = {
    [SIGNATURE_MISSING] = { 403, "MissingAuthenticationToken" },
    [SIGNATURE_INCOMPLETE] = { 400, "IncompleteSignature" },
    [SIGNATURE_INVALID] = { 403, "SignatureDoesNotMatch" },
    [SIGNATURE_UNKNOWN_KEY] = { 403, "InvalidClientTokenId" },
    [SIGNATURE_EXPIRED_TOKEN] = { 403, "ExpiredToken" },
};

static struct access_key *
find_key(void *credentials, const char *id)
{
    return credentials_find(credentials, id);
}

/* Where nothing has to be proved, the access key is enough. False: it has been answered. */
static bool
identify(struct asked *asked)
{
    struct server *server = asked->server;
    struct signature signature;

    if (server->auth == AUTH_OFF) {
        struct caller caller = caller_of(server, asked->exchange);

        asked->key = credentials_find(server->credentials, caller.access_key_id);
    } else {
        asked->key = signature_check_exchange(asked->exchange, "sts", asked->now_ms,
            &(struct signature_keys){ find_key, server->credentials }, &signature);
        if (asked->key == NULL) {
            fail(asked, refusals[signature.result].status, refusals[signature.result].code,
                signature.message);
            free(signature.message);
            return false;
        }
    }
    if (asked->key != NULL)
        asked->who = principal_keep(asked->key->who);
    return true;
}

/* ---- GetCallerIdentity -------------------------------------------------------------- */

/* Nobody known is the root of the account of his access key. */
static void
get_caller_identity(struct asked *asked)
{
    struct caller caller = caller_of(asked->server, asked->exchange);
    const struct principal *who = asked->who;
    struct text out = { 0 };
    char arn[64];

    snprintf(arn, sizeof arn, "arn:%s:iam::%s:root", arn_partition(caller.scope.region),
        caller.scope.account);
    add_element(&out, "Arn", who == NULL ? arn : who->arn);
    add_element(&out, "UserId", who == NULL ? caller.scope.account : who->id);
    add_element(&out, "Account", who == NULL ? caller.scope.account : who->account);
    answer(asked, &out);
    free(out.bytes);
}

/* ---- GetSessionToken ------------------------------------------------------------------ */

static void
get_session_token(struct asked *asked)
{
    struct text out = { 0 };
    int64_t seconds;

    if (!read_seconds(asked, USER_SECONDS, USER_SECONDS_MAX, &seconds))
        return;
    if (asked->key->token != NULL) {
        fail(asked, 403, "AccessDenied", "Cannot call GetSessionToken with session credentials");
        return;
    }
    add_credentials(&out, credentials_begin_session(asked->server->credentials,
                              &(struct session_wish){ .user = asked->key,
                                  .now_ms = asked->now_ms,
                                  .seconds = seconds }));
    answer(asked, &out);
    free(out.bytes);
}

/* ---- AssumeRole ------------------------------------------------------------------------ */

/* What is asked for, read. */
struct wish {
    const struct role *role;
    const char *arn, *name;
    int64_t seconds;
    cJSON *policies; /* an array, or NULL */
    cJSON *tags;     /* an object, or NULL */
};

static void
read_account(const char *arn, char account[ACCOUNT_SIZE])
{
    struct policy_arn parts;

    *account = '\0';
    if (policy_arn_split(&parts, arn))
        snprintf(account, ACCOUNT_SIZE, "%s", parts.part[ARN_ACCOUNT]);
}

/* STS API Reference, AssumeRole: RoleSessionName. */
static bool
is_session_name(const char *name)
{
    static const char known[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+=,.@-";
    size_t length = name == NULL ? 0 : strlen(name);

    return length >= 2 && length <= 64 && strspn(name, known) == length;
}

static bool
read_names(struct asked *asked, struct wish *wish)
{
    wish->arn = argument(asked, "RoleArn");
    wish->name = argument(asked, "RoleSessionName");
    if (wish->arn == NULL || wish->name == NULL) {
        fail(asked, 400, "ValidationError",
            wish->arn == NULL
                ? "1 validation error detected: Value null at 'roleArn' failed to "
                  "satisfy constraint: Member must not be null"
                : "1 validation error detected: Value null at 'roleSessionName' failed "
                  "to satisfy constraint: Member must not be null");
        return false;
    }
    if (is_session_name(wish->name))
        return true;
    fail(asked, 400, "ValidationError",
        "1 validation error detected: Value at 'roleSessionName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [\\w+=,.@-]*");
    return false;
}

/* STS API Reference, AssumeRole: PolicyArns are at most ten, and of the account of the role. */
static bool
read_policy_arns(struct asked *asked, struct wish *wish)
{
    char name[64], account[ACCOUNT_SIZE];
    const char *arn;

    read_account(wish->arn, account);
    for (int i = 1; i <= POLICY_ARNS_MAX + 1; i++) {
        const cJSON *document;

        snprintf(name, sizeof name, "PolicyArns.member.%d.arn", i);
        if ((arn = argument(asked, name)) == NULL)
            return true;
        document = credentials_managed(asked->server->credentials, arn, account);
        if (i > POLICY_ARNS_MAX || document == NULL) {
            fail(asked, 400, "ValidationError",
                document == NULL ? "PolicyArns has a policy that the credentials of this server do "
                                   "not have, among managedPolicies, for the account of the role."
                                 : "PolicyArns has more than 10 policies.");
            return false;
        }
        cJSON_AddItemToArray(wish->policies, memory_made(cJSON_Duplicate(document, true)));
    }
    return true;
}

/* What bounds the session: any of them allows. */
static bool
read_policies(struct asked *asked, struct wish *wish)
{
    const char *text = argument(asked, "Policy");
    char why[256] = "";
    cJSON *policy;

    if (text == NULL && argument(asked, "PolicyArns.member.1.arn") == NULL)
        return true;
    wish->policies = memory_made(cJSON_CreateArray());
    if (text == NULL)
        return read_policy_arns(asked, wish);
    policy = json_parse(text, strlen(text), NULL);
    if (policy_json_is_well_formed(policy, POLICY_OF_IDENTITY, NULL, why, sizeof why)) {
        cJSON_AddItemToArray(wish->policies, policy);
        return read_policy_arns(asked, wish);
    }
    cJSON_Delete(policy);
    fail(asked, 400, "MalformedPolicyDocument", why);
    return false;
}

static void
read_tags(const struct asked *asked, struct wish *wish)
{
    char name[64];

    for (int i = 1; i <= TAGS_MAX; i++) {
        const char *key, *value;

        snprintf(name, sizeof name, "Tags.member.%d.Key", i);
        key = argument(asked, name);
        snprintf(name, sizeof name, "Tags.member.%d.Value", i);
        value = argument(asked, name);
        if (key == NULL)
            return;
        if (wish->tags == NULL)
            wish->tags = memory_made(cJSON_CreateObject());
        cJSON_AddItemToObject(wish->tags, key, cJSON_CreateString(value == NULL ? "" : value));
    }
}

/* A session that begins another has an hour at most. */
static bool
read_wish(struct asked *asked, struct wish *wish)
{
    int64_t most = ROLE_SECONDS;

    if (!read_names(asked, wish) || !read_policies(asked, wish))
        return false;
    read_tags(asked, wish);
    wish->role = credentials_role(asked->server->credentials, wish->arn);
    if (wish->role != NULL && asked->key->token == NULL)
        most = wish->role->max_seconds;
    return read_seconds(asked, ROLE_SECONDS, most, &wish->seconds);
}

/* Whether the role trusts whoever has this ARN. */
static bool
trusts(struct asked *asked, const struct wish *wish, const char *principal, const char *action)
{
    char now[INSTANT_SIZE], address[64], tag_names[TAGS_MAX][160];
    struct policy_key keys[8 + TAGS_MAX];
    size_t count = 0;
    const cJSON *tag;

    instant_print(asked->now_ms, now);
    exchange_remote(asked->exchange, address, sizeof address);
    keys[count++] = (struct policy_key){ "sts:ExternalId", argument(asked, "ExternalId") };
    keys[count++] = (struct policy_key){ "sts:RoleSessionName", wish->name };
    keys[count++] = (struct policy_key){ "sts:SourceIdentity", argument(asked, "SourceIdentity") };
    keys[count++] = (struct policy_key){ "aws:SourceIp", *address == '\0' ? NULL : address };
    keys[count++] = (struct policy_key){ "aws:CurrentTime", now };
    keys[count++] =
        (struct policy_key){ "aws:SecureTransport", asked->server->secure ? "true" : "false" };
    keys[count++] = (struct policy_key){ "aws:userid", asked->who->id };
    cJSON_ArrayForEach(tag, wish->tags) if (count < COUNT(keys))
    {
        snprintf(tag_names[count - 7], sizeof tag_names[0], "aws:RequestTag/%.128s", tag->string);
        keys[count] = (struct policy_key){ tag_names[count - 7], tag->valuestring };
        count++;
    }
    return policy_say(wish->role->trust,
               &(struct policy_request){ .principal = principal,
                   .account = asked->who->account,
                   .role = strcmp(asked->who->of, asked->who->arn) == 0 ? NULL : asked->who->of,
                   .action = action,
                   .resource = NULL,
                   .keys = keys,
                   .key_count = count },
               NULL)
               .verdict == POLICY_ALLOWS;
}

/*
 * IAM, *How to create a trust policy*: it names the account, whose own policies must allow it then; or,
 * within the account, the principal himself, and that is enough. Who is meant by more than his name is
 * so under another, too.
 */
static bool
policies_allow(struct asked *asked, const struct wish *wish)
{
    struct policy_request request = { .principal = asked->who->arn,
        .account = asked->who->account,
        .action = "sts:AssumeRole",
        .resource = wish->arn };
    struct decision decision;
    char other[2100];

    if (asked->server->auth != AUTH_POLICY || asked->server->soft)
        return true;
    decision = decide(asked->who, &request, NULL, false);
    if (decision.result == DECISION_ALLOWED)
        return true;
    snprintf(other, sizeof other, "%s.another", asked->who->arn);
    return decision.result == DECISION_DENIED &&
           strcmp(asked->who->account, wish->role->account) == 0 &&
           !trusts(asked, wish, other, "sts:AssumeRole");
}

/* A role that is not there is refused as one that does not trust. */
static bool
may_assume(struct asked *asked, const struct wish *wish)
{
    struct text message = { 0 };

    if (wish->role != NULL && trusts(asked, wish, asked->who->arn, "sts:AssumeRole") &&
        (wish->tags == NULL || trusts(asked, wish, asked->who->arn, "sts:TagSession")) &&
        policies_allow(asked, wish))
        return true;
    text_add_string(&message, "User: ");
    text_add_string(&message, asked->who->arn);
    text_add_string(&message, " is not authorized to perform: sts:AssumeRole on resource: ");
    text_add_string(&message, wish->arn);
    fail(asked, 403, "AccessDenied", message.bytes);
    free(message.bytes);
    return false;
}

static void
assume_role(struct asked *asked)
{
    struct wish wish = { .role = NULL };
    struct text out = { 0 };

    if (read_wish(asked, &wish) && may_assume(asked, &wish)) {
        const struct access_key *key = credentials_begin_session(asked->server->credentials,
            &(struct session_wish){ .role = wish.role,
                .name = wish.name,
                .policies = wish.policies,
                .tags = wish.tags,
                .now_ms = asked->now_ms,
                .seconds = wish.seconds });

        text_add_string(&out, "<AssumedRoleUser>");
        add_element(&out, "AssumedRoleId", key->who->id);
        add_element(&out, "Arn", key->who->arn);
        text_add_string(&out, "</AssumedRoleUser>");
        add_credentials(&out, key);
        answer(asked, &out);
        free(out.bytes);
    }
    cJSON_Delete(wish.policies);
    cJSON_Delete(wish.tags);
}

/* ---- all of them ---------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*act)(struct asked *);
} actions[] = {
    { "GetCallerIdentity", get_caller_identity },
    { "GetSessionToken", get_session_token },
    { "AssumeRole", assume_role },
};

/* Without --credentials there is nobody who could be somebody else. */
static bool
is_of_nobody(const struct asked *asked)
{
    struct caller caller = caller_of(asked->server, asked->exchange);

    return asked->server->auth == AUTH_OFF &&
           credentials_find(asked->server->credentials, caller.access_key_id) == NULL;
}

bool
sts_serve(struct server *server, struct exchange *exchange, const char *action)
{
    size_t length = strcspn(action, "&"), i = 0;
    struct asked asked = { .server = server, .exchange = exchange, .now_ms = clock_wall_ms() };
    struct ids ids;

    while (i < COUNT(actions) &&
           (strlen(actions[i].name) != length || strncmp(actions[i].name, action, length) != 0))
        i++;
    if (i == COUNT(actions) || (actions[i].act != get_caller_identity && is_of_nobody(&asked)))
        return false;
    ids_open(&ids, NULL); /* of no sequence of the world */
    ids_uuid(&ids, asked.request_id);
    asked.action = actions[i].name;
    read_form(&asked);
    if (identify(&asked))
        actions[i].act(&asked);
    principal_drop(asked.who);
    free(asked.form);
    return true;
}
