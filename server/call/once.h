/*
 * What is worth saying once: a hint that would be noise the second time.
 *
 * It is remembered while the program runs, of so many things at a time; of more it is said again.
 */
#ifndef SERVER_CALL_ONCE_H
#define SERVER_CALL_ONCE_H

#include <stdbool.h>

struct once;

struct once *once_open(void);
void once_close(struct once *);

/* Whether it is the first time that it is asked of this hint and this thing. Always, when NULL. */
bool once_first(struct once *, const char *hint, const char *thing);

#endif
