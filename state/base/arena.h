/* Memory that is given back all at once. Running out of it ends the program. */
#ifndef STATE_BASE_ARENA_H
#define STATE_BASE_ARENA_H

#include <stddef.h>

struct arena {
    struct arena_block *blocks; /* newest first */
};

void *arena_alloc(struct arena *, size_t size);
char *arena_text(struct arena *, const char *text, size_t length); /* a copy, NUL-ended */
void arena_reset(struct arena *); /* forgets everything; keeps one block for the next use */
void arena_free(struct arena *);

#endif
