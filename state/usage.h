/*
 * Usage: what would have been billed for a version, to the millisecond.
 *
 * Developer Guide, Running a model: "charged for the number of hours that your model is running
 * and for the number of inference units that your model uses while it's running", until it is
 * stopped: so RUNNING counts, STARTING and STOPPING do not (that they do not is a guess), with the
 * units in service, not those asked for. API Reference, ProjectVersionDescription: only successful
 * training is billed. A deleted version keeps its usage if it had any: a bill does not go away.
 */
#ifndef STATE_USAGE_H
#define STATE_USAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arn.h"

struct store;

/* Of one version, or of many, summed. */
struct usage {
    int64_t id;
    const char *arn; /* lives until the step ends */
    struct scope scope;
    int64_t running_ms, unit_ms, training_ms;
    int64_t calls, throttled_calls; /* those throttled are calls, too */
    int64_t units;                  /* in service now; 0 unless RUNNING */
    const char *status;             /* as long as `arn`; NULL: it is deleted */
    int64_t entered_ms;             /* since when it has this status */
};

/* USD, from the settings. */
struct prices {
    double unit_hour, training_hour;
};

/*
 * The usage at the moment of the step of the next version after `*after`, which it moves on, in the
 * order in which they were made; `arn` NULL: of any.
 */
bool usage_next(struct store *, const char *arn, int64_t *after, struct usage *);

void usage_sum(struct usage *total, const struct usage *);
bool usage_is_on(const struct usage *); /* STARTING, RUNNING or STOPPING: somebody is to stop it */
struct prices usage_prices(struct store *);
double usage_cost(const struct usage *, const struct prices *);

/* For state/ only: a call was answered, or throttled. */
void usage_count_call(struct store *, const char *arn, bool throttled);

#endif
