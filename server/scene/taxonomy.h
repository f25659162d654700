/* The service's moderation labels, and what is above each: taxonomy.def. */
#ifndef SERVER_SCENE_TAXONOMY_H
#define SERVER_SCENE_TAXONOMY_H

#include <stddef.h>

/* The name above it, "" when it is of the top; NULL: there is no such label. */
const char *taxonomy_parent(const char *name);

/* How far down it is, from 1, as TaxonomyLevel; 1 too when there is no such label. */
int taxonomy_level(const char *name);

const char *taxonomy_name(size_t); /* of the table; NULL beyond its end */

#endif
