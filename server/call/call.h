/*
 * One API call, from its validated input to its output or its error.
 *
 * What is read from the store lives until the step ends; what is answered
 * belongs to the call.
 */
#ifndef SERVER_CALL_CALL_H
#define SERVER_CALL_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "../../state/base/arn.h"
#include "../../state/base/ids.h"
#include "../../state/result.h"
#include "../../state/setting.h"
#include "error.h"
#include "../json/write.h"
#include "../model/validate.h"

#define REASON_SIZE 640 /* a rule, what was found, a limit */

struct gathered;
struct once;
struct operation;
struct shown;
struct exchange;
struct operation_model;
struct principal;
struct store;

struct call {
    const struct operation *operation;
    const struct operation_model *model; /* of the operation: its name and the errors it declares */
    struct store *store;                 /* inside a step */
    struct scope scope;                  /* the caller's */
    struct principal *who;               /* who has proved to be it; NULL: nobody had to */
    enum { POLICIES_OFF, POLICIES_SOFT, POLICIES_ON } policies; /* whether they are asked */
    struct text decisions;           /* what they said, in words for the journal */
    const struct exchange *exchange; /* for what policies ask about it; else none of its business */
    bool secure;                     /* it came by TLS */
    const char *access_key_id;       /* "" when the caller is not signed */

    int64_t at_ms, begun_us; /* the world's moment; when it came, in real time */
    int64_t moves;           /* the last event of the history before it */
    const char *sent;        /* the input as it came, for the journal; NULL: unreadable */

    cJSON *input; /* fits the operation's input shape */
    struct written answer;
    struct part output; /* the whole of it, {}, for the operation to fill */

    const char *asked;         /* the key that was fetched by last, for refusals that name it */
    const void *fetched;       /* what operations.def says, a struct project; NULL: nothing */
    bool reads_s3;             /* S3 is on */
    struct gathered *gathered; /* what was read of S3: see gather.h; NULL: nothing */

    struct shown *shown; /* steps that wait for answers, in the output: see shown.h */
    size_t shown_count, shown_room;

    struct once *once; /* what was said already */

    const char *in_progress; /* ARN of what the output shows in the middle of a step, or NULL */
    int64_t hold_ms;         /* for how long that may be waited for, then */
    int64_t waiter_hold_ms;  /* likewise, by the waiter of an SDK */
    bool held;               /* it was waited for: the call is made once more */

    enum error error; /* NO_ERROR until fail() or refused() */
    unsigned status;  /* of the answer, when it is not the error's usual one; else 0 */
    int64_t fault;    /* the fault that struck it, or 0 */
    char *message;    /* of the error; NULL: none */

    /* Why, for the journal: never part of the answer. Each error has a rule and a source. */
    const char *rule, *found;
    const char *limit; /* the name of the setting that was exceeded; NULL: none */
    double limit_value;
    enum evidence evidence;
    const char *source;
    struct findings findings; /* of the input */

    char reason[REASON_SIZE]; /* the same in a header, unless it is not to be said */
    bool reveals;
    char words[320]; /* room for `found` outside of a step */
    char request_id[UUID_SIZE];
};

/* Members of the input. A required one is always there; an absent one is NULL or `otherwise`. */
const cJSON *input_member(const struct call *, const char *member);
const char *input_text(const struct call *, const char *member);
int64_t input_int(const struct call *, const char *member, int64_t otherwise);
char *input_json(struct call *, const char *member); /* as JSON text, until the step ends */

/* The same, of any part of it. */
char *json_kept(struct call *, const cJSON *item); /* NULL for NULL */

/*
 * Ends the call with an error. Always false, so that a handler can `return fail(...)`.
 * `evidence` and `source` say how error and message are known.
 */
bool fail(struct call *, enum error, enum evidence, const char *source, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The same, of an error whose message comes from elsewhere (NULL: none). The caller explains it. */
void fail_with(struct call *, enum error, const char *message);

/* Ends it as refusals.def says, unless the result is RESULT_OK. True when it is. */
bool granted(struct call *, enum result);

/* Of a call that has failed: says which setting its value exceeds. Always false. */
bool beyond(struct call *, enum setting);

/* "Request has invalid parameters", because of `rule`, which the answer does not tell. */
bool invalid_parameter(struct call *, enum evidence, const char *source, const char *rule);

#endif
