#include "job.h"

#include <assert.h>
#include <stdlib.h>

#include "http.h"
#include "server.h"

struct job {
    struct job *next;
    bool (*work)(void *context);
    void *context;
    bool waits; /* as it said in its last turn */
};

static struct job *
job_new(bool (*work)(void *context), void *context)
{
    struct job *job = malloc(sizeof *job);

    if (job == NULL)
        abort();
    *job = (struct job){ .work = work, .context = context };
    return job;
}

void
job_add(struct server *server, bool (*work)(void *context), void *context)
{
    struct job *job = job_new(work, context);

    job->next = server->jobs;
    server->jobs = job;
}

void
job_add_alone(struct server *server, bool (*work)(void *context), void *context)
{
    assert(server->alone == NULL);
    server->alone = job_new(work, context);
}

bool
jobs_are_alone(const struct server *server)
{
    return server->alone != NULL;
}

/* Those that were put aside come back when it is done. */
static void
run_alone(struct server *server)
{
    struct job *job = server->alone;

    if (job->work(job->context))
        return;
    free(job);
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

    if (server->alone != NULL) {
        run_alone(server);
        return true;
    }
    while (*link != NULL) {
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
