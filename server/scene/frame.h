/*
 * What a stream processor tells of a frame of its stream: a record for Kinesis, or words for SNS and objects for S3.
 *
 * The rule: a frame shows what an image does, and all of it is written down as deliveries in the step that shows it.
 */
#ifndef SERVER_SCENE_FRAME_H
#define SERVER_SCENE_FRAME_H

#include <stdint.h>

#include "scene.h"

struct call;
struct stream_processor;

#define FRAME_DELIVERIES_MAX 8

struct frame {
    const struct stream_processor *processor; /* which is at work */
    struct scene scene;
    const char *bytes; /* of the image, in base64; NULL: nobody has them */

    int64_t deliveries[FRAME_DELIVERIES_MAX]; /* ids of what it came to */
    size_t count;
};

/* In a step; of the call only the store and the scope are looked at. */
void frame_show(struct call *, struct frame *);

#endif
