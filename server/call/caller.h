/*
 * Who is calling, as the request says: the credential of its signature, or nobody.
 *
 * Twelve digits as access key id are an account; every other key is of the
 * server's own account. The region is that of the credential's scope.
 */
#ifndef SERVER_CALL_CALLER_H
#define SERVER_CALL_CALLER_H

#include <stdbool.h>
#include <stddef.h>

#include "../../state/base/arn.h"

struct exchange;
struct server;

#define ACCESS_KEY_ID_SIZE 129 /* IAM API Reference, AccessKey: at most 128 characters */

struct caller {
    struct scope scope;
    char access_key_id[ACCESS_KEY_ID_SIZE]; /* "" for nobody */
};

struct caller caller_of(const struct server *, const struct exchange *);

/*
 * Whether an SDK's waiter made the request: its User-Agent says so, with the business metric B in
 * the list "m/B,E,g". Source: the setting describe.holdWaiters.
 */
bool caller_is_waiter(const struct exchange *);

/* The service that the request was signed for, in small letters, digits and dashes; "" for none. */
void caller_service(const struct exchange *, char *out, size_t size);

#endif
