/* Where the video of a job is. */
#ifndef SERVER_VIDEO_PLACE_H
#define SERVER_VIDEO_PLACE_H

#include <cjson/cJSON.h>

struct store;
struct video_job;

/* The S3Object of a request of Start…; NULL: there is none. */
const cJSON *place_object(const cJSON *request);

/* "bucket/key", until the step ends. */
const char *place_name(struct store *, const struct video_job *);

#endif
