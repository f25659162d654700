#include "ids.h"

#include "array.h"
#include "digest.h"
#include "hash.h"

void
ids_open(struct ids *ids, const uint64_t *seed)
{
    *ids = (struct ids){ .seeded = seed != NULL, .seed = seed != NULL ? *seed : 0 };
}

static uint64_t
next_word(struct ids *ids)
{
    ids->drawn++;
    if (ids->seeded)
        return hash_draw(ids->seed, ids->drawn); /* the n-th depends on seed and n alone */
    if (ids->pool_left == 0) {
        random_bytes(ids->pool, sizeof ids->pool);
        ids->pool_left = COUNT(ids->pool);
    }
    return ids->pool[--ids->pool_left];
}

/* The lowest digits of the word, and what follows them; the end of it. */
static char *
put_hex(char *out, uint64_t word, int digits, char end)
{
    for (int i = digits - 1; i >= 0; i--, word >>= 4)
        out[i] = "0123456789abcdef"[word & 15];
    out[digits] = end;
    return out + digits + 1;
}

void
ids_uuid(struct ids *ids, char out[UUID_SIZE])
{
    uint64_t high = next_word(ids), low = next_word(ids);

    high = (high & ~UINT64_C(0xf000)) | UINT64_C(0x4000); /* RFC 4122, 4.4: version 4 */
    low = (low >> 2) | UINT64_C(1) << 63;                 /* and the variant 10 */
    out = put_hex(out, high >> 32, 8, '-');
    out = put_hex(out, high >> 16, 4, '-');
    out = put_hex(out, high, 4, '-');
    out = put_hex(out, low >> 48, 4, '-');
    put_hex(out, low, 12, '\0');
}

void
ids_hex(struct ids *ids, char *out, size_t digits)
{
    uint64_t word = 0;

    for (size_t i = 0; i < digits; i++) {
        if (i % 16 == 0)
            word = next_word(ids);
        out[i] = "0123456789abcdef"[word >> 60];
        word <<= 4;
    }
    out[digits] = '\0';
}

double
ids_chance(struct ids *ids, uint64_t stream, uint64_t n)
{
    uint64_t word = ids->seeded ? hash_draw(hash_draw(ids->seed, ~stream), n + 1) : next_word(ids);

    return hash_ratio(word);
}
