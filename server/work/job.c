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
    void *context;
    bool waits; /* as it said in its last turn */
};

/* Work on a thread. */
struct alone {
    struct server *server;
    void (*work)(void *context);
    void (*end)(void *context); /* or NULL */
    void *context;
    pthread_t thread;
    atomic_bool done;
};

void
job_add(struct server *server, bool (*work)(void *context), void *context)
{
    struct job *job = malloc(sizeof *job);

    if (job == NULL)
        abort();
    *job = (struct job){ .next = server->jobs, .work = work, .context = context };
    server->jobs = job;
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
    if (pthread_create(&alone->thread, NULL, run_alone, alone) != 0)
        abort();
}

bool
jobs_are_alone(const struct server *server)
{
    return server->alone != NULL;
}

/* Those that were put aside come back. */
static void
end_alone(struct server *server)
{
    struct alone *alone = server->alone;

    pthread_join(alone->thread, NULL);
    if (alone->end != NULL)
        alone->end(alone->context);
    free(alone);
    server->alone = NULL;
    http_recall(server->http);
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

    if (server->alone != NULL && atomic_load(&server->alone->done))
        end_alone(server);
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
    /* Also those that were added meanwhile. */
    for (const struct job *job = server->jobs; job != NULL; job = job->next)
        busy |= !job->waits;
    return busy;
}

void
jobs_close(struct server *server)
{
    while (server->jobs != NULL) {
        struct job *job = server->jobs;

        server->jobs = job->next;
        free(job);
    }
}

void
jobs_stop(struct server *server)
{
    if (server->alone == NULL)
        return;
    store_interrupt(server->store);
    end_alone(server);
}
