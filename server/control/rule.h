/*
 * What stands until it is used up or deleted: outcomes, faults, detections and breakpoints.
 *
 * The rule: all of them are listed, read and deleted in the same way, by ids that are never used twice.
 */
#ifndef SERVER_CONTROL_RULE_H
#define SERVER_CONTROL_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

struct control;
struct operation;
struct store;

struct rule_kind {
    const char *one, *all; /* "fault", "faults" */

    /* The next after `*after`, oldest first, as it is shown; NULL after the last. In a step. */
    cJSON *(*next)(struct store *, int64_t *after);
    bool (*remove)(struct store *, int64_t id);
    int (*remove_all)(struct store *, const char *account, const char *region);
};

/* Each ends the call. Those to delete may be of the arguments account and region alone. */
void rules_list(struct control *, const struct rule_kind *);
void rule_get(struct control *, const struct rule_kind *); /* the one that {} stood for */
void rules_delete(struct control *, const struct rule_kind *);
void rule_delete(struct control *, const struct rule_kind *); /* the one that {} stood for */

/* Ends the step, and the call with `json`, or, for NULL, because there is no such rule. */
void rule_answer(struct control *, const struct rule_kind *, cJSON *json);

/* Of a whole ARN it is plain whether it has such a step at all: false, and the call has failed, if not. */
bool rule_step_fits(struct control *, const char *event, const char *resource);

/* Ends the call, and the step in which the rule was added: with its id. */
void rule_added(struct control *, int64_t id);

/* An error to answer calls with; what is not given is NULL or 0. */
struct rule_error {
    const char *code, *message;
    int64_t status;
};

/* Which errors may be given: any that the operation can end in, its front door's and any HTTP status
 * included, or those that the service declares for it. */
enum rule_errors { RULE_ANY_ERROR, RULE_DECLARED_ERROR };

/* The member `error`, of an operation, NULL: any. False, and the call has failed, for a bad one. */
bool rule_read_error(struct control *, const struct operation *, enum rule_errors,
    struct rule_error *);
void rule_set_error(cJSON *object, const struct rule_error *);

#endif
