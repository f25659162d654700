/*
 * Labels of an image, or of a moment of a video: those that were declared, with all that is above them.
 */
#ifndef SERVER_SCENE_LABEL_H
#define SERVER_SCENE_LABEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "../json/write.h"

struct store;

/* A label, declared or above one that was. */
struct label {
    const char *name;
    double confidence;
    const cJSON *item;  /* the declared label that it is, or is above of */
    const cJSON *above; /* the first of the parents that it has; NULL: none */
    bool is_declared;
};

struct labels {
    struct label *labels; /* the surest first */
    size_t count;
};

/* Of a declared list, which may be NULL; they live until the step and the list end. */
struct labels labels_of(struct store *, const cJSON *declared);

/* Whether it is not less sure than `least`, and passes the filters: GeneralLabelsSettings, or NULL. */
bool label_passes(const struct label *, double least, const cJSON *settings);

/* A Label. `colors`: how many of each instance, or -1. */
void label_write(struct part, const struct label *, int64_t colors);

/* The same, where it is told of a stretch of time: it is nowhere in particular. */
void label_write_bare(struct part, const struct label *);

/* DominantColors of any part of an image, at most so many. */
void label_write_colors(struct part, const cJSON *colors, int64_t most);

#endif
