#include "memory.h"

#include <stdlib.h>
#include <string.h>

void *
memory_made(void *made)
{
    if (made == NULL)
        abort();
    return made;
}

void *
memory_new(size_t size)
{
    return memory_made(calloc(1, size));
}

void *
memory_resize(void *memory, size_t size)
{
    return memory_made(realloc(memory, size));
}

char *
memory_text(const char *text)
{
    return memory_made(strdup(text));
}
