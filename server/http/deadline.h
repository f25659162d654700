/* Deadlines, the earliest first: a binary heap, because delays have any length. */
#ifndef SERVER_HTTP_DEADLINE_H
#define SERVER_HTTP_DEADLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Inside what waits for it, see OWNER in link.h. All zero: not set. */
struct deadline {
    int64_t at_ms;
    size_t place; /* in the heap, from 1; 0: not there */
};

/* All zero: empty. */
struct deadlines {
    struct deadline **heap; /* from 1 */
    size_t count, room;
};

bool deadline_set(struct deadlines *, struct deadline *, int64_t at_ms); /* false: no memory */
void deadline_clear(struct deadlines *, struct deadline *);
bool deadline_is_set(const struct deadline *);
struct deadline *deadline_first(const struct deadlines *); /* NULL: none is set */
void deadlines_close(struct deadlines *);

#endif
