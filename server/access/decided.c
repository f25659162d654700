#include "decided.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/base/hash.h"
#include "../../state/base/memory.h"

#define DECIDED_MAX 16     /* of a principal; a later one takes the place of another */
#define DECIDED_LENGTH 512 /* what is asked about longer names is asked again */

struct decided {
    struct {
        char *name;
        struct decision decision;
    } of[DECIDED_MAX];
};

/* The action, a space, and the resource; where that lies. False when it is too long. */
static bool
name_of(const struct policy_request *request, char name[DECIDED_LENGTH], size_t *at)
{
    size_t action = strlen(request->action), resource = strlen(request->resource);

    if (action + 1 + resource >= DECIDED_LENGTH)
        return false;
    memcpy(name, request->action, action);
    name[action] = ' ';
    memcpy(name + action + 1, request->resource, resource + 1);
    *at = hash_bytes(name, action + 1 + resource) % DECIDED_MAX;
    return true;
}

const struct decision *
decided_find(const struct decided *decided, const struct policy_request *request)
{
    char name[DECIDED_LENGTH];
    size_t at;

    if (decided == NULL || !name_of(request, name, &at) || decided->of[at].name == NULL ||
        strcmp(decided->of[at].name, name) != 0)
        return NULL;
    return &decided->of[at].decision;
}

void
decided_add(struct decided **decided, const struct policy_request *request,
    const struct decision *decision)
{
    char name[DECIDED_LENGTH];
    size_t at;

    if (!name_of(request, name, &at))
        return;
    if (*decided == NULL)
        *decided = memory_new(sizeof **decided);
    free((*decided)->of[at].name);
    (*decided)->of[at].name = memory_text(name);
    (*decided)->of[at].decision = *decision;
}

void
decided_forget(struct decided *decided)
{
    for (size_t i = 0; decided != NULL && i < DECIDED_MAX; i++)
        free(decided->of[i].name);
    free(decided);
}
