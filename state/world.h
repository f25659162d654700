/* The world: what there is once, before any resource. */
#ifndef STATE_WORLD_H
#define STATE_WORLD_H

#include <stdbool.h>

#include <stdint.h>

#include "clock.h"

struct store;

/*
 * Makes a new store a world, whose clock starts now, frozen or not; one that exists keeps its own,
 * which goes on if it was paused.
 */
bool world_make(struct store *, bool frozen);

/*
 * Before the program ends: writes down where the world will go on from. Its clock goes on from its
 * present moment, should the machine's be set back meanwhile, and the sequence of a seed from
 * where it is; of a program that is killed, from behind what it had reserved.
 */
bool world_leave(struct store *);

/* For step.c: makes sure, in every step, that what the seed has given out is known to be. */
void world_reserve_ids(struct store *);

/* How the clock of the step was last set: the world's, or that of an account. */
struct clock world_clock(struct store *);

/*
 * Sets mode, scale and moment at once. The clock never goes back: false, and nothing changed, when
 * `now_ms` lies before the moment of the step.
 */
bool world_set_clock(struct store *, bool frozen, double scale, int64_t now_ms);

/*
 * Sets the clock anew by the wall clock, at its present moment, after that was set back. As the two
 * below.
 */
bool world_follow_wall(struct store *);

/*
 * A copy of a world stands still until somebody lives in it: it is paused at the moment when it
 * was made, and goes on from there, so that its timers keep the time that they have left; resuming
 * one that runs makes sure that it does, should the wall clock be behind it. Both are steps of their own, that fire nothing, and change nothing where there is nothing to change; false
 * when the store failed.
 */
bool world_pause_clock(struct store *);
bool world_resume_clock(struct store *);

/*
 * Empties the world, or of it the account, the region, or both, and nothing else (NULL: any).
 * Timers, history, tags, demand and usage go with their resources, and so do outcomes that are
 * for the account or region alone; settings and the clock stay.
 */
void world_reset(struct store *, const char *account, const char *region);

void world_remove_resources(struct store *,
    const char *account); /* and their timers, but nothing else */

/*
 * The same as a reset for a whole account (NULL: all), with its clock and its settings, as if it had never
 * been; of all, the world's settings and clock begin again, too, frozen or not.
 */
void world_forget(struct store *, const char *account);
void world_begin_again(struct store *, bool frozen);

/*
 * What a reset leaves, of an account (NULL: of all): bits, from the lowest, for settings, settings
 * and clocks of accounts, faults, outcomes and detections.
 */
unsigned world_stays(struct store *, const char *account);

/* The wall clock's moment as clocks keep it, to go on from now. */
int64_t world_wall_now(void);

#endif
