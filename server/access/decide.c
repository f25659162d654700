#include "decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/array.h"
#include "credentials.h"

/* What several documents of one kind say together; which of them, in `decision`. */
static enum policy_verdict
ask_all(const cJSON *documents, const struct policy_request *request, enum decision_by by,
    struct decision *decision, bool *asked_a_key)
{
    enum policy_verdict verdict = POLICY_SILENT;
    unsigned index = 0;
    const cJSON *document;

    cJSON_ArrayForEach(document, documents)
    {
        struct policy_saying saying = policy_say(document, request, NULL);

        *asked_a_key = *asked_a_key || saying.asked_a_key;
        if (saying.verdict > verdict) {
            verdict = saying.verdict;
            *decision = (struct decision){ .by = by, .policy = index, .saying = saying };
        }
        index++;
    }
    return verdict;
}

static enum policy_verdict
ask_one(const cJSON *document, const struct policy_request *request, enum decision_by by,
    struct decision *decision, bool *asked_a_key)
{
    struct policy_saying saying = policy_say(document, request, NULL);

    *asked_a_key = *asked_a_key || saying.asked_a_key;
    *decision = (struct decision){ .by = by, .saying = saying };
    return saying.verdict;
}

/* IAM, *Root user*: no policy of its account is needed, or can be attached. */
static bool
is_root(const struct principal *who)
{
    const char *resource = strrchr(who->arn, ':');

    return resource != NULL && strcmp(resource, ":root") == 0;
}

static struct decision
denied(enum decision_by by)
{
    return (struct decision){ .result = DECISION_DENIED, .by = by };
}

static struct decision
ask_everyone(const struct principal *who, const struct policy_request *request,
    const cJSON *of_resource, bool crosses_accounts, bool *asked_a_key)
{
    struct decision says[BY_ROOT];
    enum policy_verdict verdicts[BY_ROOT] = { [BY_IDENTITY] = POLICY_ALLOWS,
        [BY_BOUNDARY] = POLICY_ALLOWS,
        [BY_SESSION] = POLICY_ALLOWS };
    bool by_resource;

    memset(says, 0, sizeof says);
    says[BY_IDENTITY].by = BY_ROOT;
    if (!is_root(who) || cJSON_GetArraySize(who->policies) > 0)
        verdicts[BY_IDENTITY] =
            ask_all(who->policies, request, BY_IDENTITY, &says[BY_IDENTITY], asked_a_key);
    if (who->boundary != NULL)
        verdicts[BY_BOUNDARY] =
            ask_one(who->boundary, request, BY_BOUNDARY, &says[BY_BOUNDARY], asked_a_key);
    if (who->session != NULL)
        verdicts[BY_SESSION] =
            ask_all(who->session, request, BY_SESSION, &says[BY_SESSION], asked_a_key);
    verdicts[BY_RESOURCE] =
        ask_all(of_resource, request, BY_RESOURCE, &says[BY_RESOURCE], asked_a_key);
    for (enum decision_by by = BY_IDENTITY; by < BY_ROOT; by++)
        if (verdicts[by] == POLICY_DENIES) {
            says[by].result = DECISION_DENIED_EXPLICITLY;
            return says[by];
        }
    by_resource = verdicts[BY_RESOURCE] == POLICY_ALLOWS;
    if (verdicts[BY_IDENTITY] != POLICY_ALLOWS && (crosses_accounts || !by_resource))
        return denied(BY_IDENTITY);
    if (verdicts[BY_BOUNDARY] != POLICY_ALLOWS)
        return denied(BY_BOUNDARY);
    if (verdicts[BY_SESSION] != POLICY_ALLOWS)
        return denied(BY_SESSION);
    if (crosses_accounts && !by_resource)
        return denied(BY_RESOURCE);
    return verdicts[BY_IDENTITY] == POLICY_ALLOWS ? says[BY_IDENTITY] : says[BY_RESOURCE];
}

struct decision
decide(struct principal *who, const struct policy_request *request, const cJSON *of_resource,
    bool crosses_accounts)
{
    bool asked_a_key = false, is_its_own = of_resource == NULL && !crosses_accounts;
    const struct decision *before = is_its_own ? decided_find(who->decided, request) : NULL;
    struct decision decision;

    if (before != NULL)
        return *before;
    decision = ask_everyone(who, request, of_resource, crosses_accounts, &asked_a_key);
    if (is_its_own && !asked_a_key)
        decided_add(&who->decided, request, &decision);
    return decision;
}

/* ---- words ---------------------------------------------------------------------- */

static const char *const kinds[] = {
    [BY_IDENTITY] = "identity-based policy",
    [BY_BOUNDARY] = "permissions boundary",
    [BY_SESSION] = "session policy",
    [BY_RESOURCE] = "resource-based policy",
    [BY_ROOT] = "identity-based policy",
};

/* IAM, *Troubleshoot access denied error messages*. */
void
decision_add_reason(const struct decision *decision, const char *action, struct text *out)
{
    if (decision->result == DECISION_DENIED_EXPLICITLY) {
        text_add_string(out, decision->by == BY_IDENTITY ? "with an explicit deny in an "
                                                         : "with an explicit deny in a ");
        text_add_string(out, kinds[decision->by]);
        return;
    }
    text_add_string(out, "because no ");
    text_add_string(out, kinds[decision->by]);
    text_add_string(out, " allows the ");
    text_add_string(out, action);
    text_add_string(out, " action");
}

/* What kept the nearest of them from allowing it. */
static void
add_missed(const cJSON *documents, const struct policy_request *request, struct text *out)
{
    const cJSON *document;
    unsigned index = 0;

    cJSON_ArrayForEach(document, documents)
    {
        struct text missed = { 0 };

        policy_say(document, request, &missed);
        if (missed.bytes != NULL) {
            text_add_format(out, "; policies[%u], ", index);
            text_add_string(out, missed.bytes);
        }
        free(missed.bytes);
        index++;
    }
}

static void
add_nearest(const struct decision *decision, const struct principal *who,
    const struct policy_request *request, struct text *out)
{
    struct text missed = { 0 };

    if (decision->by == BY_IDENTITY)
        add_missed(who->policies, request, out);
    if (decision->by == BY_SESSION)
        add_missed(who->session, request, out);
    if (decision->by != BY_BOUNDARY)
        return;
    policy_say(who->boundary, request, &missed);
    if (missed.bytes != NULL) {
        text_add_string(out, "; ");
        text_add_string(out, missed.bytes);
    }
    free(missed.bytes);
}

void
decision_explain(const struct decision *decision, const struct principal *who,
    const struct policy_request *request, struct text *out)
{
    text_add_string(out, request->action);
    text_add_string(out, " on ");
    text_add_string(out, request->resource);
    text_add_string(out, decision->result == DECISION_ALLOWED ? " is allowed" : " is denied");
    if (decision->result == DECISION_DENIED) {
        text_add_string(out, ": no ");
        text_add_string(out, kinds[decision->by]);
        text_add_string(out, " allows it");
        add_nearest(decision, who, request, out);
        return;
    }
    if (decision->by == BY_ROOT) {
        text_add_string(out, " to the root user of the account");
        return;
    }
    text_add_string(out, " by the ");
    text_add_string(out, kinds[decision->by]);
    text_add_string(out, " ");
    text_add_count(out, decision->policy);
    text_add_string(out, ", statement ");
    text_add_count(out, decision->saying.statement);
    if (decision->saying.sid != NULL) {
        text_add_string(out, " (");
        text_add_string(out, decision->saying.sid);
        text_add_string(out, ")");
    }
}
