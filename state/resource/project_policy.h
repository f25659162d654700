/* Project policies: who may copy versions of a project. Their documents are opaque here. */
#ifndef STATE_RESOURCE_PROJECT_POLICY_H
#define STATE_RESOURCE_PROJECT_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "../result.h"

struct page;
struct store;

/* A row, as it was read; its texts live until the step ends. */
struct project_policy {
    int64_t id, created_ms, updated_ms;
    const char *name, *document;
    const char *revision; /* 32 hexadecimal digits, new with every put */
};

/*
 * Attaches it, or replaces the one of that name when policy->revision is its current
 * one. RESULT_POLICY_EXISTS, RESULT_POLICY_REVISION or RESULT_POLICY_LIMIT otherwise.
 * Sets policy->revision to the new one.
 */
enum result project_policy_put(struct store *, int64_t project_id, struct project_policy *);

/*
 * Attaches it as a fixture declares it: all that the struct has, but revision NULL is a new one.
 * RESULT_POLICY_EXISTS when there is one of that name; no limit counts.
 */
enum result project_policy_place(struct store *, int64_t project_id, struct project_policy *);

/* `revision` may be NULL: whatever the current one is. */
enum result project_policy_delete(struct store *, int64_t project_id, const char *name,
    const char *revision);

/* One page, oldest first. */
struct project_policy *project_policy_list(struct store *, int64_t project_id, struct page *,
    size_t *count);

#endif
