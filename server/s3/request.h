/*
 * A request for an object, and the traffic between the loop's thread, which makes it, and the worker's,
 * which does it.
 *
 * The rule: a request's maker owns it until it is in the inbox, then the worker until `ended`, then
 * the loop again. What both touch in between is marked, and touched under the lock.
 */
#ifndef SERVER_S3_REQUEST_H
#define SERVER_S3_REQUEST_H

#include <pthread.h>

#include "object.h"

#define WHY_SIZE 256
#define ETAG_SIZE 128

enum s3_verb { S3_HEAD, S3_GET, S3_PUT, S3_CALL };

struct outbound;

struct piece {
    struct piece *next;
    size_t length;
    char bytes[S3_PIECE_MAX];
};

struct s3_request {
    struct traffic *traffic;
    struct outbound *outbound; /* its maker's */

    /* What is wanted: never changed. */
    enum s3_verb verb;
    char *region, *bucket, *key, *version; /* "" for the newest version */
    struct s3_patience patience;
    int64_t from, most;
    char *content_type, *bytes; /* NULL: the body is `file` */
    size_t length;
    int file;                               /* -1: none */
    char *url, *service, *account, *target; /* of a call: see struct outbound_call */
    int64_t begin_ms;                       /* not before this moment; see request_now_ms() */

    /* The loop's. */
    struct s3_request *all_next, *all_before;
    s3_piece *on_piece;
    s3_done *on_done;
    void *context;
    bool held;

    /* Both's, under the lock. */
    struct s3_request *next; /* in the inbox, later in the ready list */
    bool ready;              /* is in the ready list */
    bool unwanted;           /* no more pieces: cancelled, stopped, or the program ends */
    bool cancelled;          /* no end either */
    bool ended;
    bool starved; /* of room: the worker waits for the loop to take pieces */
    struct piece *first, *last;
    size_t pieces;

    /* The worker's; the loop's once it has ended. */
    struct s3_answer answer; /* `why` and `etag` are the arrays below */
    char why[WHY_SIZE], etag[ETAG_SIZE];
    struct s3_request *active_next;
    struct transfer *transfer; /* of a file or of a server: its place knows */
};

#define PIECES_MAX 8 /* queued for one reader: half a megabyte */

struct request_list {
    struct s3_request *first, *last;
};

/* What waits to be taken: by the worker, and by the loop. */
struct traffic {
    pthread_mutex_t lock;
    struct request_list inbox, ready; /* under the lock */
    bool closing;                     /* likewise */
    void (*wake)(void *context);      /* the loop */
    void *context;
};

/* ---- the loop's thread ---------------------------------------------------- */

struct s3_request *request_make(struct traffic *, enum s3_verb, const struct s3_object *, s3_done *,
    void *context);
void request_free(struct s3_request *);

int64_t request_now_ms(void); /* any thread; never set back */

/* Puts it in line for the loop, behind the others, if there is something of it; whether it was not yet. */
bool request_line_up(struct s3_request *);

/* ---- under the lock ------------------------------------------------------- */

void request_list_append(struct request_list *, struct s3_request *);
struct s3_request *request_list_take(struct request_list *); /* NULL: there is none */

/* ---- for those who do the work, on the worker's thread -------------------- */

/* Whether there is room for another piece; if not, the place is woken when there is. */
bool request_room(struct s3_request *);
void request_add(struct s3_request *, const char *bytes, size_t length);

/* Says how it ended; always false, so that one can `return request_say(…)`. */
bool request_say(struct s3_request *, enum s3_result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

bool request_is_wanted(struct s3_request *);
void request_drop_file(struct s3_request *);

/* Hands the request back to the loop. */
void request_end(struct s3_request *);

#endif
