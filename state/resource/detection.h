/*
 * Detections: scripts of what is seen in images, by models and by operations.
 *
 * The rule: of those that fit a call the most specific answers it: one for the bytes of its image
 * before one for its name in S3, and that before one for any image; of those as specific the
 * newest. One whose times are used up is out of the race.
 */
#ifndef STATE_RESOURCE_DETECTION_H
#define STATE_RESOURCE_DETECTION_H

#include <stdbool.h>
#include <stdint.h>

struct store;

#define DETECTION_ALWAYS (-1) /* as `times`: without end */

/* A row; its texts live until the step ends. */
struct detection {
    int64_t id;
    const char *operation; /* whose calls it is for; NULL: those with a model, which sees labels */
    const char *account;   /* whose calls it is for; NULL: anybody's */
    const char *version;   /* a glob of ARNs */
    const char *sha256;    /* of the image, in lower-case digits; NULL for any bytes */
    const char *s3;        /* a glob of "bucket/key"; NULL for any name, and none */
    const char *target_sha256, *target_s3; /* likewise, of the second image */
    /* One of three; the others are NULL. */
    const char *labels;          /* JSON, as in version_image.h, but confidences go to 100 */
    const char *answer;          /* JSON, the output of the operation */
    const char *error, *message; /* the message may be NULL, too */
    int64_t times, hits;         /* the calls that it is for, and those that it has answered */
};

/* Adds one that has answered no call yet; its id. */
int64_t detection_add(struct store *, const struct detection *);

/* The next after `*after`, oldest first, which it moves on. */
bool detection_next(struct store *, int64_t *after, struct detection *);

bool detection_remove(struct store *, int64_t id); /* false when there is none */

/* Those for the account or versions of it, the region, or both (NULL: any); how many there were. */
int detection_remove_all(struct store *, const char *account, const char *region);

/* A call that wants an answer. */
struct detection_call {
    const char *operation, *account;
    const char *arn; /* of the version; "", which only stars fit, for the service's own model */
    bool has_model;  /* it is with a model, which sees labels */
    const char *sha256, *s3;               /* of the image, as far as they are known; else NULL */
    const char *target_sha256, *target_s3; /* likewise, of the second */
    const char *const *errors;             /* NULL-ended: those that it may be answered with */
};

/* Whether any would be told from others by the bytes of an image. */
bool detection_knows_bytes(struct store *);

/*
 * The one that answers the call, and is one of its hits; that of an error is kept also when the step
 * is then dropped. False when none fits.
 */
bool detection_take(struct store *, const struct detection_call *, struct detection *);

#endif
