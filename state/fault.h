/*
 * Faults: what calls of the API are told to suffer, and how many have.
 *
 * The rule: of the faults that fit a call, the oldest that strikes it is the only one that counts
 * it as a hit. One that lets it pass, because it still skips or chance would have it, hands it on
 * to the next. Which calls fit, and what a strike does, is the server's to know.
 */
#ifndef STATE_FAULT_H
#define STATE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"

struct store;

#define FAULT_ALWAYS (-1) /* as `times`: without end */

/* A row; its texts live until the step ends. */
struct fault {
    int64_t id;
    const char *operation;        /* or "*" */
    const char *account, *region; /* of the caller; "" for any */
    const char *resource;         /* a glob of ARNs in the input; NULL for any input */
    int64_t skip, times;          /* so many pass, so many are struck then */
    double probability;           /* of those, each with this chance */
    int64_t delay_ms;             /* real time; 0: none */
    const char *error, *message;  /* NULL: none */
    int64_t status;               /* 0: the error's usual one */
    const char *wire;             /* NULL: none */
    int64_t matches, hits;        /* calls that fitted, and those of them that were struck */
};

/* Adds one that has met no call yet; its id. */
bool fault_exists(struct store *); /* any */
int64_t fault_add(struct store *, const struct fault *);

/* The next after `*after`, oldest first, which it moves on. */
bool fault_next(struct store *, int64_t *after, struct fault *);

/* Those that may strike such a call of such a caller, oldest first. */
struct fault *fault_live(struct store *, const char *operation, const struct scope *,
    size_t *count);

/*
 * A call fits, and is counted, also when the step is then dropped. True: it is struck. With a seed
 * the n-th call that fits a fault meets the same chance on every run.
 */
bool fault_meets(struct store *, const struct fault *);

bool fault_remove(struct store *, int64_t id); /* false when there is none */

/* Those of the account, the region, or both (NULL: any); how many there were. */
int fault_remove_all(struct store *, const char *account, const char *region);

#endif
