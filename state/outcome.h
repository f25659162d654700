/*
 * Outcomes: what timed steps were told to end in, for tests of failure.
 *
 * The rule: an outcome is used up by the steps that it makes fail, one of its
 * `times` each, at the moment they begin; of several that fit a step, the one
 * that spells out most of the ARN is taken, and of those the oldest; one with a
 * probability is passed over by chance, which --seed repeats. One that
 * comes while steps are under way takes these first: see lifecycle_tell_pending().
 */
#ifndef STATE_OUTCOME_H
#define STATE_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

struct store;

#define OUTCOME_AS_USUAL (-1)

/* A row, as it was read; its texts live until the step ends. */
struct outcome {
    int64_t id;
    const char *resource; /* a glob of ARNs */
    const char *event;    /* a step of lifecycle.def */
    const char *message;  /* the status message to leave; NULL for the usual one */
    int64_t after_ms;     /* from the step's beginning to its end, or OUTCOME_AS_USUAL */
    int64_t times, hits;  /* the steps that it is for, and those it has had */
    double probability;   /* that it takes a step that fits */
    int64_t matches;      /* steps that fitted */
};

/* Adds one, which has had no step yet; its id. */
int64_t outcome_add(struct store *, const struct outcome *);

bool outcome_find(struct store *, int64_t id, struct outcome *);

/* The next after `*after`, oldest first, which it moves on. */
bool outcome_next(struct store *, int64_t *after, struct outcome *);

bool outcome_remove(struct store *, int64_t id); /* false when there is none */

/* Those that are for the account, the region, or both alone (NULL: any); how many there were. */
int outcome_remove_all(struct store *, const char *account, const char *region);

/* For state/ only: the outcome for a step of `arn` that begins, and one of its times. */
bool outcome_take(struct store *, const char *event, const char *arn, struct outcome *);

/* For state/ only: whether it takes a step that fits, of which it has one more then. */
bool outcome_strikes(struct store *, struct outcome *);

#endif
