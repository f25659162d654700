/*
 * The items of the list that a Get operation of stored videos answers: which there are, in which order.
 */
#ifndef SERVER_VIDEO_ITEM_H
#define SERVER_VIDEO_ITEM_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "look.h"

struct item {
    int64_t at_ms, end_ms; /* end: of a stretch that is told as a whole */
    const struct stretch *stretch;
    const struct sight *sight;
};

struct items {
    const struct item *items;
    size_t count;
};

/* How they are wanted. */
struct wanted {
    bool by_group; /* SortBy, and not TIMESTAMP */
    bool whole;    /* AggregateBy SEGMENTS */
};

/* Of what was found (finding.h); they live until the step and that end. */
struct items items_of(const struct looking *, const struct kind *, const cJSON *found,
    int64_t duration_ms, struct wanted);

/* Into the list. */
void item_write(const struct looking *, const struct kind *, struct part list, const struct item *,
    struct wanted);

#endif
