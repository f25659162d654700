/*
 * Sessions of Face Liveness, and how their checks end: there is no camera, so somebody tells.
 *
 * The rule: a session stays CREATED until an end that fits it is told, or the setting liveness.auto has every check go
 * well; what is told takes those under way first, the oldest before others, and then those to come. Whatever happens,
 * a session expires so long after its creation as liveness.expire says.
 */
#ifndef STATE_RESOURCE_LIVENESS_H
#define STATE_RESOURCE_LIVENESS_H

#include <stdbool.h>
#include <stdint.h>

#include "../base/arn.h"
#include "../lifecycle.h"
#include "../result.h"

struct store;

#define LIVENESS_KIND "liveness"
#define LIVENESS_ANY "*"      /* any session, of an end */
#define LIVENESS_USUAL (-1.0) /* a confidence that nobody said */
#define LIVENESS_AT_ONCE (-1) /* as `after_ms` of an end */
#define LIVENESS_TASK "liveness.write"

/* What comes of a check. What is NULL was not told. */
struct liveness_result {
    double confidence;     /* per cent, or LIVENESS_USUAL */
    const char *person;    /* as images call them; NULL: a stranger, who is the session */
    const char *reference; /* JSON, {"bytes"} or {"s3"}: the reference image; NULL: one is drawn */
};

/* A row; its texts live until the step ends. */
struct liveness {
    int64_t id;
    const char *arn;
    struct scope scope;
    const char *name; /* the SessionId */
    const char *status, *request, *token;
    int64_t created_ms, entered_ms;
    bool writes; /* its images go to S3 */
    bool checks; /* a check under way ends by itself */
    bool told;   /* how it ends was told */
    struct liveness_result result;
};

/* Makes one for scope, request, token and writes; what it is then is in it. */
enum result liveness_create(struct store *, struct liveness *);

/* One as a fixture declares it: that of scope and name, with its moment of creation. */
enum result liveness_place(struct store *, struct liveness *, const struct placing *);

bool liveness_find(struct store *, const char *arn, struct liveness *);
bool liveness_of_token(struct store *, const struct scope *, const char *token, struct liveness *);
const void *liveness_fetch(struct store *, const struct scope *, const char *name);

/* The next behind `*after` in the scope, oldest first, which it moves on. */
bool liveness_next(struct store *, const struct scope *, int64_t *after, struct liveness *);

/* ---- how checks end ----------------------------------------------------- */

/* A row; its texts live until the step ends. */
struct liveness_end {
    int64_t id;
    const char *account; /* whose sessions it is for; NULL: anybody's */
    const char *session; /* its SessionId, or LIVENESS_ANY */
    const char *status;  /* IN_PROGRESS, SUCCEEDED or FAILED */
    struct liveness_result result;
    int64_t after_ms;    /* from when it is told, or from the creation; LIVENESS_AT_ONCE */
    int64_t times, hits; /* the sessions that it is for, and those it has had */
};

/* Adds one, which takes what is under way; its id. */
int64_t liveness_end_add(struct store *, const struct liveness_end *);

bool liveness_end_next(struct store *, int64_t *after, struct liveness_end *);
bool liveness_end_remove(struct store *, int64_t id); /* false when there is none */

/* Those for the account alone (NULL: all); how many there were. None is for one region alone. */
int liveness_end_remove_all(struct store *, const char *account, const char *region);

#endif
