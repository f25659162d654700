#include "permit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../state/base/array.h"
#include "../../state/base/instant.h"
#include "../../state/resource/tag.h"
#include "../../state/store.h"
#include "../access/credentials.h"
#include "../access/decide.h"
#include "../http/http.h"
#include "../json/tree.h"
#include "call.h"
#include "operation.h"

/* Where the ARN of a resource comes from: see permissions.def. */
struct place {
    enum { NOWHERE, ON_ANY, ON_ARN, ON_OPTIONAL, ON_EACH, ON_NAMED, ON_NEW } kind;
    const char *member; /* of the input */
    const char *more;   /* the member of an element; the form of a name, "collection/%s" */
    const char *under;  /* the member with the ARN that it is made under; NULL: the account */
};

static const struct permission {
    const char *operation, *action;
    struct place resource, second;
    const char *tags; /* the member with the tags of the request; NULL: it has none */
    const char *further;
    struct place of_further; /* where there is no further action: what is made, and may be tagged */
    const char *when;
} permissions[] = {
#define NOBODY                    \
    {                             \
        NOWHERE, NULL, NULL, NULL \
    }
#define ANY                      \
    {                            \
        ON_ANY, NULL, NULL, NULL \
    }
#define ARN(member)                \
    {                              \
        ON_ARN, member, NULL, NULL \
    }
#define OPTIONAL(member)                \
    {                                   \
        ON_OPTIONAL, member, NULL, NULL \
    }
#define EACH(list, member)          \
    {                               \
        ON_EACH, list, member, NULL \
    }
#define COLLECTION(member)                      \
    {                                           \
        ON_NAMED, member, "collection/%s", NULL \
    }
#define STREAM(member)                               \
    {                                                \
        ON_NAMED, member, "streamprocessor/%s", NULL \
    }
#define NEW(form, member)          \
    {                              \
        ON_NEW, member, form, NULL \
    }
#define UNDER(arn, form, member)  \
    {                             \
        ON_NEW, member, form, arn \
    }
#define PERMISSION(operation, resource, second, tags, further, of_further, when) \
    { #operation, "rekognition:" #operation, resource, second, tags, further, of_further, when },
#define MAKES(operation, what)
#include "permissions.def"
#undef PERMISSION
#undef MAKES
};

/* Of operations that have a further action, too. */
static const struct made {
    const char *operation;
    struct place what;
} all_made[] = {
#define PERMISSION(...)
#define MAKES(operation, what) { #operation, what },
#include "permissions.def"
#undef PERMISSION
#undef MAKES
};

#define KEYS_MAX 512 /* the service allows 200 tags of a principal, and of a request */

/* One question after the other, about one call. */
struct asking {
    struct call *call;
    struct policy_key keys[KEYS_MAX];
    size_t key_count;
    char address[64];
    const char *resource; /* of the question */
    struct tag *tags;     /* of that resource, read when they are asked for */
    size_t tag_count;
    bool has_tags;
};

static int
compare_names(const void *name, const void *permission)
{
    return strcmp(name, ((const struct permission *)permission)->operation);
}

/* The table is in the order of its names, as the tests know. */
static const struct permission *
permission_of(const char *operation)
{
    return bsearch(operation, permissions, COUNT(permissions), sizeof *permissions, compare_names);
}

bool
permission_is_known(const char *operation)
{
    return permission_of(operation) != NULL;
}

const char *
caller_arn(struct call *call)
{
    return call->who != NULL ? call->who->arn
                             : store_format(call->store, "arn:%s:iam::%s:root",
                                   arn_partition(call->scope.region), call->scope.account);
}

const char *
caller_role(const struct call *call)
{
    return call->who == NULL || strcmp(call->who->of, call->who->arn) == 0 ? NULL : call->who->of;
}

/* ---- the context --------------------------------------------------------------------- */

static void
add_key(struct asking *asking, const char *name, const char *value)
{
    if (value != NULL && asking->key_count < KEYS_MAX)
        asking->keys[asking->key_count++] = (struct policy_key){ name, value };
}

/* Tags as keys, "aws:RequestTag/team"; those of a list have no values. */
static void
add_tags(struct asking *asking, const char *prefix, const cJSON *tags)
{
    const cJSON *tag;

    if (tags == NULL)
        return;
    cJSON_ArrayForEach(tag, tags)
    {
        bool has_value = cJSON_IsObject(tags) && cJSON_IsString(tag);

        if (has_value)
            add_key(asking, store_format(asking->call->store, "%s%s", prefix, tag->string),
                tag->valuestring);
    }
}

static void
add_tag_keys(struct asking *asking, const cJSON *tags)
{
    const cJSON *tag;

    if (tags == NULL)
        return;
    cJSON_ArrayForEach(tag, tags) add_key(asking, "aws:TagKeys",
        cJSON_IsObject(tags) ? tag->string : cJSON_GetStringValue(tag));
}

/* IAM, *Global condition context keys*. */
static void
find_keys(struct asking *asking, const cJSON *tags)
{
    struct call *call = asking->call;

    asking->key_count = 0;
    add_key(asking, "aws:SecureTransport", call->secure ? "true" : "false");
    add_key(asking, "aws:RequestedRegion", call->scope.region);
    add_key(asking, "aws:userid", call->who->id);
    add_key(asking, "aws:ViaAWSService", "false");
    add_key(asking, "iam:PassedToService", "rekognition.amazonaws.com");
    add_tags(asking, "aws:PrincipalTag/", call->who->tags);
    add_tags(asking, "aws:RequestTag/", tags);
    add_tag_keys(asking, tags);
}

/* What another account owns has no tags for the caller: the answer would tell of them. */
static void
find_resource_tags(struct asking *asking)
{
    struct scope owner = { .account = "" };

    asking->has_tags = true;
    asking->tag_count = 0;
    arn_read(asking->resource, &owner);
    if (strcmp(owner.account, asking->call->scope.account) == 0)
        asking->tags = tag_list(asking->call->store, asking->resource, &asking->tag_count);
}

/* IAM: the keys of tags have no case in conditions. */
static const char *
find_resource_tag(struct asking *asking, const char *key)
{
    if (!asking->has_tags)
        find_resource_tags(asking);
    for (size_t i = 0; i < asking->tag_count; i++)
        if (strcasecmp(asking->tags[i].key, key) == 0)
            return asking->tags[i].value;
    return NULL;
}

/* The moment is the world's, so that a test can have it come. */
static const char *
find_late(void *context, const char *name)
{
    static const char tag[] = "aws:ResourceTag/";
    struct asking *asking = context;
    struct call *call = asking->call;
    char now[INSTANT_SIZE];

    if (strncasecmp(name, tag, strlen(tag)) == 0)
        return find_resource_tag(asking, name + strlen(tag));
    if (strcasecmp(name, "aws:SourceIp") == 0) {
        exchange_remote(call->exchange, asking->address, sizeof asking->address);
        return *asking->address == '\0' ? NULL : asking->address;
    }
    if (strcasecmp(name, "aws:UserAgent") == 0)
        return exchange_header(call->exchange, "User-Agent");
    if (strcasecmp(name, "aws:EpochTime") == 0)
        return store_format(call->store, "%" PRId64, call->at_ms / 1000);
    if (strcasecmp(name, "aws:CurrentTime") != 0)
        return NULL;
    instant_print(call->at_ms, now);
    return store_keep(call->store, now);
}

/* ---- resources ------------------------------------------------------------------------- */

/* The value at "A.B.C"; NULL where one of them is absent. */
static const cJSON *
input_at(const struct call *call, const char *path)
{
    const cJSON *at = call->input;
    char name[64];

    while (at != NULL && path != NULL) {
        size_t length = strcspn(path, ".");

        snprintf(name, sizeof name, "%.*s", (int)length, path);
        at = member_of(at, name);
        path = path[length] == '.' ? path + length + 1 : NULL;
    }
    return cJSON_IsNull(at) ? NULL : at;
}

static const char *
text_at(const struct call *call, const char *path)
{
    return cJSON_GetStringValue(input_at(call, path));
}

/* "project/birds/1795448249390" of the ARN it is made under, without the stamp; or the account. */
static const char *
arn_of_new(struct call *call, const struct place *place, const char *name)
{
    const char *form = store_format(call->store, "%s", place->more);
    const char *under = place->under == NULL ? NULL : text_at(call, place->under);
    const char *stamp = under == NULL ? NULL : strrchr(under, '/');
    const char *mark = strstr(form, "%s");
    char *tail = store_format(call->store, "%.*s%s%s", (int)(mark - form), form, name, mark + 2);

    if (stamp != NULL)
        return store_format(call->store, "%.*s/%s", (int)(stamp - under), under, tail);
    return store_format(call->store, "arn:%s:rekognition:%s:%s:%s",
        arn_partition(call->scope.region), call->scope.region, call->scope.account, tail);
}

/* The ARN, or "*"; NULL: there is none to ask about. */
static const char *
resource_at(struct call *call, const struct place *place)
{
    const char *text = place->member == NULL ? NULL : text_at(call, place->member);

    switch (place->kind) {
    case ON_ANY:
        return "*";
    case ON_ARN:
        return text;
    case ON_OPTIONAL:
        return text == NULL ? "*" : text;
    case ON_NAMED:
    case ON_NEW:
        return text == NULL ? "*" : arn_of_new(call, place, text);
    default:
        return NULL;
    }
}

/* ---- asking ------------------------------------------------------------------------------ */

static struct text
message_of(struct call *call, const struct decision *decision, const char *action,
    const char *resource)
{
    struct text out = { 0 };

    text_add_string(&out, "User: ");
    text_add_string(&out, call->who->arn);
    text_add_string(&out, " is not authorized to perform: ");
    text_add_string(&out, action);
    if (strcmp(resource, "*") != 0) {
        text_add_string(&out, " on resource: ");
        text_add_string(&out, resource);
    }
    text_add_string(&out, " ");
    decision_add_reason(decision, action, &out);
    return out;
}

/* Decisions of one call stand in a line each. */
static void
tell(struct call *call, const struct decision *decision, const struct policy_request *request,
    bool softly)
{
    struct text *told = &call->decisions;

    if (told->bytes != NULL)
        text_add_string(told, "\n");
    decision_explain(decision, call->who, request, told);
    if (softly)
        text_add_string(told, "; --soft lets it pass");
}

static bool
refuse_by(struct call *call, const struct decision *decision, const char *action,
    const char *resource)
{
    struct text message = message_of(call, decision, action, resource);

    fail(call, AccessDeniedException, DOCUMENTED,
        "Error handling; IAM User Guide, Troubleshoot access denied error messages", "%s",
        message.bytes);
    free(message.bytes);
    call->rule = "PERMISSION";
    call->found = store_keep(call->store, call->decisions.bytes);
    return false;
}

/* What they say, which has been told; true when nothing is in the way of it. */
static bool
ask_policies(struct asking *asking, const char *action, const char *resource,
    struct decision *decision)
{
    struct call *call = asking->call;
    struct policy_request request = { .principal = call->who->arn,
        .account = call->who->account,
        .role = caller_role(call),
        .action = action,
        .resource = resource,
        .keys = asking->keys,
        .key_count = asking->key_count,
        .late = find_late,
        .context = asking };
    bool denied, softly = call->policies == POLICIES_SOFT;

    asking->resource = resource;
    asking->has_tags = false;
    *decision = decide(call->who, &request, NULL, false);
    denied = decision->result != DECISION_ALLOWED;
    tell(call, decision, &request, denied && softly);
    return !denied || softly;
}

static bool
may(void *context, const char *action, const char *resource)
{
    struct asking *asking = context;
    struct decision decision;

    return ask_policies(asking, action, resource, &decision) ||
           refuse_by(asking->call, &decision, action, resource);
}

/* ---- what there is to ask ------------------------------------------------------------------ */

struct questions {
    struct call *call;
    bool (*ask)(void *context, const char *action, const char *resource);
    void *context;
};

static bool
ask_at(const struct questions *questions, const char *action, const struct place *place)
{
    const char *resource;
    const cJSON *element;

    if (place->kind != ON_EACH) {
        resource = resource_at(questions->call, place);
        return resource == NULL || questions->ask(questions->context, action, resource);
    }
    cJSON_ArrayForEach(element, input_at(questions->call, place->member))
    {
        resource = text_of(element, place->more);
        if (resource != NULL && !questions->ask(questions->context, action, resource))
            return false;
    }
    return true;
}

static bool
is_tagging(const char *operation)
{
    return strcmp(operation, "TagResource") == 0 || strcmp(operation, "UntagResource") == 0;
}

/* What is tagged: what the operation makes, or what it is about. */
static const struct place *
place_of_tags(const struct permission *permission)
{
    for (size_t i = 0; i < COUNT(all_made); i++)
        if (strcmp(all_made[i].operation, permission->operation) == 0)
            return &all_made[i].what;
    return permission->of_further.kind == ON_NEW || permission->of_further.kind == ON_NAMED
               ? &permission->of_further
               : &permission->resource;
}

/* Tagging what is made asks for TagResource, too; TagResource itself has no second question. */
static bool
ask_to_tag(const struct questions *questions, const struct permission *permission)
{
    const cJSON *tags =
        permission->tags == NULL ? NULL : member_of(questions->call->input, permission->tags);

    if (tags == NULL || tags->child == NULL || is_tagging(permission->operation))
        return true;
    return ask_at(questions, "rekognition:TagResource", place_of_tags(permission));
}

bool
permissions_asked(struct call *call,
    bool (*ask)(void *context, const char *action, const char *resource), void *context)
{
    const struct permission *permission = permission_of(call->operation->name);
    const struct questions questions = { call, ask, context };

    return ask_at(&questions, permission->action, &permission->resource) &&
           (permission->second.kind == NOWHERE ||
               ask_at(&questions, permission->action, &permission->second)) &&
           (permission->further == NULL || input_at(call, permission->when) == NULL ||
               ask_at(&questions, permission->further, &permission->of_further)) &&
           ask_to_tag(&questions, permission);
}

bool
permitted(struct call *call)
{
    const struct permission *permission;
    struct asking asking;

    if (call->policies == POLICIES_OFF)
        return true;
    permission = permission_of(call->operation->name);
    asking.call = call;
    find_keys(&asking, permission->tags == NULL ? NULL : input_member(call, permission->tags));
    return permissions_asked(call, may, &asking);
}

/* S3 User Guide, *Policy actions for Amazon S3*: objects are arn:aws:s3:::bucket/key. */
bool
may_use_object(struct call *call, const char *action, const char *bucket, const char *key)
{
    struct asking asking;
    struct decision decision;

    if (call->policies == POLICIES_OFF || setting_int(call->store, SETTING_S3_AS_CALLER) == 0)
        return true;
    asking.call = call;
    find_keys(&asking, NULL);
    return ask_policies(&asking, action,
        store_format(call->store, "arn:%s:s3:::%s/%s", arn_partition(call->scope.region), bucket,
            key == NULL ? "*" : key),
        &decision);
}
