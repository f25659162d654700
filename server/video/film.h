/*
 * Films: what is declared of a stored video, and how long, large and of what kind it is.
 *
 *     {"durationMs"?,"frameRate"?,"width"?,"height"?,"codec"?,"format"?,"colorRange"?,"audio"?:[AudioMetadata],
 *      "shows"?:[{"fromMs"?,"toMs"?,…as an image shows}],"segments"?:[SegmentDetection]}
 *
 * The rule: what is not said there is not in the video. What nobody says of its measures is as its container says,
 * where that was read, and else as a recording of the service had them.
 */
#ifndef SERVER_VIDEO_FILM_H
#define SERVER_VIDEO_FILM_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "../scene/declared.h"

/* The glob of "bucket/key" of {"s3"}; NULL, and refused, when it is none. */
const char *film_name(const cJSON *video, struct declared_fault *);

/* Whether it is one. Completes celebrities, as declared_shows() does. */
bool film_check(cJSON *film, struct declared_fault *);

struct film_measures {
    int64_t duration_ms, width, height;
    double frame_rate;
    const char *codec, *format, *color_range; /* those of what they were read from */
};

/* Each measure as the first of the two (NULL: nobody) that says it has it. */
struct film_measures film_measures(const cJSON *declared, const cJSON *container);

/* Why the service would not look at it, as StatusMessage: observed. NULL: it would. */
const char *film_refused(const struct film_measures *);

/* From when to when a part of it is shown, as far as it lasts; false: never. */
bool film_range(const cJSON *shown, int64_t duration_ms, int64_t *from_ms, int64_t *to_ms);

#endif
