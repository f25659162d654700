#include "ids.h"

#include <string.h>

#include <nettle/md5.h>

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

static void
put_uuid(char out[UUID_SIZE], uint64_t high, uint64_t low, unsigned version)
{
    high = (high & ~UINT64_C(0xf000)) | (uint64_t)version << 12;
    low = (low >> 2) | UINT64_C(1) << 63; /* the variant 10 */
    out = put_hex(out, high >> 32, 8, '-');
    out = put_hex(out, high >> 16, 4, '-');
    out = put_hex(out, high, 4, '-');
    out = put_hex(out, low >> 48, 4, '-');
    put_hex(out, low, 12, '\0');
}

void
ids_uuid(struct ids *ids, char out[UUID_SIZE])
{
    uint64_t high = next_word(ids), low = next_word(ids);

    put_uuid(out, high, low, 4); /* RFC 4122, 4.4 */
}

static uint64_t
word_at(const uint8_t *bytes)
{
    uint64_t word = 0;

    for (int i = 0; i < 8; i++)
        word = word << 8 | bytes[i];
    return word;
}

void
ids_uuid_of_name(const char *name, char out[UUID_SIZE])
{
    static const uint8_t urls[] = { 0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4,
        0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8 };
    uint8_t digest[MD5_DIGEST_SIZE];
    struct md5_ctx md5;

    md5_init(&md5);
    md5_update(&md5, sizeof urls, urls);
    md5_update(&md5, strlen(name), (const uint8_t *)name);
    md5_digest(&md5, sizeof digest, digest);
    put_uuid(out, word_at(digest), word_at(digest + 8), 3);
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
