/*
 * HTTP/1.1 for one thread: turns bytes into exchanges, and replies into bytes. The only user of
 * libmicrohttpd.
 *
 * The rule: an exchange handed to the handler is owed exactly one end: exchange_reply(),
 * exchange_reply_file(), exchange_stream(), exchange_break() or exchange_truncate(), now or later.
 * Until that call it stays valid, whatever the client does (one that went away is noticed when the
 * end is sent); after that call it may not be touched.
 *
 * Everything here is called on the thread that polls, except http_wake() and http_stop(). Nothing
 * may block it. Times are real time, in milliseconds: this file knows nothing of the clock of the
 * emulated world.
 */
#ifndef SERVER_HTTP_HTTP_H
#define SERVER_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;
struct stream;

struct reply_header {
    const char *name, *value; /* copied by exchange_reply() */
};

/* One request, complete, and the reply it will get. To be read only, but for `state`. */
struct exchange {
    const char *method;
    const char *target; /* as received: neither decoded nor split; SigV4 signs these bytes */
    const char *path;   /* the target up to '?', not decoded; without a proxy's "http://host" */
    const char *query;  /* what follows '?', not decoded; "" when there is none */
    const char *body;   /* ends with a NUL that `length` does not count; "" when empty or spooled */
    size_t length;      /* of the body, in memory or spooled */
    int body_file;      /* a spooled body at its start, closed with the exchange; -1: in memory */
    void *state;        /* the handler's own, NULL at first: to find again when called again */
};

/* Values of headers and arguments live as long as the exchange. */
const char *exchange_header(const struct exchange *, const char *name); /* first, or NULL */
/* Calls `each` for every header in the order and with the bytes received (trailing spaces
   included), duplicates too, until it answers false. */
void exchange_headers(const struct exchange *,
    bool (*each)(void *context, const char *name, const char *value), void *context);
/* An argument of the query, decoded; NULL: none. Without "=value" it is "". */
const char *exchange_argument(const struct exchange *, const char *name);
void exchange_remote(const struct exchange *, char *text, size_t size); /* its address */

/* A header that whatever ends the exchange will have. Name and value live as long as the exchange;
   it has at most EXCHANGE_HEADERS_MAX, the later of two of one name counts. */
#define EXCHANGE_HEADERS_MAX 8
void exchange_add_header(struct exchange *, const char *name, const char *value);

/* --- Ends ------------------------------------------------------------------------------------- */

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

enum wire_fault {
    WIRE_NONE,
    WIRE_RESET,    /* the connection is reset */
    WIRE_EMPTY,    /* it is closed without a byte */
    WIRE_GARBAGE,  /* bytes that are not HTTP, then it is closed */
    WIRE_TRUNCATE, /* a 200 whose JSON body stops half way to its Content-Length */
    WIRE_HANG,     /* nothing, until the client or the idle limit gives up */
};

void exchange_break(struct exchange *, enum wire_fault);
void exchange_truncate(struct exchange *, struct reply); /* WIRE_TRUNCATE of the caller's reply */

/* --- Before the end --------------------------------------------------------------------------- */

/* Whatever ends the exchange leaves no earlier than `ms` from now. Costs memory only. */
void exchange_delay(struct exchange *, int64_t ms);

/* Puts the exchange aside: the handler is called with it again at the poll after http_recall(), and
   when `ms` have passed since the first call of this for the exchange. False: they have (or the
   server is stopping), and it must be ended now.
   So: `if (busy(…) && exchange_park(exchange, hold_ms)) return;` */
bool exchange_park(struct exchange *, int64_t ms);

/* --- Streams ---------------------------------------------------------------------------------- */

/* Ends the exchange with a 200 of unbounded length, for server-sent events. `on_closed` is called
   exactly once, when the stream is over for whatever reason (client gone, reader too slow,
   stream_end(), server closed); the stream may not be touched after it. NULL: no memory; the
   exchange has then been broken off. */
struct stream *exchange_stream(struct exchange *, const char *content_type,
    void (*on_closed)(void *context, struct stream *), void *context);
/* All or nothing. False: nothing more can be written, because the reader was too slow for a bounded
   buffer (it is told so in a last comment) or the stream is ending; on_closed follows, at a poll,
   never from here. */
bool stream_write(struct stream *, const char *text, size_t length);
size_t stream_behind(const struct stream *); /* bytes that its reader has not taken yet */
void stream_end(struct stream *);            /* what was written is still sent */

/* --- The server ------------------------------------------------------------------------------- */

/* Zero picks the default, except where it says otherwise. */
struct http_options {
    const char *host;               /* 127.0.0.1; a name or an address, v4 or v6 */
    unsigned port;                  /* 0: any that is free, see http_port() */
    const char *tls_cert, *tls_key; /* contents of PEM files; they outlive the server */

    void *context; /* of the functions below */
    /* A request, whole. Called again for exchanges that it parked. */
    void (*handle)(void *context, struct exchange *);
    /* A request that is refused before it is one, with 400 (bad framing or headers), 413 (too
       large) or 500 (nowhere to put the body): must end it with exchange_reply(), then and there.
       Has method, target, path, query and headers, no body. The connection is closed whatever
       `reply.close` says. NULL: an empty body, which is what the service sends with 413. */
    void (*refuse)(void *context, struct exchange *, unsigned status, const char *why);
    /* Whether the body goes to an unlinked temporary file, up to upload_max; NULL: never. */
    bool (*spools)(void *context, const struct exchange *);
    void (*log)(void *context, const char *text); /* the library's complaints; NULL: nowhere */

    size_t body_max;          /* 16 MiB; more is answered 413 */
    int64_t upload_max;       /* 1 GiB; the same for spooled bodies */
    int64_t body_ms;          /* 60 s: from the headers to the end of the body, or it is cut off */
    int64_t idle_ms;          /* 180 s; longer than clients keep connections (Go: 90 s) */
    int64_t stop_ms;          /* 700 ms: what http_stop() leaves to requests in hand */
    unsigned connections_max; /* 16384, or what open files allow; others wait in the backlog */
    size_t stream_max;        /* 256 KiB: what a stream's reader may be behind */
};

/* Whether these are a certificate and its key, in PEM. */
bool http_tls_fits(const char *cert, const char *key);

/* NULL: cannot, and `error` says why in one line. Raises the soft limit of open files. */
struct http *http_open(const struct http_options *, char *error, size_t error_size);
unsigned http_port(const struct http *);

/* Serves what there is, and waits up to wait_ms for it (negative or INT64_MAX: until something
   happens; it may return early for no visible reason). False: stopped, nothing is in hand any more;
   or the server is beyond help. */
bool http_poll(struct http *, int64_t wait_ms);

unsigned http_connections(const struct http *); /* that are open */

/* Parked exchanges go to the handler again at the next poll, which does not wait. */
void http_recall(struct http *);
void http_wake(struct http *); /* any thread or signal handler: http_poll() returns soon */

/* Any thread or signal handler. From the next poll on no connection is accepted; delays, parking
   and streams end at once; replies close their connections; http_poll() answers false when the last
   request in hand has its reply, or after stop_ms. */
void http_stop(struct http *);

/* Breaks off what is still there. No exchange may be touched afterwards; on_closed of streams is
   called first. */
void http_close(struct http *);

#endif
