#include "once.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/hash.h"
#include "../../state/base/memory.h"

#define REMEMBERED 1024

struct once {
    uint64_t said[REMEMBERED]; /* hashes; 0: free */
};

struct once *
once_open(void)
{
    return memory_new(sizeof(struct once));
}

void
once_close(struct once *once)
{
    free(once);
}

bool
once_first(struct once *once, const char *hint, const char *thing)
{
    uint64_t hash = hash_bytes(hint, strlen(hint)) ^ hash_mix(hash_bytes(thing, strlen(thing)));
    uint64_t *place;

    if (once == NULL)
        return true;
    place = &once->said[hash_mix(hash) % REMEMBERED];
    if (*place == hash)
        return false;
    *place = hash;
    return true;
}
