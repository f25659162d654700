#include "hold.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/base/hash.h"
#include "../../state/base/memory.h"
#include "call.h"
#include "../http/http.h"

#define PROJECTS 4096 /* hashes */

struct holds {
    int64_t count;
    int64_t moves;           /* of all resources */
    int64_t moved[PROJECTS]; /* what that was when one of the project's moved last */
    int64_t all_moved;       /* likewise, for every project */
};

struct holds *
holds_open(void)
{
    struct holds *holds = memory_new(sizeof *holds);

    return holds;
}

void
holds_close(struct holds *holds)
{
    free(holds);
}

int64_t
holds_count(const struct holds *holds)
{
    return holds->count;
}

/*
 * Of all ARNs of a project, its versions and its datasets the same: they have all before the slash
 * behind the project's name in common.
 */
static size_t
project_of(const char *arn)
{
    const char *end = arn;
    int slashes = 0;

    for (; *end != '\0' && (slashes += *end == '/') < 2; end++)
        ;
    return hash_bytes(arn, (size_t)(end - arn)) % PROJECTS;
}

void
holds_moved(struct holds *holds, struct http *http, const char *arn)
{
    holds->moved[project_of(arn)] = ++holds->moves;
    if (holds->count > 0)
        http_recall(http);
}

void
holds_all_moved(struct holds *holds, struct http *http)
{
    holds->all_moved = ++holds->moves;
    if (holds->count > 0)
        http_recall(http);
}

static bool
has_moved(const struct holds *holds, const struct hold *hold)
{
    return holds->moved[hold->project] > hold->moves || holds->all_moved > hold->moves;
}

bool
hold_call(struct holds *holds, struct hold *hold, struct exchange *exchange,
    const struct call *call)
{
    bool held = call->in_progress != NULL && call->error == NO_ERROR &&
                exchange_park(exchange, call->hold_ms);

    holds->count += held - hold->begun;
    hold->begun = held;
    hold->moves = holds->moves;
    if (held)
        hold->project = project_of(call->in_progress);
    return held;
}

bool
hold_goes_on(const struct holds *holds, const struct hold *hold, struct exchange *exchange,
    const struct call *call)
{
    return !has_moved(holds, hold) && exchange_park(exchange, call->hold_ms);
}
