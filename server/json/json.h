/*
 * JSON at the edge: a request body is read strictly, once. Numbers are in number.h.
 *
 * What json_parse() returns is safe to work with: valid UTF-8, no U+0000 in any string, no member
 * twice, finite numbers, and no deeper than JSON_DEPTH_MAX.
 */
#ifndef SERVER_JSON_JSON_H
#define SERVER_JSON_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "number.h"

/* The model's deepest shape has about eight levels; unknown members, which are ignored, may have
 * more. */
#define JSON_DEPTH_MAX 64

enum json_fault {
    JSON_FINE,
    JSON_EMPTY,      /* nothing but space */
    JSON_MALFORMED,  /* not RFC 8259, or with a byte order mark */
    JSON_BAD_TEXT,   /* invalid UTF-8, a lone surrogate, a control character, U+0000 */
    JSON_BAD_NUMBER, /* too large for a double, or longer than 63 characters */
    JSON_TOO_DEEP,
    JSON_DUPLICATE_MEMBER, /* two members of one object have the same name */
};

/* NULL when the bytes are refused; `why` then says for what (it may be NULL). The caller
 * deletes. */
cJSON *json_parse(const char *bytes, size_t length, enum json_fault *why);

/* For logs: "the body nests too deep". Nothing that a client sees says this much. */
const char *json_fault_text(enum json_fault);

#endif
