#include "works.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/clock.h"
#include "../../state/resource/dataset.h"
#include "../../state/resource/project_version.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/resource/version_image.h"
#include "../../state/work.h"
#include "job.h"
#include "../call/server.h"

static const struct worker_type {
    const char *task;
    void *(*begin)(struct server *, const struct work *);
    enum worked (*go_on)(void *worker, struct store *, int64_t until_us);
    void (*end)(void *worker);
} worker_types[] = {
#define WORK(task, begin, go_on, end) { task, begin, go_on, end },
#include "works.def"
#undef WORK
};

/* A row that is being worked on. */
struct run {
    struct run *next;
    const struct worker_type *type;
    int64_t id; /* of the row */
    void *worker;
};

struct works {
    struct server *server;
    struct run *running;
    int world;    /* whose rows these are */
    int64_t seen; /* rows looked at: up to this id */
    int changes;  /* see work_may_be_new() */
};

/* NULL for what another worker does on the way. */
static const struct worker_type *
worker_type_of(const char *task)
{
    for (size_t i = 0; i < sizeof worker_types / sizeof worker_types[0]; i++)
        if (strcmp(worker_types[i].task, task) == 0)
            return &worker_types[i];
    return NULL;
}

static void
end_run(struct run *run)
{
    if (run->worker != NULL)
        run->type->end(run->worker);
    free(run);
}

static void *
begin(struct works *works, const struct run *run)
{
    struct work work;

    work_next(works->server->store, run->id - 1, &work);
    /* cppcheck-suppress returnDanglingLifetime ; a worker copies what it needs of its row */
    return run->type->begin(works->server, &work);
}

/* One turn. What a failed store did not keep is done again, from the beginning. */
static enum worked
go_on(struct works *works, struct run *run)
{
    struct store *store = works->server->store;
    enum worked worked = WORKED_ALL;

    step_begin(store, "work");
    if (work_is(store, run->id)) {
        if (run->worker == NULL)
            run->worker = begin(works, run);
        worked = run->type->go_on(run->worker, store, clock_monotonic_us() + WORK_TURN_US);
    }
    if (step_end(store, true))
        return worked;
    if (run->worker != NULL)
        run->type->end(run->worker);
    run->worker = NULL;
    return WORKED_WAITING;
}

static void
end_all(struct works *works)
{
    while (works->running != NULL) {
        struct run *run = works->running;

        works->running = run->next;
        end_run(run);
    }
}

/* In the order of their rows. */
static void
add(struct works *works, int64_t id, const struct worker_type *type)
{
    struct run **link = &works->running, *run = calloc(1, sizeof *run);

    if (run == NULL)
        abort();
    run->id = id;
    run->type = type;
    while (*link != NULL)
        link = &(*link)->next;
    *link = run;
}

static void
look_for_rows(struct works *works)
{
    struct store *store = works->server->store;
    struct work work;

    if (works->world != store_world(store)) {
        works->world = store_world(store);
        works->seen = works->changes = 0;
        end_all(works);
    }
    if (!work_may_be_new(store, &works->changes))
        return;
    step_begin(store, "work");
    while (work_next(store, works->seen, &work)) {
        works->seen = work.id;
        if (worker_type_of(work.task) != NULL)
            add(works, work.id, worker_type_of(work.task));
    }
    step_end(store, true);
}

static bool
work(void *context)
{
    struct works *works = context;
    struct run **link = &works->running;
    bool busy = false;

    look_for_rows(works);
    while (*link != NULL) {
        struct run *run = *link;
        enum worked worked = go_on(works, run);

        busy |= worked != WORKED_WAITING; /* others wait for what is over, too */
        if (worked == WORKED_ALL) {
            *link = run->next;
            end_run(run);
        } else {
            link = &run->next;
        }
    }
    if (!busy)
        job_wait(works->server);
    return true;
}

struct works *
works_open(struct server *server)
{
    struct works *works = calloc(1, sizeof *works);

    if (works == NULL)
        abort();
    works->server = server;
    works->world = store_world(server->store);
    job_add(server, work, NULL, works); /* works_close() frees them */
    return works;
}

void
works_close(struct works *works)
{
    end_all(works);
    free(works);
}
