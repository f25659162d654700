/*
 * The clocks of a world: its own, and those that accounts have in place of it. How each is set is a
 * row of the store; what is here is what was last read of them, and when each has to do something.
 *
 * The rule: a timer is due by the clock of the account that its ARN is of. A step is of one clock;
 * what it does to timers of another is that one's to fire. An account that rests costs nothing: of
 * all clocks only the moment is kept at which the first of them has something to do.
 */
#ifndef STATE_CLOCKS_H
#define STATE_CLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store.h"

struct clock;

/* In a step: reads the rows, unless they are known. */
void clocks_read(struct store *);

/* That of an account, or the world's, which others have; of an ARN: that of its account. */
struct own_clock *clocks_of(struct store *, const char *account);
struct own_clock *clocks_of_arn(struct store *, const char *arn);
bool clocks_has_own(struct store *, const char *account);

/* Something was done to its timers, or to those of any. */
void clocks_touch(struct store *, struct own_clock *);
void clocks_touch_all(struct store *);

/*
 * In a step, by whose clock something is due next at `due_ms`: finds out anew when the others that
 * were touched have something to do.
 */
void clocks_settle(struct store *, int64_t due_ms);

/* The real ms until one has something to do, INT64_MAX: never by itself; and which that is. */
int64_t clocks_wait(struct store *, char account[ACCOUNT_SIZE]);

/* The moment by the clock of an account, in a step of another. */
int64_t clocks_now(struct store *, const char *account);
int64_t clocks_now_at(struct store *, const char *arn);

/* Writes how a clock is set. */
void clocks_write(struct store *, struct own_clock *, const struct clock *);

/* Gives an account a clock of its own, which is as the world's; and takes it back. */
struct own_clock *clocks_add(struct store *, const char *account);
void clocks_remove(struct store *, const char *account);

#endif
