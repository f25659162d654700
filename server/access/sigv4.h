/*
 * Signature Version 4: what stands for a request, and its signature with a secret. Whoever signs
 * and whoever checks go through the same function.
 *
 * AWS General Reference, Signing AWS API requests. Times are "20261123T100000Z".
 */
#ifndef SERVER_ACCESS_SIGV4_H
#define SERVER_ACCESS_SIGV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nettle/hmac.h>

#include "../../state/base/digest.h"
#include "../json/text.h"

#define SIGV4_ALGORITHM "AWS4-HMAC-SHA256"
#define SIGV4_TIME_SIZE 17
#define SIGV4_DATE_LENGTH 8 /* of a time: "20261123" */

struct sigv4_header {
    const char *name;  /* in lower case */
    const char *value; /* runs of spaces count as one, those at its ends as none */
};

struct sigv4_request {
    const char *method;
    const char *path;  /* encoded the way the service wants it: S3 once, all others twice */
    const char *query; /* encoded, sorted by name; "" for none */
    const struct sigv4_header *headers; /* the signed ones, sorted by name; values of one name lie
                                           side by side, and become one */
    size_t header_count;
    const char *payload; /* its SHA-256 in hexadecimal digits, or UNSIGNED-PAYLOAD */
    const char *time;
    const char *region, *service;
};

void sigv4_sign(const struct sigv4_request *, const char *secret, char signature[SHA256_HEX_SIZE]);

/* The same in two steps: the key is that of a day, a region and a service, and can be used again. */
struct sigv4_key {
    struct hmac_sha256_ctx hmac;
};
void sigv4_key(const struct sigv4_request *, const char *secret, struct sigv4_key *);
void sigv4_sign_with(const struct sigv4_request *, struct sigv4_key *,
    char signature[SHA256_HEX_SIZE]);

/* What is signed, for people: "CanonicalRequest", and "StringToSign", which has its digest. */
void sigv4_canonical(const struct sigv4_request *, struct text *);
void sigv4_string(const struct sigv4_request *, struct text *);

void sigv4_time(int64_t wall_ms, char out[SIGV4_TIME_SIZE]);

/*
 * Percent-encodes all but the unreserved characters of RFC 3986, and '/' where `slashes` are kept.
 * `out` has room for three times the length, and a NUL.
 */
void sigv4_encode(const char *text, bool slashes, char *out);

#endif
