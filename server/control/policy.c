/* What the credentials allow: asked without a call, or read off the calls that were made. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../state/base/array.h"
#include "../../state/base/instant.h"
#include "../../state/base/memory.h"
#include "../../state/resource/tag.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../access/credentials.h"
#include "../access/decide.h"
#include "../call/call.h"
#include "../call/operation.h"
#include "../call/permit.h"
#include "../call/server.h"
#include "../http/http.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../record/journal.h"
#include "control.h"

/* ---- simulate ---------------------------------------------------------------------- */

/* Keys of a request, given and known. */
struct context {
    struct store *store;
    const char *resource;
    struct policy_key *keys;
    size_t count, capacity;
};

static void
add_key(struct context *context, const char *name, const char *value)
{
    context->keys =
        array_room(context->keys, context->count, &context->capacity, sizeof *context->keys);
    context->keys[context->count++] = (struct policy_key){ name, value };
}

/* Numbers and truth values as the texts that conditions compare. */
static void
add_value(struct context *context, const char *name, const cJSON *value)
{
    char text[40];

    if (cJSON_IsString(value))
        add_key(context, name, value->valuestring);
    else if (cJSON_IsBool(value))
        add_key(context, name, cJSON_IsTrue(value) ? "true" : "false");
    else if (cJSON_IsNumber(value)) {
        snprintf(text, sizeof text, "%.15g", value->valuedouble);
        add_key(context, name, store_keep(context->store, text));
    }
}

static void
add_given(struct context *context, const cJSON *given)
{
    const cJSON *key, *value;

    cJSON_ArrayForEach(key, given)
    {
        if (cJSON_IsArray(key)) {
            cJSON_ArrayForEach(value, key) add_value(context, key->string, value);
        } else {
            add_value(context, key->string, key);
        }
    }
}

/* What follows from principal and moment, unless it was given. */
static void
add_known(struct context *context, const struct principal *who, const cJSON *given)
{
    const cJSON *tag;
    char now[INSTANT_SIZE];

    instant_print(store_now(context->store), now);
    if (member_of(given, "aws:CurrentTime") == NULL)
        add_key(context, "aws:CurrentTime", store_keep(context->store, now));
    cJSON_ArrayForEach(tag, who->tags)
    {
        const char *name = store_format(context->store, "aws:PrincipalTag/%s", tag->string);

        if (member_of(given, name) == NULL)
            add_key(context, name, tag->valuestring);
    }
}

/* Tags of a resource that is there. */
static const char *
find_late(void *context, const char *name)
{
    static const char tag[] = "aws:ResourceTag/";
    struct context *of = context;
    struct tag *tags;
    size_t count;

    if (strncasecmp(name, tag, strlen(tag)) != 0)
        return NULL;
    tags = tag_list(of->store, of->resource, &count);
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(tags[i].key, name + strlen(tag)) == 0)
            return tags[i].value;
    return NULL;
}

static cJSON *
simulate(struct control *control, struct principal *who)
{
    static const char *const names[] = { "allowed", "implicitDeny", "explicitDeny" };
    const cJSON *given = member_of(control->body, "context");
    const char *resource = text_of(control->body, "resource");
    struct context context = { .store = control->store,
        .resource = resource == NULL ? "*" : resource };
    struct policy_request request = { .principal = who->arn,
        .account = who->account,
        .role = strcmp(who->of, who->arn) == 0 ? NULL : who->of,
        .action = text_of(control->body, "action"),
        .resource = context.resource,
        .late = find_late,
        .context = &context };
    cJSON *answer = cJSON_CreateObject();
    struct text because = { 0 };
    struct decision decision;

    add_given(&context, given);
    add_known(&context, who, given);
    request.keys = context.keys;
    request.key_count = context.count;
    decision = decide(who, &request, NULL, false);
    decision_explain(&decision, who, &request, &because);
    tree_set_text(answer, "decision", names[decision.result]);
    cJSON_AddItemToArray(tree_set_list(answer, "because"), cJSON_CreateString(because.bytes));
    free(because.bytes);
    free(context.keys);
    return answer;
}

void
control_policy_simulate(struct control *control)
{
    struct principal *who =
        credentials_principal(control->server->credentials, text_of(control->body, "principal"));
    cJSON *answer;

    if (who == NULL) {
        control_fail(control, 404, "NotFound", "The credentials have no such principal.");
        return;
    }
    step_begin(control->store, "simulate");
    answer = simulate(control, who);
    step_end(control->store, true);
    principal_drop(who);
    control_answer(control, answer);
}

/* ---- suggest -------------------------------------------------------------------------- */

/* A statement for each set of resources; `actions` of it are a list in the answer. */
struct suggestion {
    cJSON *statements;
    struct store *store;
};

