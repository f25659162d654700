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

/* What a moment can be: nothing else can be said in an answer. A clock that comes to the end stays there. */
#define CLOCK_BEGIN_MS INT64_C(1)             /* of 1970 */
#define CLOCK_END_MS INT64_C(253402300799999) /* of the year 9999 */

struct clock {
    bool frozen;
    double scale;             /* world ms per wall ms, while not frozen */
    int64_t base_ms, wall_ms; /* the world's and the wall's moment when it was last set */
    bool paused;              /* it stands at base_ms, frozen or not: see world_pause_clock() */
};

int64_t clock_now(const struct clock *); /* the world's moment */

/* The wall time until the world reaches `due_ms`; INT64_MAX when it never will by itself. */
int64_t clock_wait(const struct clock *, int64_t due_ms);

/* For what shares the moment `now_ms` and must not: from one stamp to the next that may be free. */
int64_t clock_stamp_beside(int64_t now_ms, int64_t stamp_ms);

int64_t clock_wall_ms(void);      /* real time: for the Date that clients set their clocks by */
int64_t clock_monotonic_us(void); /* for durations of real work */

/*
 * The wall clock of a machine may be set back; a world's clock never goes back. So what its clock
 * follows is real time as it passes: when the wall clock is set back it goes on, ahead of it, until
 * world_follow_wall() has set the world's clock by the new wall time. Any thread may ask.
 */
int64_t clock_real_ms(void);
bool clock_is_ahead(void);
void clock_follow_wall(void);     /* for world.c only: it has been done */
void clock_note_back(int64_t ms); /* likewise: it was set back while no one was looking */
int64_t clock_told_back(void);    /* by how much it was set back since this was last asked */

#endif
