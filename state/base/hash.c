#include "hash.h"

uint64_t
hash_bytes(const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    uint64_t hash = UINT64_C(14695981039346656037);

    while (length-- > 0)
        hash = (hash ^ *at++) * UINT64_C(1099511628211);
    return hash;
}
