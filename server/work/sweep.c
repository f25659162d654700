#include "sweep.h"

#include <stdlib.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/resource/collection.h"
#include "../../state/step.h"
#include "../../state/work.h"
#include "../call/server.h"
#include "job.h"
#include "works.h"

struct sweep {
    struct server *server;
    int seen;  /* see work_may_be_new() */
    bool more; /* there was, when it was looked last */
};

static bool
work(void *context)
{
    struct sweep *sweep = context;
    struct store *store = sweep->server->store;
    int64_t until_us;

    if (!work_may_be_new(store, &sweep->seen) && !sweep->more) {
        job_wait(sweep->server);
        return true;
    }
    until_us = clock_monotonic_us() + WORK_TURN_US;
    step_begin(store, "sweep");
    do
        sweep->more = collection_sweep(store);
    while (sweep->more && clock_monotonic_us() < until_us);
    if (!step_end(store, true))
        sweep->more = true;
    return true;
}

struct sweep *
sweep_open(struct server *server)
{
    struct sweep *sweep = memory_new(sizeof *sweep);

    *sweep = (struct sweep){ .server = server, .more = true };
    job_add(server, work, NULL, sweep); /* sweep_close() frees it */
    return sweep;
}

void
sweep_close(struct sweep *sweep)
{
    free(sweep);
}
