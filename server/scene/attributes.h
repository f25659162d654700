/* Which members of a face a call asks for: Attributes of DetectFaces, DetectionAttributes of IndexFaces. */
#ifndef SERVER_SCENE_ATTRIBUTES_H
#define SERVER_SCENE_ATTRIBUTES_H

#include <stdbool.h>

struct call;

/* For face_write(), until the step ends; `all`: whether ALL is among them, which has all landmarks. */
const char *const *attributes_asked_for(struct call *, const char *member, bool *all);

#endif
