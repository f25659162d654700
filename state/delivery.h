/*
 * Deliveries: word to other servers that something has happened, or what came of it.
 *
 * The rule: one is added in the step that does what it tells of, so that both are kept or neither;
 * it is sent after that, when there is time, at least once, and whatever becomes of it changes
 * nothing but its row. Nothing here speaks to anybody: see server/work/outbox.h.
 */
#ifndef STATE_DELIVERY_H
#define STATE_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

struct store;

enum delivery_kind { DELIVERY_SNS, DELIVERY_KINESIS, DELIVERY_S3, DELIVERY_KINDS };

extern const char *const delivery_kinds[DELIVERY_KINDS]; /* as they are called */

struct delivery {
    int64_t id; /* of no other delivery, ever */
    enum delivery_kind kind;
    int64_t at_ms;      /* the moment of the step it was added in */
    const char *arn;    /* what it is about: whose account and region it is of */
    const char *target; /* the ARN of a topic or stream; of S3: bucket/key */
    const char *type;   /* of S3: of the content; of an image/… the body is in base64 */
    const char *body;
    const char *state; /* KEPT: there is nobody to be told; WAITING, DONE or FAILED */
    int64_t tries;
    const char *why; /* it was not taken the last time; NULL: nothing went wrong */
};

/* What is to be told: `kind`, `arn`, `target`, `type` and `body`; returns its id. */
int64_t delivery_add(struct store *, const struct delivery *);

/* The next behind `*after`, of an ARN and of a kind, unless those are NULL; oldest first. */
bool delivery_next(struct store *, const char *arn, const char *kind, int64_t *after,
    struct delivery *);

/* The next that waits to be sent. */
bool delivery_to_send(struct store *, enum delivery_kind, int64_t *after, struct delivery *);

/* One that waits to be sent; false when it is gone. */
bool delivery_find(struct store *, int64_t id, struct delivery *);

/* How many there are, of all accounts. */
enum delivery_state {
    DELIVERY_KEPT,
    DELIVERY_WAITING,
    DELIVERY_DONE,
    DELIVERY_FAILED,
    DELIVERY_STATES
};
extern const char *const delivery_states[DELIVERY_STATES];
void delivery_count(struct store *, int64_t counts[DELIVERY_KINDS][DELIVERY_STATES]);

/* As work_may_be_new(). */
bool delivery_may_be_new(struct store *, int *seen);

/* It was sent once more: now it is DONE, FAILED, or still WAITING. */
void delivery_tried(struct store *, int64_t id, const char *state, const char *why);

/* Of an account, of a region, or all; how many there were. */
int delivery_remove_all(struct store *, const char *account, const char *region);

#endif
