/*
 * Segments of a video: shots and technical cues, as they were declared; frames and timecodes follow from their times.
 */
#ifndef SERVER_VIDEO_SEGMENT_H
#define SERVER_VIDEO_SEGMENT_H

#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "../json/write.h"

struct store;

struct segment {
    const cJSON *declared; /* a SegmentDetection, of which most may be missing */
    int64_t from_ms, to_ms;
    int64_t shot; /* which of the video's shots it is, from 0; of a cue -1 */
    int type;     /* which of those that the request names it is of */
};

/*
 * Those of a list that the request of StartSegmentDetection wants: of each type in the order in which it names them,
 * the earliest first. They live until the step and the list end.
 */
const struct segment *segments_of(struct store *, const cJSON *list, const cJSON *request,
    size_t *count);

/* The members of a SegmentDetection. */
void segment_write(struct part, const struct segment *, double frame_rate);

#define TIMECODE_SIZE 24

/* "00:00:03:15" of the frame of that number; with ";" before the frames where some numbers are dropped. */
void timecode_print(int64_t frame, double frame_rate, char out[TIMECODE_SIZE]);

#endif
