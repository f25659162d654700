/*
 * Known videos: what was declared that videos show.
 *
 * The rule: of those that fit a video the account's own count before anybody's, and then the newest.
 */
#ifndef STATE_RESOURCE_KNOWN_VIDEO_H
#define STATE_RESOURCE_KNOWN_VIDEO_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/* A row; its texts live until the step ends. */
struct known_video {
    int64_t id;
    const char *account; /* NULL: anybody's */
    const char *s3;      /* a glob of "bucket/key" */
    const char *film;    /* JSON */
};

int64_t known_video_add(struct store *, const struct known_video *); /* its id */

/* The next after `*after`, oldest first, which it moves on. */
bool known_video_next(struct store *, int64_t *after, struct known_video *);

bool known_video_remove(struct store *, int64_t id); /* false when there is none */

/* Those for the account alone (NULL: all); how many there were. None is for one region alone. */
int known_video_remove_all(struct store *, const char *account, const char *region);

/* The one that fits the video, "bucket/key", of a call of the account. False when none does. */
bool known_video_find(struct store *, const char *account, const char *name, struct known_video *);

#endif
