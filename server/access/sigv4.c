#include "sigv4.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <nettle/hmac.h>

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

/* Where the pieces of it go: into a digest, or a text for people. */
struct sink {
    struct sha256_ctx *hash;
    struct text *text;
};

static void
add_bytes(const struct sink *sink, const char *bytes, size_t length)
{
    if (sink->hash != NULL)
        sha256_update(sink->hash, length, (const uint8_t *)bytes);
    else
        text_add(sink->text, bytes, length);
}

static void
add(const struct sink *sink, const char *text)
{
    add_bytes(sink, text, strlen(text));
}

/* White space as in a header that was folded, too. */
static void
add_value(const struct sink *sink, const char *value)
{
    static const char spaces[] = " \t\n";

    value += strspn(value, spaces);
    while (*value != '\0') {
        size_t length = strcspn(value, spaces);

        add_bytes(sink, value, length);
        value += length;
        value += strspn(value, spaces);
        if (*value != '\0')
            add(sink, " ");
    }
}

static bool
has_name_of_last(const struct sigv4_request *request, size_t i)
{
    return i > 0 && strcmp(request->headers[i].name, request->headers[i - 1].name) == 0;
}

static void
add_request(const struct sink *sink, const struct sigv4_request *request)
{
    const struct sigv4_header *headers = request->headers;

    add(sink, request->method);
    add(sink, "\n");
    add(sink, request->path);
    add(sink, "\n");
    add(sink, request->query);
    for (size_t i = 0; i < request->header_count; i++) {
        bool more = has_name_of_last(request, i);

        add(sink, more ? "," : "\n");
        add(sink, more ? "" : headers[i].name);
        add(sink, more ? "" : ":");
        add_value(sink, headers[i].value);
    }
    add(sink, "\n\n");
    for (size_t i = 0; i < request->header_count; i++)
        if (!has_name_of_last(request, i)) {
            add(sink, i == 0 ? "" : ";");
            add(sink, headers[i].name);
        }
    add(sink, "\n");
    add(sink, request->payload);
}

void
sigv4_canonical(const struct sigv4_request *request, struct text *text)
{
    add_request(&(struct sink){ .text = text }, request);
}

static void
hash_request(const struct sigv4_request *request, char out[SHA256_HEX_SIZE])
{
    struct sha256_ctx hash;

    sha256_init(&hash);
    add_request(&(struct sink){ .hash = &hash }, request);
    sha256_hex_end(&hash, out);
}

/* ---- signing ------------------------------------------------------------ */

/* The digest of `text`, under the key in `key`, becomes the next key. */
static void
next_key(uint8_t key[SIGV4_KEY_SIZE], const char *text, size_t length)
{
    struct hmac_sha256_ctx hmac;

    hmac_sha256_set_key(&hmac, SIGV4_KEY_SIZE, key);
    hmac_sha256_update(&hmac, length, (const uint8_t *)text);
    hmac_sha256_digest(&hmac, SIGV4_KEY_SIZE, key);
}

/* "SigningKey". */
void
sigv4_key(const struct sigv4_request *request, const char *secret, uint8_t key[SIGV4_KEY_SIZE])
{
    size_t length = strlen("AWS4") + strlen(secret);
    char *salted = malloc(length + 1);
    struct hmac_sha256_ctx hmac;

    if (salted == NULL)
        abort();
    stpcpy(stpcpy(salted, "AWS4"), secret);
    hmac_sha256_set_key(&hmac, length, (const uint8_t *)salted);
    free(salted);
    hmac_sha256_update(&hmac, SIGV4_DATE_LENGTH, (const uint8_t *)request->time);
    hmac_sha256_digest(&hmac, SIGV4_KEY_SIZE, key);
    next_key(key, request->region, strlen(request->region));
    next_key(key, request->service, strlen(request->service));
    next_key(key, "aws4_request", strlen("aws4_request"));
}

void
sigv4_string(const struct sigv4_request *request, struct text *text)
{
    char hash[SHA256_HEX_SIZE];

    hash_request(request, hash);
    text_add_string(text, SIGV4_ALGORITHM "\n");
    text_add_string(text, request->time);
    text_add_string(text, "\n");
    text_add(text, request->time, SIGV4_DATE_LENGTH);
    text_add_string(text, "/");
    text_add_string(text, request->region);
    text_add_string(text, "/");
    text_add_string(text, request->service);
    text_add_string(text, "/aws4_request\n");
    text_add_string(text, hash);
}

void
sigv4_sign_with(const struct sigv4_request *request, const uint8_t key[SIGV4_KEY_SIZE],
    char signature[SHA256_HEX_SIZE])
{
    struct text text = { 0 };
    struct hmac_sha256_ctx hmac;
    uint8_t digest[SHA256_DIGEST_SIZE];

    sigv4_string(request, &text);
    hmac_sha256_set_key(&hmac, SIGV4_KEY_SIZE, key);
    hmac_sha256_update(&hmac, text.length, (const uint8_t *)text.bytes);
    hmac_sha256_digest(&hmac, sizeof digest, digest);
    hex_encode(digest, sizeof digest, signature);
    free(text.bytes);
}

void
sigv4_sign(const struct sigv4_request *request, const char *secret, char signature[SHA256_HEX_SIZE])
{
    uint8_t key[SIGV4_KEY_SIZE];

    sigv4_key(request, secret, key);
    sigv4_sign_with(request, key, signature);
}
