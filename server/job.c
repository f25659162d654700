#include "job.h"

#include <stdlib.h>

#include "server.h"

struct job {
    struct job *next;
    bool (*work)(void *context);
    void *context;
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

bool
jobs_run(struct server *server)
{
    struct job **link = &server->jobs;

    while (*link != NULL) {
        struct job *job = *link;

        if (job->work(job->context)) {
            link = &job->next;
        } else {
            *link = job->next;
            free(job);
        }
    }
    return server->jobs != NULL;
}
