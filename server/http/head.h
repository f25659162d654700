/*
 * Whether a request is safe to read on. Two parsers that disagree about where a request ends are a
 * hole (request smuggling), and libmicrohttpd 0.9.75 is lenient: what it lets through, this file
 * refuses. Where RFC 9112 leaves a choice, the choice is to refuse and close.
 */
#ifndef SERVER_HTTP_HEAD_H
#define SERVER_HTTP_HEAD_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

/* What the headers say about the body. */
struct framing {
    bool chunked, expects; /* 100-continue */
    uint64_t length;
};

/* The first line. `received` is where the library has the target, which `target` is a copy of. */
struct request_line {
    const char *method, *target, *received, *version;
};

#define HEARD_MAX 20

/* Its headers, where the library has them: who looks for one need not ask it. */
struct heard {
    struct {
        const char *name, *value; /* the value is NULL when it has none */
        size_t length;            /* of the name */
    } headers[HEARD_MAX];
    size_t count;
    bool all; /* of them are here */
};

/* Why the request must be refused, or NULL. */
const char *head_check(struct MHD_Connection *, const struct request_line *, struct framing *,
    struct heard *);

#endif
