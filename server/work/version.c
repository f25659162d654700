/* The works of versions: what is known of many images is forgotten a piece at a time. */

#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/lifecycle_work.h"
#include "../../state/resource/project_version.h"
#include "../../state/resource/version_image.h"
#include "../../state/work.h"
#include "../call/server.h"
#include "works.h"

/* Images between two looks at the time. */
#define IMAGES_AT_ONCE 32

struct forget {
    char *kind, *arn;
    int64_t model_id;
};

void *
forget_begin(struct server *server, const struct work *work)
{
    struct project_version version = { .id = 0 };
    struct forget *forget = memory_new(sizeof *forget);

    project_version_find(server->store, work->arn, &version);
    forget->kind = memory_text(work->kind);
    forget->arn = memory_text(work->arn);
    forget->model_id = version.model_id;
    return forget;
}

void
forget_end(void *worker)
{
    struct forget *forget = worker;

    free(forget->kind);
    free(forget->arn);
    free(forget);
}

enum worked
forget_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct forget *forget = worker;

    while (version_image_forget(store, forget->model_id, IMAGES_AT_ONCE))
        if (clock_monotonic_us() >= until_us)
            return WORKED_SOME;
    lifecycle_work_done(store, forget->kind, forget->arn, NULL);
    return WORKED_ALL;
}
