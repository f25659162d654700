/*
 * Metrics: what was counted since the program started, in memory only.
 *
 * The text is that of Prometheus, format 0.0.4: a family of series after another, each with its
 * help and its type. What can be counted in the world is not kept here: see control/metrics.c.
 */
#ifndef SERVER_RECORD_METRICS_H
#define SERVER_RECORD_METRICS_H

#include <stdint.h>
#include <stdio.h>

#include "../call/error.h"

struct event;
struct metrics;
struct operation;

struct metrics *metrics_open(void);
void metrics_close(struct metrics *);

/* A call was answered. No operation (NULL): none of that name; a status of 0: by no answer. */
void metrics_call(struct metrics *, const struct operation *, enum error, unsigned status,
    int64_t duration_us);

/* A call was answered for what an image shows: by whom it is known. Other rules do not count. */
void metrics_image(struct metrics *, const char *rule);
void metrics_transition(struct metrics *, const struct event *);

/* A request of the control API was not let in: 401, 403 or 404. */
void metrics_shut_out(struct metrics *, unsigned status);

/* Begins a family: name and type, then what it is. */
void metrics_family(FILE *, const char *name, const char *type, const char *help);
void metrics_write(const struct metrics *, FILE *);

#endif
