/* Tags given when a resource is made, or to TagResource: a map of the input. */
#ifndef SERVER_CALL_TAGS_H
#define SERVER_CALL_TAGS_H

#include <stdbool.h>

#include <cjson/cJSON.h>

struct call;

/*
 * Sets those of the map, which may be NULL. False, and the call has failed, when there are too
 * many.
 */
bool tags_set(struct call *, const char *arn, const cJSON *map);

#endif
