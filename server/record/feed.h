/*
 * The feed: the moves of the history and the calls of the journal as one sequence.
 *
 * The rule: a call comes behind all that had happened before it was made, and before what it
 * brought about. So the order is the same whenever, and however often, the feed is read, and two
 * numbers are a place in it.
 */
#ifndef SERVER_RECORD_FEED_H
#define SERVER_RECORD_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "../../state/history.h"

struct journal;
struct journal_entry;
struct store;

struct feed_place {
    int64_t move, call; /* the last of each that was passed */
};

struct feed_item {
    struct feed_place place;          /* right behind it */
    const struct journal_entry *call; /* NULL: it is a move */
    struct event move;
    int64_t forgotten; /* moves or calls before it that are kept no longer */
};

/* The next item behind `place`, which moves on; inside a step. False: nothing has happened yet. */
bool feed_next(struct store *, const struct journal *, struct feed_place *place,
    struct feed_item *);

/* The place behind everything; inside a step. */
struct feed_place feed_end(struct store *, const struct journal *);

#endif
