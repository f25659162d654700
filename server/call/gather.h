/*
 * Gathering: a step of the world cannot wait for another server, so what a call names in S3 is
 * read before its step begins. operations.def says which calls name what; s3.asCaller, whether the
 * caller's policies are asked for it, which they are with S3 off, too.
 */
#ifndef SERVER_CALL_GATHER_H
#define SERVER_CALL_GATHER_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "../s3/s3.h"

struct call;
struct server;

/* An object of S3 that the input names. */
struct gathered {
    struct gathered *next; /* another that the call has; NULL: none */
    const cJSON *named;    /* where the input does; NULL: it is taken on trust, S3 is off */
    bool forbidden;        /* by the caller's policies: it was not asked for */
    enum s3_result result;
    char why[256]; /* when the result is not S3_OK */
    int64_t size;  /* of the whole object */
    char *bytes;   /* all of them; NULL when only their number was wanted, or some are missing */
};

/*
 * False: there is nothing to wait for. True: `go_on` is called, later, when everything is there,
 * read or not; until then the call must stay where it is.
 */
bool gather(struct server *, struct call *, void (*go_on)(void *context), void *context);

/* Whether the server stopped before everything was there. */
bool gather_was_stopped(const struct call *);

/* What was gathered of the object that the input names there; NULL: nothing, S3 is off. */
const struct gathered *gathered_of(const struct call *, const cJSON *named);

/*
 * Whether that object could be read, or is taken on trust because S3 is off. False, and the call
 * has failed, when not.
 */
bool gathered_is_there(struct call *, const cJSON *named);

void gather_free(struct call *);

#endif
