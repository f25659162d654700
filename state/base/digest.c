#include "digest.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#include <nettle/base64.h>

void
sha256_hex(const void *bytes, size_t length, char out[SHA256_HEX_SIZE])
{
    struct sha256_ctx hash;

    sha256_init(&hash);
    sha256_update(&hash, length, bytes);
    sha256_hex_end(&hash, out);
}

void
sha256_hex_end(struct sha256_ctx *hash, char out[SHA256_HEX_SIZE])
{
    uint8_t digest[SHA256_DIGEST_SIZE];

    sha256_digest(hash, sizeof digest, digest);
    hex_encode(digest, sizeof digest, out);
}

void
hex_encode(const void *bytes, size_t length, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *at = bytes;

    for (size_t i = 0; i < length; i++) {
        *out++ = digits[at[i] >> 4];
        *out++ = digits[at[i] & 15];
    }
    *out = '\0';
}

size_t
base64_encode(const void *bytes, size_t length, char *out)
{
    size_t encoded = BASE64_ENCODE_RAW_LENGTH(length);

    base64_encode_raw(out, length, bytes);
    out[encoded] = '\0';
    return encoded;
}

bool
base64_decode(const char *text, size_t length, unsigned char *out, size_t *decoded)
{
    struct base64_decode_ctx context;

    base64_decode_init(&context);
    if (base64_decode_update(&context, decoded, out, length, text) && base64_decode_final(&context))
        return true;
    *decoded = 0;
    return false;
}

void
random_bytes(void *out, size_t length)
{
    unsigned char *at = out;

    while (length > 0) {
        ssize_t got = getrandom(at, length, 0);

        if (got < 0 && errno != EINTR)
            abort();
        if (got > 0) {
            at += got;
            length -= (size_t)got;
        }
    }
}
