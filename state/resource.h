/* The table of resources, resources.def: for whoever walks over all of them. */
#ifndef STATE_RESOURCE_H
#define STATE_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arn.h"

struct store;

enum resource {
    RESOURCE_NONE,
#define RESOURCE(name, arn, key, tags) RESOURCE_##name,
#include "resources.def"
    RESOURCE_COUNT,
    RESOURCE_NOTHING = RESOURCE_NONE
};

/* Of one: RESOURCE_project. */
bool resource_is_tagged(enum resource);
bool resource_is_known_by_arn(enum resource); /* by callers; else by a name in their scope */

/* What the last part of any of its ARNs fits, as a glob. */
void resource_glob(enum resource, char *out, size_t size);

/*
 * A row, as its file in resource/ reads it, by what it is known by; NULL, and refuse() was told why:
 * there is none.
 */
const void *resource_fetch(struct store *, enum resource, const struct scope *, const char *key);

/* What an ARN names, and for one of ours whose it is; RESOURCE_NONE: none of them. */
enum resource resource_of_arn(const char *arn, struct scope *);

/* What follows this lifecycle. */
enum resource resource_of_kind(const char *kind);

/*
 * The next account and region behind `after` ("", "" before the first) in which anything is that
 * regions list, within `of`, in which "" is any; false when there is none.
 */
bool resource_next_scope(struct store *, const struct scope *of, const struct scope *after,
    struct scope *next);

#endif
