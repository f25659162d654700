/*
 * The image of a call: what the service checks of it, and what it is known by.
 *
 * The rule: bytes are looked at. An object of S3 is, too, once its bytes are there; with S3 off it
 * is taken on trust, by its name.
 */
#ifndef SERVER_CALL_PICTURE_H
#define SERVER_CALL_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "../../state/setting.h"

struct call;

/* Which settings limit it. SETTING_TOTAL: none does, or, of bytes, the model alone. */
struct picture_limits {
    enum setting bytes; /* of an image passed as bytes */
    enum setting min_side, max_side, max_aspect;
    const char *too_wide; /* the message for too large sides, where one was observed; else NULL */
};

struct picture {
    const unsigned char *bytes; /* NULL: never seen */
    size_t length;
    const char *bucket, *key; /* NULL: it came as bytes */
};

/* Whether that member, an Image, has one of Bytes and S3Object. False, and the call has failed, when not. */
bool picture_is_given(struct call *, const char *member);

/* Reads and checks it. False, and the call has failed, when it is refused; lives as long as the step. */
bool picture_read(struct call *, const char *member, const struct picture_limits *,
    struct picture *);

/* "bucket/key", until the step ends; NULL when it came as bytes. */
const char *picture_name(struct call *, const struct picture *);

/* SHA-256 of its bytes, in lower-case digits, until the step ends; NULL when they were never seen. */
const char *picture_digest(struct call *, const struct picture *);

#endif
