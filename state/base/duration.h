/*
 * How long something takes, as people write it: 250ms, 5s, 10m, 1h30m.
 *
 * The rule: whole numbers of h, m, s and ms, the larger unit first, each at most once; what
 * duration_print() writes, duration_parse() reads back. A bare number has no unit and is refused.
 */
#ifndef STATE_BASE_DURATION_H
#define STATE_BASE_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#define DURATION_SIZE 32 /* the longest, 2562047788015h12m55s807ms, fits with room to spare */

bool duration_parse(const char *text, int64_t *ms); /* false leaves *ms alone */

/* Parts that are zero are left out (5400000 is 1h30m), nothing at all is 0s. Never negative. */
void duration_print(int64_t ms, char out[DURATION_SIZE]);

#endif
