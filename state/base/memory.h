/*
 * Memory from malloc(), to be given back with free().
 *
 * The rule: there is always enough. Running out of it ends the program, which loses nothing that was
 * answered; so nobody asks. What may be as large as a caller likes has a limit of its own before it
 * comes here.
 */
#ifndef STATE_BASE_MEMORY_H
#define STATE_BASE_MEMORY_H

#include <stddef.h>

void *memory_new(size_t size); /* all zeros */
void *memory_resize(void *memory, size_t size);
char *memory_text(const char *text); /* a copy */

/* What a library has made, which makes nothing only where there is no memory. */
void *memory_made(void *made);

#endif
