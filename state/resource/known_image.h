/*
 * Known images: what was declared that images show.
 *
 * The rule: of those that fit an image the most specific counts: one for its bytes before one for its name in
 * S3, and that before one for its looks, where the nearest counts; of those the account's own before anybody's, and then
 * the newest.
 */
#ifndef STATE_RESOURCE_KNOWN_IMAGE_H
#define STATE_RESOURCE_KNOWN_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/* A row; its texts live until the step ends. */
struct known_image {
    int64_t id;
    const char *account; /* NULL: anybody's */
    const char *sha256;  /* of its bytes, in lower-case digits, or NULL */
    const char *s3;      /* a glob of "bucket/key", or NULL */
    const char *looks;   /* what it looks like, in sixteen digits, or NULL */
    const char *shows;   /* JSON */
};

int64_t known_image_add(struct store *, const struct known_image *); /* its id */

/* The next after `*after`, oldest first, which it moves on. */
bool known_image_next(struct store *, int64_t *after, struct known_image *);

bool known_image_remove(struct store *, int64_t id); /* false when there is none */

/* Those for the account alone (NULL: all); how many there were. None is for one region alone. */
int known_image_remove_all(struct store *, const char *account, const char *region);

/* An image of a call. */
struct image_names {
    const char *account;
    const char *sha256, *s3; /* as far as they are known; else NULL */
};

/* The one that fits by its bytes or its name. False when none does. */
bool known_image_find(struct store *, const struct image_names *, struct known_image *);

/* Whether any would be told by the looks of an image. */
bool known_image_has_looks(struct store *, const char *account);

/*
 * The one that looks most like it, of those of which not more than so many bits differ; how many do, or -1: none does.
 */
int known_image_alike(struct store *, const char *account, uint64_t looks, int most,
    struct known_image *);

#endif
