/*
 * Arrivals: resources that come in a piece at a time, step by step, for accounts that have none.
 *
 * The rule: until the last of them is there all can be taken back; when the program is killed
 * meanwhile, it is at the next start. Whoever lets them come keeps all others from these accounts.
 */
#ifndef STATE_ARRIVAL_H
#define STATE_ARRIVAL_H

#include <stdbool.h>

struct store;

/*
 * Outside a step: a world without resources, of the same settings and clocks, which stand still; NULL when
 * there is no room. It is private, and gone when it is closed.
 */
struct store *arrival_rehearsal(struct store *);

/* In a step: whether resources may come for the account; that they do; and that all are there. */
bool arrival_is_possible(struct store *, const char *account);
void arrival_begin(struct store *, const char *account);
void arrival_end(struct store *);

/* A step of its own, that fires nothing: takes back whatever has come, if anything has. False when the store failed. */
bool arrival_take_back(struct store *);

#endif
