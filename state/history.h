/* History: one row for every move of every lifecycle, oldest first. */
#ifndef STATE_HISTORY_H
#define STATE_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

struct query;
struct store;

struct event {
    int64_t id, at_ms;
    const char *kind, *arn, *event;
    const char *from; /* NULL when it came into being */
    const char *to;
    const char *cause; /* the operation, 'timer', or the control call */
};

/* Adds a row at the moment of the step; trims what is beyond `history.size`. */
void history_add(struct store *, const struct event *);

/* Whether a resource ever had this ARN, as far as the history goes back. */
bool history_knows(struct store *, const char *arn);

int64_t history_last(struct store *); /* the newest id ever given, 0 before the first */

/* The next id will be greater than `id`: who has heard of events up to it will hear of the next. */
void history_go_on(struct store *, int64_t id);

/*
 * The next event after `*after` of `arn` (NULL: of any), which it moves on:
 *     for (int64_t after = 0; history_next(store, arn, &after, &event);)
 */
bool history_next(struct store *, const char *arn, int64_t *after, struct event *);

#endif
