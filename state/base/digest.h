/*
 * Bytes into names and text: SHA-256, base64, hexadecimal digits, randomness.
 *
 * The rule: the algorithms are nettle's and the kernel's; nothing here computes. To hash what
 * arrives in pieces use nettle's own sha256_init() and sha256_update(), then sha256_hex_end().
 */
#ifndef STATE_BASE_DIGEST_H
#define STATE_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include <nettle/sha2.h>

#define SHA256_HEX_SIZE 65 /* 64 lower-case digits and the final NUL */

void sha256_hex(const void *bytes, size_t length, char out[SHA256_HEX_SIZE]);
void sha256_hex_end(struct sha256_ctx *, char out[SHA256_HEX_SIZE]); /* and starts it afresh */

/* Two lower-case digits per byte and a final NUL. */
void hex_encode(const void *bytes, size_t length, char *out);

/* Room needed, with the final NUL, and a bound on what comes back. */
#define BASE64_ENCODED_SIZE(length) (((length) + 2) / 3 * 4 + 1)
#define BASE64_DECODED_SIZE(length) ((length) / 4 * 3 + 3)

/* The standard alphabet with padding (RFC 4648, 4). Returns the length without the NUL. */
size_t base64_encode(const void *bytes, size_t length, char *out);

/*
 * False for a foreign character, missing or misplaced padding, or left-over bits that are not zero;
 * *decoded is then 0. White space between the characters is skipped, as nettle does.
 */
bool base64_decode(const char *text, size_t length, unsigned char *out, size_t *decoded);

/* From the kernel. A kernel that has none to give ends the program. */
void random_bytes(void *out, size_t length);

#endif
