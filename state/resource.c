#include "resource.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "query.h"

#define RESOURCE(name, arn, key, tags) \
    const void *name##_fetch(struct store *, const struct scope *, const char *);
#include "resources.def"

enum key { BY_ARN, BY_NAME };

#define TAGGED true
#define UNTAGGED false

static const struct row {
    const char *arn;
    enum key key;
    bool is_tagged;
    const void *(*fetch)(struct store *, const struct scope *, const char *key);
} rows[RESOURCE_COUNT] = {
#define RESOURCE(name, arn, key, tags) [RESOURCE_##name] = { arn, key, tags, name##_fetch },
#include "resources.def"
};

static const struct {
    const char *kind;
    enum resource resource;
} kinds[] = {
#define LIFECYCLE(kind, resource) { #kind, RESOURCE_##resource },
#include "resources.def"
};

bool
resource_is_tagged(enum resource resource)
{
    return rows[resource].is_tagged;
}

bool
resource_is_known_by_arn(enum resource resource)
{
    return rows[resource].key == BY_ARN;
}

const void *
resource_fetch(struct store *store, enum resource resource, const struct scope *scope,
    const char *key)
{
    return rows[resource].fetch(store, scope, key);
}

enum resource
resource_of_arn(const char *arn, struct scope *scope)
{
    const char *rest = arn_read(arn, scope);

    for (enum resource i = RESOURCE_NONE + 1; rest != NULL && i < RESOURCE_COUNT; i++)
        if (arn_fits(rest, rows[i].arn))
            return i;
    return RESOURCE_NONE;
}

void
resource_glob(enum resource resource, char *out, size_t size)
{
    size_t used = 0;

    for (const char *part = rows[resource].arn; *part != '\0' && used + 1 < size;) {
        size_t length = strcspn(part, "/");
        bool varies = strcspn(part, "+#|") < length;

        used += (size_t)snprintf(out + used, size - used, "%.*s%s", varies ? 1 : (int)length,
            varies ? "*" : part, part[length] == '\0' ? "" : "/");
        part += length + (part[length] == '/');
    }
}

enum resource
resource_of_kind(const char *kind)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].resource;
    return RESOURCE_NONE;
}

static int
compare(const struct scope *a, const struct scope *b)
{
    int order = strcmp(a->account, b->account);

    return order != 0 ? order : strcmp(a->region, b->region);
}

bool
resource_next_scope(struct store *store, const struct scope *of, const struct scope *after,
    struct scope *next)
{
    static const enum sql next_scopes[] = {
#define LISTED(name, list) SQL_##name##_next_scope,
#include "resources.def"
    };
    const struct scope from = *after;
    struct scope found;
    bool any = false;

    for (size_t i = 0; i < COUNT(next_scopes); i++) {
        struct query q = query(store, next_scopes[i]);

        query_scope(&q, &from);
        query_of_scope(&q, of);
        if (!query_row(&q))
            continue;
        query_column_copy(&q, 0, found.account, ACCOUNT_SIZE);
        query_column_copy(&q, 1, found.region, REGION_SIZE);
        query_done(&q);
        if (!any || compare(&found, next) < 0)
            *next = found;
        any = true;
    }
    return any;
}