static bool
has_text(const cJSON *list, const char *text)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list) if (strcmp(item->valuestring, text) == 0) return true;
    return false;
}

static void
add_once(cJSON *list, const char *text)
{
    if (!has_text(list, text))
        cJSON_AddItemToArray(list, cJSON_CreateString(text));
}

/* The stamp at the end of an ARN is of one moment: the next run has others. */
static const char *
without_stamp(struct store *store, const char *resource)
{
    const char *slash = strrchr(resource, '/');

    if (slash == NULL || slash[1] == '\0' || strspn(slash + 1, "0123456789") != strlen(slash + 1))
        return resource;
    return store_format(store, "%.*s/*", (int)(slash - resource), resource);
}

/* One statement for each action at first, with the resources that it was for. */
static bool
note(void *context, const char *action, const char *resource)
{
    struct suggestion *suggestion = context;
    cJSON *statement;

    cJSON_ArrayForEach(statement,
        suggestion->statements) if (strcmp(cJSON_GetArrayItem(member_of(statement, "Action"), 0)
                                               ->valuestring,
                                        action) == 0) break;
    if (statement == NULL) {
        statement = cJSON_CreateObject();
        cJSON_AddItemToArray(suggestion->statements, statement);
        tree_set_text(statement, "Effect", "Allow");
        add_once(tree_set_list(statement, "Action"), action);
        tree_set_list(statement, "Resource");
    }
    add_once(cJSON_GetObjectItemCaseSensitive(statement, "Resource"),
        without_stamp(suggestion->store, resource));
    return true;
}

/* What is for the same resources becomes one. */
static void
merge(cJSON *statements)
{
    for (cJSON *one = statements->child; one != NULL; one = one->next)
        for (cJSON *other = one->next, *next; other != NULL; other = next) {
            next = other->next;
            if (!cJSON_Compare(member_of(one, "Resource"), member_of(other, "Resource"), true))
                continue;
            add_once(cJSON_GetObjectItemCaseSensitive(one, "Action"),
                cJSON_GetArrayItem(member_of(other, "Action"), 0)->valuestring);
            cJSON_Delete(cJSON_DetachItemViaPointer(statements, other));
        }
}

/* Whether the call was made by him, or by a session of him; the root stands for his account. */
static bool
is_of(struct control *control, const struct journal_entry *entry, const char *arn)
{
    const struct access_key *key =
        entry->access_key_id == NULL
            ? NULL
            : credentials_find(control->server->credentials, entry->access_key_id);
    struct text root = { 0 };
    bool is_root;

    if (key != NULL)
        return strcmp(key->who->arn, arn) == 0 || strcmp(key->who->of, arn) == 0;
    text_add_string(&root, ":iam::");
    text_add_string(&root, entry->account);
    text_add_string(&root, ":root");
    is_root = strstr(arn, root.bytes) != NULL;
    free(root.bytes);
    return is_root;
}

static void
read_entry(struct suggestion *suggestion, const struct journal_entry *entry)
{
    struct call call = { .store = suggestion->store };

    call.operation = operation_find(entry->operation);
    call.input = json_parse(entry->input, strlen(entry->input), NULL);
    snprintf(call.scope.account, sizeof call.scope.account, "%s", entry->account);
    snprintf(call.scope.region, sizeof call.scope.region, "%s", entry->region);
    if (cJSON_IsObject(call.input))
        permissions_asked(&call, note, suggestion);
    cJSON_Delete(call.input);
}

/* What never was a call says nothing of what its caller needs. */
static bool
was_call(const struct journal_entry *entry)
{
    return entry->operation != NULL && entry->input != NULL &&
           (entry->error == NULL || (strcmp(entry->error, "ValidationException") != 0 &&
                                        strcmp(entry->error, "SerializationException") != 0));
}

void
control_policy_suggest(struct control *control)
{
    const struct journal *journal = control->server->journal;
    const char *arn = exchange_argument(control->exchange, "arn");
    struct suggestion suggestion = { .store = control->store };
    cJSON *policy;

    if (arn == NULL || strncmp(arn, "arn:", 4) != 0) {
        control_fail(control, 400, "InvalidValue", "'arn' must be the ARN of a principal.");
        return;
    }
    policy = cJSON_CreateObject();
    tree_set_text(policy, "Version", "2012-10-17");
    suggestion.statements = tree_set_list(policy, "Statement");
    step_begin(control->store, "suggest");
    for (const struct journal_entry *entry = journal_next(journal, 0); entry != NULL;
         entry = journal_next(journal, entry->id))
        if (was_call(entry) && is_of(control, entry, arn))
            read_entry(&suggestion, entry);
    step_end(control->store, true);
    merge(suggestion.statements);
    control_answer(control, policy);
}
