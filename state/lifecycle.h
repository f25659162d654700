/*
 * Lifecycles: resources move from state to state, and by themselves when it is time.
 *
 * The tables of lifecycle.def are the whole behaviour over time.
 * lifecycle_move() is the only writer of a status.
 */
#ifndef STATE_LIFECYCLE_H
#define STATE_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lifecycle_table.h"
#include "resource.h"
#include "result.h"

struct store;

/*
 * Tells `arn` that `event` happened. RESULT_NOT_FOUND, or RESULT_WRONG_STATE when
 * its status has no such row. An event that only uses the resource changes nothing.
 */
enum result lifecycle_move(struct store *, const char *kind, const char *arn, const char *event);

/* The same of one that was just read, and has this status. */
enum result lifecycle_move_from(struct store *, const char *kind, const char *arn,
    const char *status, const char *event);

/*
 * Does to it what the service does when it sees fit: a MOVE that leads to this status, of any kind
 * of resource. RESULT_NOT_FOUND, or RESULT_WRONG_STATE when its status has no such row.
 */
enum result lifecycle_move_to(struct store *, const char *arn, const char *to);

/*
 * Whoever above state/ has a part in how steps end: asked of each that is about to, within the step of the world in
 * which it does and at its moment. May write down what it came to, and have it end otherwise: then with that event
 * and message (NULL: the usual one), which live until the step ends. There is one, set before the first step.
 */
struct verdict {
    const char *kind, *arn;
    const char *event, *message;
};

typedef void lifecycle_judge(struct store *, struct verdict *);
void lifecycle_set_judge(lifecycle_judge *);

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
    int64_t polls;      /* instead: so many answers that show it are left; 0: it has a due time */
    int64_t breakpoint; /* that holds it, or has held it, if there is one of it; 0: none */
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

/* What its row says of how its status ends may be other than when it was entered: the end is as that has it now. */
void lifecycle_ask_again(struct store *, const char *kind, const char *arn);

/* Whether there is a resource with this ARN: RESULT_OK or RESULT_NOT_FOUND. */
enum result lifecycle_finds(struct store *, enum resource, const char *arn);

/* How many of this kind are in this status, of all accounts. */
int64_t lifecycle_count(struct store *, const char *kind, const char *status);

/*
 * Fires what is due at the moment of the step, oldest first, at most `budget`; false when nothing
 * was. `*due_ms` is when the next will be, as of lifecycle_next_due().
 */
bool lifecycle_run(struct store *, int budget, int64_t *due_ms);

int64_t lifecycle_next_due(struct store *); /* INT64_MAX when nothing will happen by itself */

/* The same, but for what will only be kept no longer: the event `forget`. */
int64_t lifecycle_next_end(struct store *);

#endif
