/*
 * The signature of a request, seen from the side that is asked: who sent it, and whether it came as it
 * was sent. Signature Version 4, in headers and in the query.
 *
 * The rule: exactly what the client says it signed is what is looked at; nothing that it left out is
 * known to be its own. Times are real: nothing here follows the clock of the world.
 */
#ifndef SERVER_ACCESS_SIGNATURE_H
#define SERVER_ACCESS_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sigv4.h"

struct access_key;
struct exchange;

/* A request as it came. */
struct signature_request {
    const char *method, *path, *query;
    const struct sigv4_header *headers; /* in any case and order, repeated or not */
    size_t header_count;
    const void *body;
    size_t length;
};

enum signature_result {
    SIGNATURE_FINE,
    SIGNATURE_MISSING,       /* MissingAuthenticationTokenException */
    SIGNATURE_INCOMPLETE,    /* IncompleteSignatureException */
    SIGNATURE_INVALID,       /* InvalidSignatureException */
    SIGNATURE_UNKNOWN_KEY,   /* UnrecognizedClientException */
    SIGNATURE_EXPIRED_TOKEN, /* ExpiredTokenException */
};

struct signature {
    enum signature_result result;
    char *message; /* of its error, to be freed; NULL: fine */
    char key[129]; /* what its credential says; "" where it does not */
    char region[64];
};

/* Who knows the keys: NULL for one that is not known. */
struct signature_keys {
    struct access_key *(*find)(void *context, const char *id);
    void *context;
};

/* The key that signed it, or NULL and why not. */
struct access_key *signature_check(const struct signature_request *, const char *service,
    int64_t wall_ms, const struct signature_keys *, struct signature *);

/* The same for what came in. */
struct access_key *signature_check_exchange(const struct exchange *, const char *service,
    int64_t wall_ms, const struct signature_keys *, struct signature *);

#endif
