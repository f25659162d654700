/*
 * The tables of lifecycle.def: which states a resource passes through, and when. Nothing here
 * knows a world; who moves a resource is lifecycle.c.
 */
#ifndef STATE_LIFECYCLE_TABLE_H
#define STATE_LIFECYCLE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/evidence.h"
#include "setting.h"

struct transition {
    const char *kind, *from, *event, *to;
    enum evidence evidence;
    const char *source;
    bool is_move; /* by the service, when it sees fit */
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

/* NULL: there is none. */
const struct transition *lifecycle_find_transition(const char *kind, const char *from,
    const char *event);
const struct transition *lifecycle_find_move(const char *kind, const char *from, const char *to);
const struct timeout *lifecycle_find_timeout(const char *kind, const char *status);
const char *lifecycle_usual_message(const char *kind, const char *status);

/* The step that ends well with this event: NULL for that of one that was told to fail. */
const struct timeout *lifecycle_find_step(const char *kind, const char *event);

/* The step that ends with this event, well or otherwise. */
const struct timeout *lifecycle_find_end(const char *kind, const char *event);

bool lifecycle_has_status(const char *kind, const char *status);

/* Whether a resource stays in this status until it is told to leave: no TIMEOUT ends it. */
bool lifecycle_lasts(const char *kind, const char *status);

/* Whether it is in the middle of a step to another status; not when it is on its way out. */
bool lifecycle_is_under_way(const char *kind, const char *status);

bool lifecycle_can_fail(const struct timeout *); /* whether an outcome may name the step */

#endif
