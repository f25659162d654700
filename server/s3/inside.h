/*
 * What the files of outbound share: a request, from the loop's thread to the worker's and back.
 *
 * The rule: a request's maker owns it until it is in the inbox, then the worker until `ended`, then
 * the loop again. What both touch in between is marked, and touched under the lock.
 */
#ifndef SERVER_S3_INSIDE_H
#define SERVER_S3_INSIDE_H

#include "s3.h"

#define WHY_SIZE 256
#define ETAG_SIZE 128

enum s3_verb { S3_HEAD, S3_GET, S3_PUT };

struct piece {
    struct piece *next;
    size_t length;
    char bytes[S3_PIECE_MAX];
};

struct s3_request {
    struct outbound *outbound;

    /* What is wanted: never changed. */
    enum s3_verb verb;
    char *region, *bucket, *key, *version; /* "" for the newest version */
    struct s3_patience patience;
    int64_t most;
    char *content_type, *bytes; /* NULL: the body is `file` */
    size_t length;
    int file; /* -1: none */

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
    struct work *work; /* of the directory or of the transfer */
};

/* ---- for those who do the work, on the worker's thread ------------------- */

/* Whether there is room for another piece; if not, the place is woken when there is. */
bool request_room(struct s3_request *);
void request_add(struct s3_request *, const char *bytes, size_t length);

/* Says how it ended; always false, so that one can `return request_say(…)`. */
bool request_say(struct s3_request *, enum s3_result, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- where objects are ---------------------------------------------------- */

/*
 * One kind of place. `advance` does a piece of the request's work and returns the ms until it wants
 * to be called again (0 at once, PLACE_WAITS when something else will tell), or PLACE_DONE: the
 * answer is there, and nothing of the work is left.
 */
#define PLACE_DONE INT64_C(-1)
#define PLACE_WAITS INT64_MAX

struct place {
    int64_t (*advance)(struct place *, struct s3_request *);
    void (*give_up)(struct place *, struct s3_request *); /* drops the work, if there is some */
    void (*wait)(struct place *, int64_t ms);             /* until something happens */
    void (*wake)(struct place *);                         /* any thread: ends a wait */
    void (*close)(struct place *);
};

/* NULL, with the reason in `why`, when there is no such place. */
struct place *directory_open(const char *path, char *why, size_t size);
struct place *server_open(const char *url, char *why, size_t size);

#endif
