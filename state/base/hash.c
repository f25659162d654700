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

uint64_t
hash_mix(uint64_t word)
{
    word = (word ^ (word >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    word = (word ^ (word >> 27)) * UINT64_C(0x94d049bb133111eb);
    return word ^ (word >> 31);
}

uint64_t
hash_draw(uint64_t seed, uint64_t n)
{
    return hash_mix(seed + n * UINT64_C(0x9e3779b97f4a7c15));
}

double
hash_ratio(uint64_t word)
{
    return (double)(word >> 11) * 0x1p-53;
}
