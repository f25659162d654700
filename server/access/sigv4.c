#include "sigv4.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <nettle/hmac.h>

#define ALGORITHM "AWS4-HMAC-SHA256"
#define DATE_LENGTH 8 /* of a time: "20261123" */

void
sigv4_time(int64_t wall_ms, char out[SIGV4_TIME_SIZE])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    strftime(out, SIGV4_TIME_SIZE, "%Y%m%dT%H%M%SZ", &tm);
}

void
sigv4_encode(const char *text, bool slashes, char *out)
{
    static const char digits[] = "0123456789ABCDEF",
                      plain[] =
                          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    for (; *text != '\0'; text++)
        if (strchr(plain, *text) != NULL || (slashes && *text == '/')) {
            *out++ = *text;
        } else {
            *out++ = '%';
            *out++ = digits[(unsigned char)*text >> 4];
            *out++ = digits[(unsigned char)*text & 15];
        }
    *out = '\0';
}

/* ---- what stands for a request ------------------------------------------ */

static void
add(struct sha256_ctx *hash, const char *text)
{
    sha256_update(hash, strlen(text), (const uint8_t *)text);
}

static void
add_header(struct sha256_ctx *hash, const struct sigv4_header *header)
{
    const char *value = header->value + strspn(header->value, " ");

    add(hash, header->name);
    add(hash, ":");
    while (*value != '\0') {
        size_t length = strcspn(value, " ");

        sha256_update(hash, length, (const uint8_t *)value);
        value += length;
        value += strspn(value, " ");
        if (*value != '\0')
            add(hash, " ");
    }
    add(hash, "\n");
}

/* "CanonicalRequest", of which only the hash is ever needed. */
static void
hash_request(const struct sigv4_request *request, char out[SHA256_HEX_SIZE])
{
    struct sha256_ctx hash;

    sha256_init(&hash);
    add(&hash, request->method);
    add(&hash, "\n");
    add(&hash, request->path);
    add(&hash, "\n");
    add(&hash, request->query);
    add(&hash, "\n");
    for (size_t i = 0; i < request->header_count; i++)
        add_header(&hash, &request->headers[i]);
    for (size_t i = 0; i < request->header_count; i++) {
        add(&hash, i == 0 ? "\n" : ";");
        add(&hash, request->headers[i].name);
    }
    add(&hash, "\n");
    add(&hash, request->payload);
    sha256_hex_end(&hash, out);
}

/* ---- signing ------------------------------------------------------------ */

/* The digest of `text`, under the key in `key`, becomes the next key. */
static void
next_key(uint8_t key[SHA256_DIGEST_SIZE], const char *text, size_t length)
{
    struct hmac_sha256_ctx hmac;

    hmac_sha256_set_key(&hmac, SHA256_DIGEST_SIZE, key);
    hmac_sha256_update(&hmac, length, (const uint8_t *)text);
    hmac_sha256_digest(&hmac, SHA256_DIGEST_SIZE, key);
}

/* "SigningKey": of one day, one region and one service. */
static void
signing_key(const struct sigv4_request *request, const char *secret,
    uint8_t key[SHA256_DIGEST_SIZE])
{
    size_t length = strlen("AWS4") + strlen(secret);
    char *salted = malloc(length + 1);
    struct hmac_sha256_ctx hmac;

    if (salted == NULL)
        abort();
    stpcpy(stpcpy(salted, "AWS4"), secret);
    hmac_sha256_set_key(&hmac, length, (const uint8_t *)salted);
    free(salted);
    hmac_sha256_update(&hmac, DATE_LENGTH, (const uint8_t *)request->time);
    hmac_sha256_digest(&hmac, SHA256_DIGEST_SIZE, key);
    next_key(key, request->region, strlen(request->region));
    next_key(key, request->service, strlen(request->service));
    next_key(key, "aws4_request", strlen("aws4_request"));
}

static void
sign_text(struct hmac_sha256_ctx *hmac, const char *text, size_t length)
{
    hmac_sha256_update(hmac, length, (const uint8_t *)text);
}

/* The signature of "StringToSign". */
void
sigv4_sign(const struct sigv4_request *request, const char *secret, char signature[SHA256_HEX_SIZE])
{
    uint8_t key[SHA256_DIGEST_SIZE];
    char hash[SHA256_HEX_SIZE];
    struct hmac_sha256_ctx hmac;
    const char *const parts[] = { "/", request->region, "/", request->service, "/aws4_request\n",
        hash };

    hash_request(request, hash);
    signing_key(request, secret, key);
    hmac_sha256_set_key(&hmac, sizeof key, key);
    sign_text(&hmac, ALGORITHM "\n", sizeof ALGORITHM);
    sign_text(&hmac, request->time, strlen(request->time));
    sign_text(&hmac, "\n", 1);
    sign_text(&hmac, request->time, DATE_LENGTH);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        sign_text(&hmac, parts[i], strlen(parts[i]));
    hmac_sha256_digest(&hmac, sizeof key, key);
    hex_encode(key, sizeof key, signature);
}
