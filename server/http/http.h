/*
 * HTTP/1.1 for one thread: turns bytes into exchanges, and replies into bytes. This room is the
 * only user of libmicrohttpd. A handler includes this header, or only what it needs of the room.
 *
 * Everything here is called on the thread that polls, except http_wake() and http_stop(). Nothing
 * may block it. Times are real time, in milliseconds: this room knows nothing of the clock of the
 * emulated world.
 */
#ifndef SERVER_HTTP_HTTP_H
#define SERVER_HTTP_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange.h"
#include "options.h"
#include "park.h"
#include "reading.h"
#include "reply.h"
#include "stream.h"

struct http;

/* Who connects from now on is shown this certificate. False: it and the key do not fit, and nothing has
   changed. */
bool http_tls_renew(const char *cert, const char *key);

/* NULL: cannot, and `error` says why in one line. Raises the soft limit of open files. */
struct http *http_open(const struct http_options *, char *error, size_t error_size);
unsigned http_port(const struct http *);
unsigned http_back_port(const struct http *);

/* Serves what there is, and waits up to wait_ms for it (negative or INT64_MAX: until something
   happens; it may return early for no visible reason). False: stopped, nothing is in hand any more;
   or the server is beyond help. */
bool http_poll(struct http *, int64_t wait_ms);

unsigned http_connections(const struct http *); /* that are open */

/* What was parked goes to the handler again at the next poll, which does not wait; what was put
   aside does. */
void http_recall(struct http *);
void http_bring_back(struct http *);
void http_wake(struct http *); /* any thread or signal handler: http_poll() returns soon */

/* Any thread or signal handler. From the next poll on no connection is accepted; delays, parking
   and streams end at once; replies close their connections; http_poll() answers false when the last
   request in hand has its reply, or after stop_ms. Polled once more, it sends what was answered
   since, and calls the handler for what was brought back. */
void http_stop(struct http *);

/* Breaks off what is still there. No exchange may be touched afterwards; on_closed of streams is
   called first. */
void http_close(struct http *);

#endif
