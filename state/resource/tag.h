/* Tags: keys and values on any resource, by ARN. They go when the resource goes. */
#ifndef STATE_RESOURCE_TAG_H
#define STATE_RESOURCE_TAG_H

#include <stddef.h>

#include "../result.h"

struct store;

struct tag {
    const char *key, *value;
};

/* Sets all of them, or none. RESULT_TAG_LIMIT when the resource would have too many. */
enum result tag_set(struct store *, const char *arn, const struct tag *, size_t count);
/* Sets all of them: of a fixture, where no limit counts. */
void tag_place(struct store *, const char *arn, const struct tag *, size_t count);

void tag_unset(struct store *, const char *arn, const char *key);

/* In the order of keys. */
struct tag *tag_list(struct store *, const char *arn, size_t *count);

#endif
