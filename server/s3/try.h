/*
 * One try of a request to a server, of S3 or of another service: how it is asked, what libcurl hears, what came of it.
 *
 * For outbound_server.c, on the worker's thread.
 */
#ifndef SERVER_S3_TRY_H
#define SERVER_S3_TRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libcurl.h"
#include "place.h"
#include "request.h"

#define ERROR_BODY_SIZE 2048

struct server_place {
    struct s3_place place;
    CURLM *multi;
    char *url; /* of the server of objects, with {bucket} and {region} as they came */
    const char *access_key_id, *secret, *session_token; /* NULL: none */
};

/* A request's tries; what stands under `easy` is of the present one. */
struct transfer {
    int64_t begun_ms, next_try_ms;
    int64_t tries;
    int64_t received; /* up to this byte of the object it was handed on */
    char *url, *host, *path;

    CURL *easy; /* NULL between two tries */
    struct curl_slist *headers;
    char trouble[CURL_ERROR_SIZE];
    int64_t alive_ms; /* when the server last gave a sign of life */
    int64_t sent;
    bool paused;
    bool headed;  /* the head of the answer was looked at: */
    bool success; /* … it is that of the object */
    bool refused; /* … and it was refused: request_say() has said why */
    bool over;
    CURLcode code;
    char body[ERROR_BODY_SIZE]; /* of an answer that is an error */
    size_t body_length;
};

void try_start(struct server_place *, struct s3_request *, struct transfer *);

/* Puts into the request's answer what a try that is over came to. */
void try_judge(struct s3_request *, struct transfer *);

void try_end(struct server_place *,
    struct transfer *); /* also one that is not over; NULL `easy` is fine */

#endif
