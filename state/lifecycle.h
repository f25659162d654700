/*
 * Lifecycles: which states a resource passes through, and when.
 *
 * The tables of lifecycle.def are the whole behaviour over time.
 * lifecycle_move() is the only writer of a status.
 */
#ifndef STATE_LIFECYCLE_H
#define STATE_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/evidence.h"
#include "result.h"
#include "setting.h"

struct store;

struct transition {
    const char *kind, *from, *event, *to;
    enum evidence evidence;
    const char *source;
};

/* A status that does not last. */
struct timeout {
    const char *kind, *status;
    enum setting setting; /* how long it lasts */
    const char *step;     /* what outcomes call it */
    const char *event, *otherwise;
};

struct status_message {
    const char *kind, *status, *text;
    enum evidence evidence;
    const char *source;
};

extern const struct transition lifecycle_transitions[]; /* a USE is one whose `to` is its `from` */
extern const size_t lifecycle_transition_count;
extern const struct timeout lifecycle_timeouts[];
extern const size_t lifecycle_timeout_count;
extern const struct status_message lifecycle_messages[];
extern const size_t lifecycle_message_count;

#define LIFECYCLE_NONE "NONE" /* before a resource is made, and after it is gone */

/*
 * Tells `arn` that `event` happened. RESULT_NOT_FOUND, or RESULT_WRONG_STATE when
 * its status has no such row. An event that only uses the resource changes nothing.
 */
enum result lifecycle_move(struct store *, const char *kind, const char *arn, const char *event);

/* A resource as a fixture declares it: in the middle of its life. */
struct placing {
    const char *status;
    const char *message; /* NULL: the usual one of the status */
    int64_t entered_ms;  /* when it reached the status */

    /* How and when a status that does not last will end. */
    bool is_pending;           /* that is said; but: */
    const char *event;         /* NULL: as usual */
    const char *event_message; /* NULL: the usual one */
    int64_t due_ms;            /* -1: after the time that the setting says */
};

/*
 * Puts a resource that was just made, and has no status yet, where it is declared to be.
 * RESULT_WRONG_STATE when the lifecycle has no such status, or the status no such end.
 */
enum result lifecycle_place(struct store *, const char *kind, const char *arn,
    const struct placing *);

/* Whether lifecycle_move() would be: RESULT_OK or RESULT_WRONG_STATE. */
enum result lifecycle_accepts(struct store *, const char *kind, const char *arn, const char *status,
    const char *event);

/* Whether a resource stays in this status until it is told to leave: no TIMEOUT ends it. */
bool lifecycle_lasts(const char *kind, const char *status);

/* Whether it is in the middle of a step to another status; not when it is on its way out. */
bool lifecycle_is_under_way(const char *kind, const char *status);

/* How many of this kind are in this status, of all accounts. */
int64_t lifecycle_count(struct store *, const char *kind, const char *status);

/* Whether a step that is held was told to fail, by an outcome: then it is not worth the work. */
bool lifecycle_is_told_to_fail(struct store *, const char *kind, const char *arn);

/*
 * A step that needs the program to do something, of any length in real time: right after the move
 * that began it, its timer is held until the `task` (see work.h) is done. lifecycle_release() then
 * lets it fire when it is due, or now when that is over, with the message or, for NULL, the usual
 * one; lifecycle_release_failed() with the other end of the step. An end that was told before
 * stays.
 */
void lifecycle_hold(struct store *, const char *kind, const char *arn, const char *task,
    const char *what);
void lifecycle_release(struct store *, const char *kind, const char *arn, const char *message);
void lifecycle_release_failed(struct store *, const char *kind, const char *arn,
    const char *message);

/*
 * Fires what is due at the moment of the step, oldest first, at most `budget`; false when nothing
 * was.
 */
bool lifecycle_run(struct store *, int budget);

int64_t lifecycle_next_due(struct store *); /* INT64_MAX when nothing will happen by itself */

bool lifecycle_can_fail(const struct timeout *); /* whether an outcome may name the step */

/* How far a search of what is pending has come. */
struct lifecycle_place {
    int64_t due_ms;
    char kind[32], arn[2049];
};

/*
 * Lets an outcome that was just added take the steps under way that fit it, those that would end
 * first before others, as if it had been there when they began; where its `after` has passed
 * already, they end now. Looks at up to `budget` timers behind `place`, which begins as zeros;
 * false when it is done.
 */
bool lifecycle_tell_pending(struct store *, int64_t outcome_id, struct lifecycle_place *,
    int budget);

#endif
