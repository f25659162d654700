#include "works.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/lifecycle_work.h"
#include "../../state/resource/dataset.h"
#include "../../state/resource/liveness.h"
#include "../../state/resource/media_job.h"
#include "../../state/resource/project_version.h"
#include "../../state/resource/video_job.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/work.h"
#include "job.h"
#include "../call/server.h"

static const struct worker_type {
    const char *task;
    bool undoes;
    void *(*begin)(struct server *, const struct work *);
    enum worked (*go_on)(void *worker, struct store *, int64_t until_us);
    void (*end)(void *worker);
} worker_types[] = {
#define WORK(task, begin, go_on, end) { task, false, begin, go_on, end },
#define UNDO(task, begin, go_on, end) { task, true, begin, go_on, end },
#include "works.def"
#undef UNDO
#undef WORK
};

/* A row that is being worked on. */
struct run {
    struct run *next;
    const struct worker_type *type;
    int64_t id; /* of the row */
    char *kind, *arn;
    void *worker; /* NULL before it is begun */
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
    free(run->kind);
    free(run->arn);
    free(run);
}

/* NULL when the store fails. */
static void *
begin(struct works *works, const struct run *run)
{
    struct work work = { .id = 0 };

    if (!work_next(works->server->store, run->id - 1, &work))
        return NULL;
    assert(work.id == run->id);
    /* cppcheck-suppress returnDanglingLifetime ; a worker copies what it needs of its row */
    return run->type->begin(works->server, &work);
}

static enum worked
go_on_in_step(struct works *works, struct run *run)
{
    struct store *store = works->server->store;

    if (!work_is(store, run->id))
        return WORKED_ALL;
    if (!run->type->undoes && lifecycle_is_told_to_fail(store, run->kind, run->arn)) {
        lifecycle_work_done(store, run->kind, run->arn, NULL);
        return WORKED_ALL;
    }
    if (run->worker == NULL)
        run->worker = begin(works, run);
    return run->worker == NULL
               ? WORKED_WAITING
               : run->type->go_on(run->worker, store, clock_monotonic_us() + WORK_TURN_US);
}

/* One turn. What a failed store did not keep is done again, from the beginning. */
static enum worked
go_on(struct works *works, struct run *run)
{
    struct store *store = works->server->store;
    enum worked worked;

    step_begin_at(store, "work", run->arn);
    worked = go_on_in_step(works, run);
    if (step_end(store, true))
        return worked;
    if (run->worker != NULL)
        run->type->end(run->worker);
    run->worker = NULL;
    return WORKED_WAITING;
}

/* Ends those of later rows than `after`: all of them, when that is 0. */
static void
end_runs(struct works *works, int64_t after)
{
    struct run **link = &works->running;

    while (*link != NULL && (*link)->id <= after)
        link = &(*link)->next;
    while (*link != NULL) {
        struct run *run = *link;

        *link = run->next;
        end_run(run);
    }
}

/* In the order of their rows. */
static void
add(struct works *works, const struct work *work, const struct worker_type *type)
{
    struct run **link = &works->running, *run = memory_new(sizeof *run);

    run->kind = memory_text(work->kind);
    run->arn = memory_text(work->arn);
    run->id = work->id;
    run->type = type;
    while (*link != NULL)
        link = &(*link)->next;
    *link = run;
}

static void
look_for_rows(struct works *works)
{
    struct store *store = works->server->store;
    int64_t seen = works->seen;
    struct work work;

    if (works->world != store_world(store)) {
        works->world = store_world(store);
        works->seen = seen = works->changes = 0;
        end_runs(works, 0);
    }
    if (!work_may_be_new(store, &works->changes))
        return;
    step_begin(store, "work");
    while (work_next(store, works->seen, &work)) {
        works->seen = work.id;
        if (worker_type_of(work.task) != NULL)
            add(works, &work, worker_type_of(work.task));
    }
    if (step_end(store, true))
        return;
    works->seen = seen; /* what a failed store has shown was perhaps never there */
    works->changes = 0;
    end_runs(works, seen);
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
    end_runs(works, 0);
    free(works);
}
