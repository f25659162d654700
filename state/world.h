/* The world: what there is once, before any resource. */
#ifndef STATE_WORLD_H
#define STATE_WORLD_H

#include <stdbool.h>

#include <stdint.h>

#include "clock.h"

struct store;

/*
 * Makes a new store a world, whose clock starts now, frozen or not; one that exists keeps its own.
 */
bool world_make(struct store *, bool frozen);

/* How the clock of the world was last set. */
struct clock world_clock(struct store *);

/*
 * Sets mode, scale and moment at once. The clock never goes back: false, and nothing changed, when
 * `now_ms` lies before the moment of the step.
 */
bool world_set_clock(struct store *, bool frozen, double scale, int64_t now_ms);

/*
 * Empties the world, or of it the account, the region, or both, and nothing else (NULL: any).
 * Timers,
 * history, tags and demand go with their resources; settings and the clock stay.
 */
void world_reset(struct store *, const char *account, const char *region);

#endif
