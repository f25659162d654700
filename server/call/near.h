/* The name that somebody meant: for messages about one that does not exist. */
#ifndef SERVER_CALL_NEAR_H
#define SERVER_CALL_NEAR_H

#include <stddef.h>

/*
 * Of the names that `nth` tells from 0 on, until NULL, the one with the fewest letters to change;
 * or the one that begins with it; NULL when none is near. Case does not count.
 */
const char *near_name(const char *wanted, const char *(*nth)(size_t));

#endif
