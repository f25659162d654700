/*
 * What was decided about a request, and the decisions that a principal remembers, so that it need not be
 * asked again: those in which only action and resource counted. Its policies never change.
 */
#ifndef SERVER_ACCESS_DECIDED_H
#define SERVER_ACCESS_DECIDED_H

#include "policy.h"

enum decision_result { DECISION_ALLOWED, DECISION_DENIED, DECISION_DENIED_EXPLICITLY };

/* Whose word it was; when nothing allows, who should have. */
enum decision_by { BY_IDENTITY, BY_BOUNDARY, BY_SESSION, BY_RESOURCE, BY_ROOT };

struct decision {
    enum decision_result result;
    enum decision_by by;
    unsigned policy;             /* of several of a kind, from 0 */
    struct policy_saying saying; /* of that policy, where one has decided */
};

/* A few of them; NULL has none, and can be added to. */
struct decided;

const struct decision *decided_find(const struct decided *, const struct policy_request *);
void decided_add(struct decided **, const struct policy_request *, const struct decision *);
void decided_forget(struct decided *);

#endif
