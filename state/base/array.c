#include "array.h"

#include "memory.h"

void *
array_room(void *list, size_t count, size_t *capacity, size_t element_size)
{
    if (count < *capacity)
        return list;
    *capacity = *capacity == 0 ? 16 : 2 * *capacity;
    return memory_resize(list, *capacity * element_size);
}
