/*
 * Inference units at work: how many calls they serve, and how many are in service.
 *
 * Only enforced while `inference.tpsPerUnit` is set. A RUNNING version serves
 * units x tpsPerUnit calls in each second of the world's clock. When it was
 * started with MaxInferenceUnits its units follow demand: `inference.scaleInterval`
 * after a call they become as many as the busiest second needed, between Min and Max.
 * (Developer Guide, Running a model: the service adds and removes units as demand
 * changes. When and how fast is a guess.)
 */
#ifndef STATE_INFERENCE_H
#define STATE_INFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "result.h"

struct store;

#define INFERENCE_TIMER "inference_units"

/*
 * One call wants to be served by `units`: RESULT_OK or RESULT_RATE. The demand is
 * remembered either way, also when the step is then dropped.
 */
enum result inference_serve(struct store *, const char *arn, int64_t units);

/* What the units of a version will follow, and when. */
struct demand {
    int64_t peak; /* calls of its busiest second since they last followed */
    int64_t due_ms;
};

/* False when nothing is due. */
bool inference_demand(struct store *, const char *arn, struct demand *);

/* The interval is over: puts as many units in service as the demand of it needed. */
void inference_follow_demand(struct store *, const char *arn);

#endif
