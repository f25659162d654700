/* Collections: a name in an account and region, under which faces are kept. */
#ifndef STATE_RESOURCE_COLLECTION_H
#define STATE_RESOURCE_COLLECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/arn.h"
#include "../result.h"

struct page;
struct store;

/* What indexes faces in a collection that is made now: FaceModelVersion, in public answers of 2024 and 2025. */
#define FACE_MODEL_VERSION "7.0"

/* A row, as it was read; its texts live until the step ends. */
struct collection {
    int64_t id, created_ms;
    int64_t faces, users; /* how many it has */
    struct scope scope;
    const char *arn;
    const char *name; /* CollectionId of the API */
    const char *model_version;
};

/* Makes it from scope and name; fills in the rest. RESULT_COLLECTION_EXISTS, RESULT_COLLECTION_LIMIT. */
enum result collection_create(struct store *, struct collection *);

/*
 * Makes one as a fixture declares it: created_ms 0 and model_version NULL are what collection_create() would choose.
 * RESULT_COLLECTION_EXISTS, with collection->id that of the other; no limit counts.
 */
enum result collection_place(struct store *, struct collection *);

int64_t collection_last(struct store *); /* the id of the newest; 0 when there is none */

/* RESULT_COLLECTION_MISSING where there is none. */
enum result collection_find(struct store *, const struct scope *, const char *name,
    struct collection *);
const void *collection_fetch(struct store *, const struct scope *, const char *name);

/* It is gone, with all that is in it. */
enum result collection_delete(struct store *, const struct collection *);

/*
 * What is left of those that are gone: removes some of it, and answers whether there may be more. As long as
 * work_may_be_new() says no, nothing more is left.
 */
bool collection_sweep(struct store *);

/* One page, by name. Sets *count, and page->more when another page follows. */
struct collection *collection_list(struct store *, const struct scope *, struct page *,
    size_t *count);

/* The first of the scope behind that name ("": of all); false when there is none. */
bool collection_next(struct store *, const struct scope *, const char *after, struct collection *);

#endif
