/*
 * What the camera of a session of Face Liveness saw: pictures that are drawn, unless one was given.
 *
 * The rule: who is in them is declared as soon as anybody can have them, so that operations that look at them agree
 * about who that was. A picture follows from the session alone: it is drawn whenever it is wanted, and kept nowhere.
 */
#ifndef SERVER_SCENE_PORTRAIT_H
#define SERVER_SCENE_PORTRAIT_H

#include <stddef.h>

#include "../../state/base/digest.h"

struct liveness;
struct store;

#define PORTRAITS_MAX 5 /* the reference image, and four to audit */

struct portrait {
    const char *bucket, *key; /* where it is in S3; NULL: it is answered as it is */
    unsigned char *bytes;     /* NULL: it is another's object */
    size_t length;
    char sha256[SHA256_HEX_SIZE];
    double width, height; /* of the picture, in pixels; 0: nobody knows */
    int face;             /* drawn, and so declared; else it was given */
};

struct portraits {
    struct portrait list[PORTRAITS_MAX]; /* the reference image first */
    size_t count;
};

/* Those of a session; in a step, and for portraits_free(). */
void portraits_make(struct store *, const struct liveness *, struct portraits *);
void portraits_free(struct portraits *);

/* Says who is in them, where nobody has. */
void portraits_declare(struct store *, const struct liveness *, const struct portraits *);

#endif
