/*
 * A step of the world: one transaction, at one moment, with every timer that is
 * due before that moment already fired. Each API call is one step; so is each
 * wake-up of the main loop.
 */
#ifndef STATE_STEP_H
#define STATE_STEP_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/*
 * Begins a step for `cause`: an operation, or the control call. When more is due
 * than fits in one step, the world is still on its way: its moment is then the
 * due time of the last timer fired, and the next steps go on from there.
 */
void step_begin(struct store *, const char *cause);

/*
 * The same, of an account: by its clock, if it has one of its own, and by its settings. What is due
 * by other clocks is theirs to fire; step_begin() is by the world's.
 */
void step_begin_of(struct store *, const char *cause, const char *account);

void step_begin_at(struct store *, const char *cause, const char *arn); /* of an ARN's account */

/* A step of the account that does nothing but fire. False when the database failed. */
bool step_fire(struct store *, const char *account);

/* Within a step: what follows is of another account, at the moment of its clock. */
void step_enter(struct store *, const char *account);

/*
 * Keeps what was done since step_begin(), or drops it; what the timers did is
 * kept either way. False when the database failed: then nothing at all was kept.
 */
bool step_end(struct store *, bool keep);

/*
 * Where what was answered survives a power cut, a commit waits for the disk. So steps that begin and
 * end with these two are committed together: by step_settle(), or by the next step of another kind.
 * Then `tell` is called once for all of them: nobody may be told before what they did, or read. When
 * it could not be kept nothing of them was. What they read lives until then. Elsewhere, and before
 * step_share(), each is committed as all steps are. One that fails takes those before it along.
 */
void step_share(struct store *, void (*tell)(void *context, bool kept), void *context);
void step_begin_shared(struct store *, const char *cause, const char *account);
bool step_end_shared(struct store *, bool keep);
bool step_is_shared(const struct store *); /* the last one is not committed yet */
void step_settle(struct store *);

/*
 * Instead of a step, around a look at what has happened: nothing is fired, and nothing may be
 * changed. The moment is not told. False when the database failed.
 */
void step_look(struct store *);
bool step_looked(struct store *);

/*
 * As long as it is the same, nothing in the world has changed. (A change that was undone, or none
 * at all, may still make it another.)
 */
int64_t step_mark(const struct store *);

/*
 * Fires what fits in one step, and answers whether that was all that is due: then the next step is
 * at the moment of the clock.
 */
bool step_is_caught_up(struct store *);

/*
 * Fires what is due; returns for how many real ms nothing will be: 0 more is at once, INT64_MAX
 * never by itself.
 */
int64_t step_idle(struct store *);

#endif
