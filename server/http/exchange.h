/*
 * An exchange: one request, and the reply it will get. What a handler may do with it stands in
 * reading.h, park.h, reply.h and stream.h.
 *
 * The rule: an exchange handed to the handler is owed exactly one end: exchange_reply(),
 * exchange_reply_file(), exchange_stream(), exchange_break() or exchange_truncate(), now or later.
 * Until that call it stays valid, whatever the client does (one that went away is noticed when the
 * end is sent); after that call it may not be touched. All of it is the thread's that polls.
 */
#ifndef SERVER_HTTP_EXCHANGE_H
#define SERVER_HTTP_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>

/* One request, complete, and the reply it will get. To be read only, but for `state`. */
struct exchange {
    const char *method;
    const char *target; /* as received: neither decoded nor split; SigV4 signs these bytes */
    const char *path;   /* the target up to '?', not decoded; without a proxy's "http://host" */
    const char *query;  /* what follows '?', not decoded; "" when there is none */
    const char *body;   /* ends with a NUL that `length` does not count; "" when empty or spooled */
    size_t length;      /* of the body, in memory or spooled */
    int body_file;      /* a spooled body at its start, closed with the exchange; -1: in memory */
    bool at_back;       /* it came in at the second door */
    void *state;        /* the handler's own, NULL at first: to find again when called again */
};

struct reply_header {
    const char *name, *value; /* copied by exchange_reply() */
};

#define EXCHANGE_HEADERS_MAX 8 /* that are added by exchange_add_header() */

#endif
