/* What the server is told at its start: where it listens, whom it calls, and its limits. */
#ifndef SERVER_HTTP_OPTIONS_H
#define SERVER_HTTP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exchange;

/* Zero picks the default, except where it says otherwise. */
struct http_options {
    const char *host; /* 127.0.0.1; a name or an address, v4 or v6 */
    unsigned port;    /* 0: any that is free, see http_port() */
    /* A second door: an address and its port, 0 being any, or the path of a Unix socket that only
       our own user may open. NULL: none. */
    const char *back_host, *back_path;
    unsigned back_port;
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

    unsigned arguments_max;   /* 100 in a query; more are answered 400 */
    size_t body_max;          /* 16 MiB; more is answered 413 */
    int64_t upload_max;       /* 1 GiB; the same for spooled bodies */
    int64_t body_ms;          /* 60 s: from the headers to the end of the body, or it is cut off */
    size_t bodies_max;        /* 512 MiB: of all that are in memory; more are answered 500 */
    int64_t idle_ms;          /* 180 s; longer than clients keep connections (Go: 90 s). A head that
                                 takes longer to come, however steadily, is cut off */
    int64_t stop_ms;          /* 700 ms: what http_stop() leaves to requests in hand */
    unsigned connections_max; /* 16384, or what open files allow; others wait in the backlog */
    size_t connection_bytes;  /* 32 KiB; a head that does not fit is answered 431 */
    size_t stream_max;        /* 256 KiB: what a stream's reader may be behind */
};

/* Whether only this machine can reach who listens there. */
bool address_is_loopback(const char *host);

/* For server/http only: with the defaults in place of zeros. */
struct http_options http_options_complete(struct http_options);

#endif
