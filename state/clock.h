/*
 * The clock of the world: the wall clock, or scaled, or frozen, or moved forward.
 *
 * Only this file reads the time; everything else asks store_now(), the moment of
 * the step. How the clock is set is a row of the store: see world.h.
 */
#ifndef STATE_CLOCK_H
#define STATE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_END_MS INT64_C(253402300799999) /* the last moment of the year 9999 */

struct clock {
    bool frozen;
    double scale;             /* world ms per wall ms, while not frozen */
    int64_t base_ms, wall_ms; /* the world's and the wall's moment when it was last set */
    bool paused;              /* it stands at base_ms, frozen or not: see world_pause_clock() */
};

int64_t clock_now(const struct clock *); /* the world's moment */

/* The wall time until the world reaches `due_ms`; INT64_MAX when it never will by itself. */
int64_t clock_wait(const struct clock *, int64_t due_ms);

int64_t clock_wall_ms(void);      /* real time: for the Date that clients set their clocks by */
int64_t clock_monotonic_us(void); /* for durations of real work */

#endif
