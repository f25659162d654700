/*
 * The decision about a request, out of everything that has a say: policies of the principal, its
 * boundary, those of its session, and those of the resource.
 *
 * IAM, *Policy evaluation logic*: an explicit deny anywhere decides; else something must allow, and what
 * bounds must allow too; between accounts the resource's owner must, besides.
 */
#ifndef SERVER_ACCESS_DECIDE_H
#define SERVER_ACCESS_DECIDE_H

#include <stdbool.h>

#include "decided.h"

struct principal;

/*
 * The policies of the resource are an array of documents, or NULL. The principal remembers what was decided
 * of it where only action and resource counted, and is not asked again.
 */
struct decision decide(struct principal *, const struct policy_request *, const cJSON *of_resource,
    bool crosses_accounts);

/* As AccessDeniedException ends: "because no identity-based policy allows the … action". */
void decision_add_reason(const struct decision *, const char *action, struct text *);

/* For the journal: which statement of which policy, or what kept the nearest one from allowing it. */
void decision_explain(const struct decision *, const struct principal *,
    const struct policy_request *, struct text *);

#endif
