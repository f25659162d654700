/*
 * Moderation labels of an image, or of a moment of a video.
 */
#ifndef SERVER_SCENE_MODERATION_H
#define SERVER_SCENE_MODERATION_H

#include <cjson/cJSON.h>

#include "../json/write.h"

struct detected;
struct detections;
struct store;

#define MODERATION_LEAST \
    50 /* API Reference, DetectModerationLabels and StartContentModeration: MinConfidence */
#define MODERATION_MODEL "7.0" /* ModerationModelVersion */

/* Those of a declared list, which may be NULL; without what is above them. */
void moderation_read(struct store *, const cJSON *list, struct detections *);

/* Adds what is above them, and has the surest first. */
void moderation_add_parents(struct store *, struct detections *);

void moderation_write(struct part, const struct detected *);

/* ContentTypes: a declared list, or NULL. */
void moderation_write_types(struct part, const cJSON *types);

#endif
