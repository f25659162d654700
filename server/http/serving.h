/*
 * A serving is an exchange with its inside: its waiting and its end.
 *
 * It is born with the request line (see request.h), dies with the library's notice of completion,
 * and in between is at any moment in the hands of either the library or, while `suspended`, of us.
 * The library never completes a suspended connection: that is why a kept exchange stays valid.
 */
#ifndef SERVER_HTTP_SERVING_H
#define SERVER_HTTP_SERVING_H

#include <microhttpd.h>

#include "deadline.h"
#include "door.h"
#include "exchange.h"
#include "head.h"
#include "link.h"
#include "options.h"
#include "watch.h"
#include "wire_fault.h"

/* All of them, and what they share. */
struct servings {
    struct http_options options;
    int epoll;
    int64_t now_ms; /* of this poll */
    struct link all;
    /* Each is in one of these at most. */
    struct link receiving; /* with its body */
    struct link parked;    /* until it is recalled, or its time is over */
    struct link aside;     /* until it is brought back */
    struct link recalling; /* its turn with the handler is near */
    struct link lingering; /* see linger.h: what is left of some */
    struct link visits;    /* see visit.h: connections without one of these */
    struct back_door back;
    size_t bodies; /* bytes of them that are in memory */
    struct deadlines deadlines;
    bool resumed;           /* the library has something to do at once */
    bool stopping, closing; /* waits are over; no more is sent */
};

struct serving {
    struct exchange exchange;
    struct servings *servings;
    struct MHD_Connection *connection;
    struct link all, waiting; /* the second is in one of the lists above, or in none */

    /* request.c: how far it has been read. */
    const char *received; /* where the library has the target */
    bool has_many_arguments;
    bool begun, whole, refusing; /* headers seen; body seen; it is no exchange, but refused */
    struct heard heard;
    int linger; /* second descriptor of a connection that must not be dropped at once, or -1 */

    /* body.c */
    bool spooled; /* to a file */
    size_t body_room;
    int64_t body_limit, body_by_ms;
    unsigned refused; /* status to refuse it with when its body has been discarded, or 0 */
    const char *refused_why;

    /* How it ends. */
    bool ended; /* by exactly one of: response, fault */
    unsigned status;
    struct MHD_Response *response;
    enum wire_fault fault;
    struct reply_header headers[EXCHANGE_HEADERS_MAX]; /* of any end, up to one without a name */
    struct stream *stream;                             /* the response's source, or NULL */

    /* And when. */
    bool suspended, called_again; /* by us; the handler is to be, that has not ended it */
    int64_t not_before_ms;        /* the end may not leave earlier; 0: at once */
    int64_t park_until_ms;        /* 0: never parked */
    struct deadline deadline;     /* of either */

    struct watch peer;
    bool watched;

    char target[];
};

int64_t http_clock_ms(void); /* monotonic */

struct serving *serving_of(const struct exchange *);
int serving_socket(const struct serving *);

/* Between us and the library, which calls on_request() again, at the next MHD_run(), for what is
   resumed. */
void serving_suspend(struct serving *);
void serving_resume(struct serving *);

/* Puts it into a list of those that the handler is called with again. */
void serving_wait_in(struct serving *, struct link *list);

/* Calls the handler: for the first time, or again. */
void serving_handle(struct serving *);

/* Its deadline has come; what it was delayed for is over. */
void serving_expire(struct serving *);
void serving_hurry(struct serving *);

/* Chooses the end. It goes out from on_request(): the one we are in, or the one that resuming
   brings about. */
void serving_end(struct serving *, struct MHD_Response *, unsigned status, enum wire_fault);
void serving_add_headers(const struct serving *, struct MHD_Response *);
enum MHD_Result serving_conclude(struct serving *); /* in on_request(): sends it, or awaits it */

/*
 * Calls `gone` when the client has left. A suspended connection does not hear of it, so we listen
 * for it ourselves where no end of our own may ever come. A client that only closed its writing
 * half is taken for gone: readers of streams do not.
 */
void serving_watch_peer(struct serving *, void (*gone)(struct watch *));
void serving_unwatch_peer(struct serving *);

#endif
