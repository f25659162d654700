#include "resource.h"

#include <string.h>

#define RESOURCE(name, arn, key, tags) \
    const void *name##_fetch(struct store *, const struct scope *, const char *);
#define LIFECYCLE(kind, resource)
#include "resources.def"
#undef RESOURCE
#undef LIFECYCLE

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
#define LIFECYCLE(kind, resource)
#include "resources.def"
#undef RESOURCE
#undef LIFECYCLE
};

static const struct {
    const char *kind;
    enum resource resource;
} kinds[] = {
#define RESOURCE(name, arn, key, tags)
#define LIFECYCLE(kind, resource) { #kind, RESOURCE_##resource },
#include "resources.def"
#undef RESOURCE
#undef LIFECYCLE
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

    for (const char *arn = rows[resource].arn; *arn != '\0' && used + 1 < size; arn++)
        if (strchr("+#|", *arn) == NULL)
            out[used++] = *arn;
        else if (used == 0 || out[used - 1] != '*')
            out[used++] = '*';
    out[used] = '\0';
}

enum resource
resource_of_kind(const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].resource;
    return RESOURCE_NONE;
}
