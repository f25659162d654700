/*
 * What the http*.c files share, and nobody else may see.
 *
 * A `serving` is an exchange with its inside. It is born with the request line (on_target), dies
 * with the library's notice of completion (on_completed), and in between is at any moment in the
 * hands of either the library or, while `suspended`, of us. The library never completes a suspended
 * connection: that is why a kept exchange stays valid.
 */
#ifndef SERVER_HTTP_INSIDE_H
#define SERVER_HTTP_INSIDE_H

#include <microhttpd.h>
#include <signal.h>

#include "http.h"

/* 1.0 renamed the knob for the strictness of the parser, and gave it more levels. */
#if MHD_VERSION >= 0x00097701
#define STRICTNESS_OPTION MHD_OPTION_CLIENT_DISCIPLINE_LVL
#define STRICTNESS 1
#else
/* Level 1 answers a missing Host twice, -1 is the strict one about "Content-Length : 7" (sic): we
   check ourselves. */
#define STRICTNESS_OPTION MHD_OPTION_STRICT_FOR_CLIENT
#define STRICTNESS 0
#endif

/* A ring through its members; the list's own link is the sentinel. A link in no list points to
   itself. */
struct link {
    struct link *next, *previous;
};

void link_reset(struct link *);
void link_append(struct link *list, struct link *);
void link_remove(struct link *);
bool link_is_alone(const struct link *);

#define LINK_OWNER(type, member, link) ((type *)(void *)((char *)(link)-offsetof(type, member)))

/* What a descriptor in our epoll set is about. */
struct watch {
    enum { WATCH_DAEMON, WATCH_WAKE, WATCH_PEER, WATCH_LINGER } kind;
};

struct serving {
    struct exchange exchange; /* first: an exchange is a serving to us */
    struct http *http;
    struct MHD_Connection *connection;
    struct link all;     /* in http->servings */
    struct link waiting; /* in http->receiving with its body, in http->parked while parked,
                            in http->recalling when its turn is near */
    struct watch peer;
    bool watched;

    bool begun, whole, spooled; /* headers seen; body seen; body goes to a file */
    size_t body_room;
    int64_t body_limit, body_by_ms;
    unsigned refused; /* status to refuse it with when its body has been discarded, or 0 */
    const char *refused_why;
    bool refusing;
    int linger; /* second descriptor of a connection that must not be dropped at once, or -1 */

    bool ended; /* by exactly one of: response, fault */
    unsigned status;
    struct MHD_Response *response;
    enum wire_fault fault;
    struct reply_header
        headers[EXCHANGE_HEADERS_MAX]; /* of any end; up to the first without name */
    struct stream *stream;             /* the response's source, or NULL */

    bool suspended, parked;
    int64_t not_before_ms; /* the end may not leave earlier; 0: at once */
    int64_t park_until_ms; /* 0: never parked */
    int64_t deadline_ms;   /* of the heap */
    size_t place;          /* in the heap, from 1; 0: not there */
    char target[];
};

/* The waits of suspended exchanges, earliest first: a binary heap, because delays have any length.
   */
struct deadlines {
    struct serving **heap; /* from 1 */
    size_t count, room;
};

struct http {
    struct http_options options;
    struct MHD_Daemon *daemon;
    int epoll, wake, listener;
    unsigned port;
    struct watch daemon_watch, wake_watch;
    int64_t now_ms; /* of this poll */
    struct link servings, receiving, parked, recalling, lingering;
    struct deadlines deadlines;
    bool recalled, resumed, stopping, closing;
    int64_t stop_by_ms;
    volatile sig_atomic_t stop_asked;
    char complaint[200]; /* the library's last */
};

int64_t http_clock_ms(void); /* monotonic */

/* http_deadline.c: `false` only for want of memory */
bool deadline_set(struct deadlines *, struct serving *, int64_t at_ms);
void deadline_clear(struct deadlines *, struct serving *);
struct serving *deadline_first(const struct deadlines *);

/* http_check.c: what the headers say about the body; why the request must be refused, or NULL */
struct framing {
    bool chunked, expects; /* 100-continue */
    uint64_t length;
};
const char *check_head(const struct serving *, const char *version, struct framing *);

/* http_request.c: the library's callbacks */
void *on_target(void *context, const char *target, struct MHD_Connection *);
enum MHD_Result on_request(void *context, struct MHD_Connection *, const char *url,
    const char *method, const char *version, const char *data, size_t *size, void **slot);
void on_completed(void *context, struct MHD_Connection *, void **slot,
    enum MHD_RequestTerminationCode);

/* http_exchange.c: the waits and the end of an exchange */
struct serving *serving_of(const struct exchange *);
void serving_handle(struct serving *);              /* calls the handler */
enum MHD_Result serving_conclude(struct serving *); /* in on_request: sends the end, or awaits it */
void serving_end(struct serving *, struct MHD_Response *, unsigned status, enum wire_fault);
void serving_add_headers(const struct serving *, struct MHD_Response *);
void serving_suspend(struct serving *);
void serving_resume(struct serving *);
void serving_unpark(struct serving *);
void serving_watch_peer(struct serving *);
void serving_peer_gone(struct serving *);
int serving_socket(const struct serving *);

/* http_stream.c */
void stream_peer_gone(struct stream *);
void stream_closed(struct stream *);

/* http_linger.c: connections that were answered before they had been read */
void linger_begin(struct http *, int socket); /* takes the descriptor over */
void linger_ready(struct http *, struct watch *);
void linger_expire(struct http *, int64_t now_ms);
int64_t linger_next_ms(const struct http *); /* INT64_MAX: none */

#endif
