/* The ends of an exchange: replies, and wire faults in their place. */
#ifndef SERVER_HTTP_REPLY_H
#define SERVER_HTTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "exchange.h"
#include "wire_fault.h"

/* A header that whatever ends the exchange will have. Name and value live as long as the exchange;
   it has at most EXCHANGE_HEADERS_MAX, the later of two of one name counts. */
void exchange_add_header(struct exchange *, const char *name, const char *value);

#define REPLY_HEADERS_MAX 12

/* All zero is a good start: (struct reply){ .status = 200, .body = text, .length = strlen(text) }.
   Date, Content-Length and Connection are added; a HEAD request gets the length and no body. */
struct reply {
    unsigned status;
    const char *content_type; /* copied; NULL: no such header */
    char *body;               /* from malloc, taken over; NULL: see `fixed` */
    const char *fixed;        /* instead of body: bytes that live for ever, or NULL */
    size_t length;            /* of either */
    struct reply_header headers[REPLY_HEADERS_MAX]; /* up to the first without a name */
    bool close;                                     /* this reply is the last on its connection */
};

void exchange_reply(struct exchange *, struct reply);
/* The body is the first `reply.length` bytes of `file`, which is taken over (`reply.body` stays
   NULL). */
void exchange_reply_file(struct exchange *, struct reply, int file);

void exchange_break(struct exchange *, enum wire_fault);
void exchange_truncate(struct exchange *, struct reply); /* WIRE_TRUNCATE of the caller's reply */

#endif
