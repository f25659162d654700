#include "job.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "../../state/store.h"
#include "../http/http.h"
#include "../call/server.h"

struct job {
    struct job *next;
    bool (*work)(void *context);
    void (*give_up)(void *context); /* or NULL */
    void *context;
    bool waits; /* as it said in its last turn */
};

/* Work on a thread. */
struct alone {
    struct server *server;
    void (*work)(void *context);
    void (*end)(void *context);
    void *context;
    bool begun;
    pthread_t thread;
    atomic_bool done;
};

/* ---- alone -------------------------------------------------------------- */

void
job_add_alone(struct server *server, void (*work)(void *context), void (*end)(void *context),
    void *context)
{
    struct alone *alone = malloc(sizeof *alone);

    assert(server->alone == NULL);
    if (alone == NULL)
        abort();
    *alone = (struct alone){ .server = server, .work = work, .end = end, .context = context };
    server->alone = alone;
}

bool
jobs_are_alone(const struct server *server)
{
    return server->alone != NULL;
}

static void *
run_alone(void *context)
{
    struct alone *alone = context;

    alone->work(alone->context);
    atomic_store(&alone->done, true);
    http_wake(alone->server->http);
    return NULL;
}

bool
jobs_leave_store(struct server *server)
{
    struct alone *alone = server->alone;

    if (alone == NULL)
        return false;
    alone->begun = true;
    if (pthread_create(&alone->thread, NULL, run_alone, alone) != 0)
        abort();
    return true;
}

/* Those that were put aside come back. */
static void
end_alone(struct server *server)
{
    struct alone *alone = server->alone;

    pthread_join(alone->thread, NULL);
    alone->end(alone->context);
    free(alone);
    server->alone = NULL;
    http_bring_back(server->http);
}

bool
jobs_have_store(struct server *server)
{
    struct alone *alone = server->alone;

    if (alone == NULL || !alone->begun)
        return true;
    if (!atomic_load(&alone->done))
        return false;
    end_alone(server);
    return true;
}

static void
checkpoint(void *store)
{
    store_checkpoint(store);
}

static void
checkpointed(void *store)
{
    (void)store;
}

/* ---- a piece at a time -------------------------------------------------- */

void
job_add(struct server *server, bool (*work)(void *context), void (*give_up)(void *context),
    void *context)
{
    struct job *job = malloc(sizeof *job);

    if (job == NULL)
        abort();
    *job =
        (struct job){ .next = server->jobs, .work = work, .give_up = give_up, .context = context };
    server->jobs = job;
}

void
job_wait(struct server *server)
{
    server->job_waits = true;
}

bool
jobs_run(struct server *server)
{
    struct job **link = &server->jobs;
    bool busy = false;

    while (*link != NULL && server->alone == NULL) {
        struct job *job = *link;

        server->job_waits = false;
        if (job->work(job->context)) {
            job->waits = server->job_waits;
            link = &job->next;
        } else {
            *link = job->next;
            free(job);
        }
    }
    if (server->alone == NULL && store_wants_checkpoint(server->store))
        job_add_alone(server, checkpoint, checkpointed, server->store);
    /* Also those that were added meanwhile. */
    for (const struct job *job = server->jobs; job != NULL; job = job->next)
        busy |= !job->waits;
    return busy;
}

/* ---- the end ------------------------------------------------------------ */

bool
jobs_close(struct server *server)
{
    bool was_alone = server->alone != NULL;

    if (server->alone != NULL) {
        store_interrupt(server->store);
        if (!server->alone->begun)
            jobs_leave_store(server);
        end_alone(server);
        store_go_on(server->store);
    }
    while (server->jobs != NULL) {
        struct job *job = server->jobs;

        server->jobs = job->next;
        if (job->give_up != NULL)
            job->give_up(job->context);
        free(job);
    }
    return was_alone;
}
