/*
 * Moments as text: RFC 3339 in UTC with milliseconds, 2026-11-23T10:00:00.000Z.
 *
 * The rule: an instant is milliseconds since 1970 and nothing else. Pure arithmetic: no zone of the
 * machine and no clock is asked.
 */
#ifndef STATE_BASE_INSTANT_H
#define STATE_BASE_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

#define INSTANT_SIZE 25                           /* 24 characters and the final NUL */
#define INSTANT_FIRST_MS INT64_C(-62167219200000) /* 0000-01-01T00:00:00.000Z */
#define INSTANT_LAST_MS INT64_C(253402300799999)  /* 9999-12-31T23:59:59.999Z */

/* From INSTANT_FIRST_MS to INSTANT_LAST_MS; who lets a clock be moved makes sure of it. */
void instant_print(int64_t ms, char out[INSTANT_SIZE]);

/*
 * Takes Z or an offset (+01:00), and up to nine digits of a fraction, of which those after the
 * milliseconds are dropped. Refuses dates that do not exist, and the leap second :60, which this
 * count of milliseconds has no room for. False leaves *ms alone.
 */
bool instant_parse(const char *text, int64_t *ms);

#endif
