/* The label attributes of a line: a class of the image, or boxes on it. */
#ifndef SERVER_MANIFEST_ATTRIBUTE_H
#define SERVER_MANIFEST_ATTRIBUTE_H

#include <cjson/cJSON.h>

struct manifest;
struct manifest_limits;

/* Checks and gathers the label attributes of m->json, which has some. */
void manifest_check_attributes(struct manifest *, const struct manifest_limits *);

/* The metadata of a label attribute; NULL when `item` is no attribute or has none. */
cJSON *manifest_metadata_of(const cJSON *json, const cJSON *item);

#endif
