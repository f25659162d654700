/*
 * Looking at a stretch of a video, in the way of each kind of job: what is there, and how an answer tells it.
 *
 * A sight is one thing that is seen for as long as the stretch lasts; answers tell of it again and again (item.h).
 */
#ifndef SERVER_VIDEO_LOOK_H
#define SERVER_VIDEO_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "../../state/base/evidence.h"
#include "../json/write.h"

struct call;
struct sight;
struct stretch;

/* What Get… answers from; see finding.h. */
struct looking {
    struct call *call;
    const char *video;    /* "bucket/key" */
    const cJSON *request; /* of Start… */
    double frame_rate;
};

enum same { SAME_NONE, SAME_NAME, SAME_INDEX };

struct kind {
    const char *api, *list;
    int64_t first_ms, interval_ms; /* 0: not again and again */
    enum evidence evidence;        /* of that */
    const char *source;
    const char *version_member, *version; /* NULL: none */
    const char *groups;                   /* NULL: there is no SortBy */
    enum same same;
    bool aggregates;

    /* Fills in the sights of a stretch; of segments, of the whole list. */
    void (*look)(const struct looking *, struct stretch *);
    /* What a sight is, into the item that tells of it; `bare`: of a stretch as a whole. */
    void (*write)(const struct looking *, struct part, const struct stretch *, const struct sight *,
        bool bare);
};

/* By the name of an operation, "GetLabelDetection", or what follows; NULL: there is none. */
const struct kind *video_kind(const char *name);

struct sight {
    const char *name; /* of its group; NULL: it has none */
    int64_t index;    /* of a person; of others the place in the list */
    double confidence;
    const void *thing; /* of the kind's own */
};

struct stretch {
    int64_t from_ms, to_ms;
    const cJSON *shown;
    struct sight *sights;
    size_t count;
    const void *context; /* of the kind's own */
};

#endif
