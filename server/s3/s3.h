/*
 * Other servers: the objects of S3, in a directory or behind a URL, and calls of other services.
 *
 * The rule: nothing here blocks. A request is made on the loop's thread, in a step or outside; it is
 * done on a thread of this module's own; and what comes of it is handed back on the loop's thread,
 * from outbound_run(), outside of any step: who needs the store there begins one.
 *
 * Strings given are copied. Times are real time, in milliseconds.
 */
#ifndef SERVER_S3_S3_H
#define SERVER_S3_S3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "object.h"

struct outbound;
struct s3_request;
struct store;

/* --- Life ------------------------------------------------------------------------------------- */

struct outbound_options {
    const char *s3;              /* "dir:PATH", or a URL; see s3_where_fits(). NULL: calls only */
    void (*wake)(void *context); /* any thread: has the loop call outbound_run() soon */
    void *context;
};

/*
 * Whether `where` could be the place of objects: "dir:" and a directory that exists, or an http or
 * https URL: of a server that takes http://server/bucket/key, or with {bucket} in its host
 * (http://{bucket}.server) of one that takes http://bucket.server/key. {region} stands for the
 * region of the caller. False, with what would be right in `why`, when not.
 */
bool s3_where_fits(const char *where, char *why, size_t size);

/* Whether `url` could be that of another service; {region} in its host stands for the region. */
bool outbound_url_fits(const char *url, char *why, size_t size);

/*
 * Signed with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, unsigned without them.
 * NULL when it cannot, with one line in `why`.
 */
struct outbound *outbound_open(const struct outbound_options *, char *why, size_t size);

/*
 * Hands back what has come: a few milliseconds of it at most. True while there is more at once.
 * NULL is fine, and has nothing.
 */
bool outbound_run(struct outbound *);

/* Requests whose on_done has not been called yet. NULL has none. */
size_t outbound_pending(const struct outbound *);

/* Ends every request still there with S3_STOPPED. NULL is fine. */
void outbound_close(struct outbound *);

/* --- Objects ---------------------------------------------------------------------------------- */

/* As the settings are now; in a step. Without a total. */
struct s3_patience s3_patience(struct store *);

struct s3_request *s3_head(struct outbound *, const struct s3_object *, s3_done *, void *context);

/* An object of more than `most` bytes is refused (INT64_MAX: none is). */
struct s3_request *s3_get(struct outbound *, const struct s3_object *, int64_t most, s3_piece *,
    s3_done *, void *context);

/*
 * Writes an object whole or not at all. Without a bucket of the name a server says
 * S3_NO_SUCH_BUCKET; in a directory it is made.
 */
struct s3_request *s3_put(struct outbound *, const struct s3_object *, const struct s3_body *,
    s3_done *, void *context);

/* --- Calls of other services ------------------------------------------------------------------ */

struct outbound_call {
    const char *url;     /* of the server */
    const char *service; /* "sns": part of the signature, as the region is */
    const char *region;
    const char *account;      /* whose key signs, where AWS_ACCESS_KEY_ID names none */
    const char *content_type; /* of the body */
    const char *target;       /* X-Amz-Target; NULL: none */
    const char *body;
    struct s3_patience patience;
};

/* Not of a place that is a directory. What is answered to a call that succeeds is not looked at. */
struct s3_request *outbound_call(struct outbound *, const struct outbound_call *, s3_done *,
    void *context);

/* --- Of both ---------------------------------------------------------------------------------- */

/*
 * Holds a request's pieces back, and its end; the transfer waits once a few are queued. Lets them
 * come again.
 */
void s3_hold(struct s3_request *);
void s3_release(struct s3_request *);

/* Neither function is called for it any more, and the request may not be touched. */
void s3_cancel(struct s3_request *);

#endif
