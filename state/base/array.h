/* Arrays: how many a table has, and lists that grow by one. */
#ifndef STATE_BASE_ARRAY_H
#define STATE_BASE_ARRAY_H

#include <stddef.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/*
 * The list, with room for one more than `count`: the same, or a larger one from malloc() in its place,
 * and *capacity what fits into it now. A list that is NULL has the capacity 0.
 */
void *array_room(void *list, size_t count, size_t *capacity, size_t element_size);

#endif
