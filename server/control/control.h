/*
 * The control API, under /_local: one file for each noun.
 *
 * A call is a row of control.def, its body an object of members.def: what these do not have is
 * refused before the row's function begins. That reads the request, works in steps of its own, and
 * ends the call once, with control_answer() or control_fail().
 */
#ifndef SERVER_CONTROL_CONTROL_H
#define SERVER_CONTROL_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "calls.h"

struct control_row;
struct exchange;
struct scope;
struct server;
struct store;

struct control {
    const struct control_row *row; /* of control.def; NULL: there is none */
    struct server *server;
    struct store *store;
    struct exchange *exchange;
    char name[256]; /* what {id} or {name} in the path stood for, decoded */
    cJSON *body;    /* an object; empty when the request had none */
    bool ended;
};

/* Finds the function for the exchange and calls it. Takes the exchange over. */
void control_serve(struct server *, struct exchange *);

/* The same for a request that was refused before it was one: 400, 413 or 500. */
void control_refuse(struct server *, struct exchange *, unsigned status, const char *why);

/* The same for one that was not let in. */
void control_shut_out(struct server *, struct exchange *, unsigned status, const char *code,
    const char *why);

/* The call as it is to be ended later, in place of this one; without its body. */
struct control control_later(struct control *);

/* Ends the call with 200 and this JSON, which is taken over. */
void control_answer(struct control *, cJSON *);

void control_answer_status(struct control *, unsigned status, cJSON *); /* with another than 200 */

/* Likewise with this text, which is from malloc. */
void control_answer_text(struct control *, const char *content_type, char *text, size_t length);

/* Ends it with an error: 400, 404, 405, 409 or 413. Always false. */
bool control_fail(struct control *, unsigned status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The body of an error. */
cJSON *control_error(const char *code, const char *message);

/* The same, because a step could not be kept: 500. */
bool control_store_failed(struct control *);

/* Ends a step as step_end() does; false, and the call has failed, when the store has. */
bool control_step_end(struct control *, bool keep);

/*
 * Members of the body or of an object in it, which have been checked by members.def; what is left out
 * is `otherwise`. Texts are read with text_of(), see tree.h.
 */
double control_number(const cJSON *object, const char *member, double otherwise);
int64_t control_count(const cJSON *object, const char *member, int64_t otherwise);
int64_t control_duration(const cJSON *object, const char *member, int64_t otherwise_ms);
int64_t control_moment(const cJSON *object, const char *member, int64_t otherwise_ms);

/* An ARN of ours, or a glob that such can match. False, and the call has failed, when it is not. */
bool control_arn_glob(struct control *, const char *member, const char **value);

/* The arguments account and region; "" where there is none. False, and the call has failed, for a
 * bad one. */
bool control_scope(struct control *, struct scope *);
const char *control_any(const char *); /* NULL, which is any account or region, for "" */

/* A whole number among the arguments; `*value` as it was when it is not there. */
bool control_argument_integer(struct control *, const char *name, int64_t least, int64_t most,
    int64_t *value);

/* Ids are text, because they name things. What {} stood for as an id: 0 when it is none. */
void control_set_id(cJSON *object, int64_t id);
int64_t control_id(const struct control *);

/* The argument arn, which must be a whole one; "" when there is none. */
bool control_argument_arn(struct control *, char *arn, size_t size);

/* As RFC 3339 with milliseconds. */
void control_set_instant(cJSON *object, const char *member, int64_t ms);

#endif
