#include "sigv4.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* White space as in a header that was folded, too. */
static void
add_value(struct text *out, const char *value)
{
    static const char spaces[] = " \t\n";

    value += strspn(value, spaces);
    while (*value != '\0') {
        size_t length = strcspn(value, spaces);

        text_add(out, value, length);
        value += length;
        value += strspn(value, spaces);
        if (*value != '\0')
            text_add(out, " ", 1);
    }
}

static bool
has_name_of_last(const struct sigv4_request *request, size_t i)
{
    return i > 0 && strcmp(request->headers[i].name, request->headers[i - 1].name) == 0;
}

void
sigv4_canonical(const struct sigv4_request *request, struct text *out)
{
    const struct sigv4_header *headers = request->headers;

    text_add_string(out, request->method);
    text_add(out, "\n", 1);
    text_add_string(out, request->path);
    text_add(out, "\n", 1);
    text_add_string(out, request->query);
    for (size_t i = 0; i < request->header_count; i++) {
        bool more = has_name_of_last(request, i);

        text_add(out, more ? "," : "\n", 1);
        text_add_string(out, more ? "" : headers[i].name);
        text_add_string(out, more ? "" : ":");
        add_value(out, headers[i].value);
    }
    text_add(out, "\n\n", 2);
    for (size_t i = 0; i < request->header_count; i++)
        if (!has_name_of_last(request, i)) {
            text_add_string(out, i == 0 ? "" : ";");
            text_add_string(out, headers[i].name);
        }
    text_add(out, "\n", 1);
    text_add_string(out, request->payload);
}

static void
hash_request(const struct sigv4_request *request, char out[SHA256_HEX_SIZE])
{
    struct text text = { 0 };

    text_reserve(&text, 1000); /* what most have */
    sigv4_canonical(request, &text);
    sha256_hex(text.bytes, text.length, out);
    free(text.bytes);
}

/* ---- signing ------------------------------------------------------------ */

/* The digest of `text`, under the key that is set, becomes the next key. */
static void
next_key(struct hmac_sha256_ctx *hmac, const char *text, size_t length)
{
    uint8_t digest[SHA256_DIGEST_SIZE];

    hmac_sha256_update(hmac, length, (const uint8_t *)text);
    hmac_sha256_digest(hmac, sizeof digest, digest);
    hmac_sha256_set_key(hmac, sizeof digest, digest);
}

/* "SigningKey". */
void
sigv4_key(const struct sigv4_request *request, const char *secret, struct sigv4_key *key)
{
    size_t length = strlen("AWS4") + strlen(secret);
    char *salted = malloc(length + 1);

    if (salted == NULL)
        abort();
    stpcpy(stpcpy(salted, "AWS4"), secret);
    hmac_sha256_set_key(&key->hmac, length, (const uint8_t *)salted);
    free(salted);
    next_key(&key->hmac, request->time, SIGV4_DATE_LENGTH);
    next_key(&key->hmac, request->region, strlen(request->region));
    next_key(&key->hmac, request->service, strlen(request->service));
    next_key(&key->hmac, "aws4_request", strlen("aws4_request"));
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
sigv4_sign_with(const struct sigv4_request *request, struct sigv4_key *key,
    char signature[SHA256_HEX_SIZE])
{
    struct text text = { 0 };
    uint8_t digest[SHA256_DIGEST_SIZE];

    sigv4_string(request, &text);
    hmac_sha256_update(&key->hmac, text.length, (const uint8_t *)text.bytes);
    hmac_sha256_digest(&key->hmac, sizeof digest, digest);
    hex_encode(digest, sizeof digest, signature);
    free(text.bytes);
}

void
sigv4_sign(const struct sigv4_request *request, const char *secret, char signature[SHA256_HEX_SIZE])
{
    struct sigv4_key key;

    sigv4_key(request, secret, &key);
    sigv4_sign_with(request, &key, signature);
}
