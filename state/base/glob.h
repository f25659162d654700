/*
 * Patterns of names with * and ?, as in policies, faults and outcomes.
 *
 * The rule: the whole text must match. * is any run of characters, `/` and `:` too, or none; ? is
 * exactly one character (of UTF-8, not one byte); everything else, also [ and \, is itself.
 */
#ifndef STATE_BASE_GLOB_H
#define STATE_BASE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* At worst glob length times text length steps, and no memory: safe for patterns of strangers. */
bool glob_matches(const char *glob, const char *text);

bool glob_is_literal(const char *glob); /* it matches one text, itself */
size_t glob_weight(const char *glob);   /* how much it spells out: more is more specific */

#endif
