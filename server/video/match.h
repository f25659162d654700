/* Whom of a collection the persons of a video are like. */
#ifndef SERVER_VIDEO_MATCH_H
#define SERVER_VIDEO_MATCH_H

#include <cjson/cJSON.h>

struct store;
struct video_job;

/*
 * Of a job of face search: gives each person and celebrity of the film "matches", a list of FaceMatch, as the
 * collection is now. A collection that was deleted meanwhile has nobody: a guess.
 */
void match_faces(struct store *, const struct video_job *, cJSON *film);

#endif
