/*
 * Where a value is within a request or a reply, as messages write it: "tags.1.member.key". A path
 * lives on the stack of whoever walks down to the value.
 */
#ifndef SERVER_JSON_PATH_H
#define SERVER_JSON_PATH_H

#include <stddef.h>

#include "text.h"

struct path {
    const struct path *above; /* NULL at the top */
    const char *member;       /* the name of a member of a structure, else NULL */
    const char *key;          /* the key of an entry of a map, else NULL */
    size_t index;             /* in a list, from 1 */
};

void path_add(struct text *, const struct path *);

/* The name of a member as messages write it: "CollectionARN" is "collectionARN". */
void path_add_name(struct text *, const char *name);

#endif
