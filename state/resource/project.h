/* Projects: a name in an account and region, under which models are trained. */
#ifndef STATE_RESOURCE_PROJECT_H
#define STATE_RESOURCE_PROJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/arn.h"
#include "../result.h"

struct page;
struct placing;
struct store;

/* A row, as it was read; its texts live until the step ends. */
struct project {
    int64_t id, created_ms;
    int64_t entered_ms; /* when it reached its status */
    struct scope scope;
    const char *arn, *name, *status;
    const char *feature;     /* CUSTOM_LABELS or CONTENT_MODERATION */
    const char *auto_update; /* ENABLED or DISABLED */
};

/* Makes it, CREATING, from scope, name, feature and auto_update; fills in the rest. */
enum result project_create(struct store *, struct project *);

/*
 * Makes one as a fixture declares it, of any status and age: arn NULL and created_ms 0 are what
 * project_create() would choose. RESULT_PROJECT_NAME_TAKEN, with project->id that of the other, or
 * RESULT_WRONG_STATE; no limit counts.
 */
enum result project_place(struct store *, struct project *, const struct placing *);

int64_t project_last(struct store *); /* the id of the newest; 0 when there is none */
enum result project_find(struct store *, const char *arn, struct project *);
const void *project_fetch(struct store *, const struct scope *, const char *arn);

/* DELETING. RESULT_PROJECT_NOT_EMPTY while it has versions or datasets. */
enum result project_delete(struct store *, const struct project *);

/* RESULT_PROJECT_NOT_CREATED unless it is CREATED: nothing can be made in it otherwise. */
enum result project_accepts(struct store *, const struct project *);

/*
 * One page, newest first, of those whose name and feature are in the lists, which
 * are JSON texts; NULL for any. Sets *count, and page->more when another page follows.
 */
struct project *project_list(struct store *, const struct scope *, const char *names,
    const char *features, struct page *, size_t *count);

/*
 * The project after `after` (all zero: the first), by account, region and age, of those in the
 * scope, of which "" is any; false when there is none. Both may be the same struct.
 */
bool project_next(struct store *, const struct scope *, const struct project *after,
    struct project *);

#endif
