/*
 * Inference units at work: how many calls they serve, and how many are in service.
 *
 * Only enforced while `inference.tpsPerUnit` is set. A RUNNING version serves units x tpsPerUnit
 * calls in each second of the world's clock, rounded down; where one unit serves less than one call
 * a second, as many calls as it has units in each 1/tpsPerUnit seconds. Refused calls are demand,
 * too. A version that was started with a MaxInferenceUnits above Min follows demand:
 * `inference.scaleInterval` after a call its units become as many as the busiest second needed,
 * between Min and Max, and again each interval until they are back at Min. It begins with Min each
 * time it is started. (Developer Guide, Running a model: calls above what the units support are
 * refused, and the service adds and removes units as demand changes. That it counts by the second,
 * and when and how fast units follow, is a guess.)
 */
#ifndef STATE_RESOURCE_INFERENCE_H
#define STATE_RESOURCE_INFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "../result.h"

struct store;

#define INFERENCE_TIMER "inference_units"

/*
 * One call wants to be served by `units`: RESULT_OK or RESULT_RATE. The demand is
 * remembered either way, also when the step is then dropped, and so is, as usage, a call refused;
 * one that was to be served is usage only if the step is kept.
 */
enum result inference_serve(struct store *, const char *arn, int64_t units, bool scales);

/* What the units of a version will follow, and when. */
struct demand {
    int64_t peak; /* calls of its busiest second since they last followed */
    int64_t due_ms;
};

/* False when nothing is due. */
bool inference_demand(struct store *, const char *arn, struct demand *);

/* Sets it for a version that has none: of a fixture. */
void inference_place_demand(struct store *, const char *arn, const struct demand *);

/* The interval is over: puts as many units in service as the demand of it needed. */
void inference_follow_demand(struct store *, const char *arn);

#endif
