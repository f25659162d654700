#include "stint.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "job.h"

#define STINT_US 20000

struct stint {
    void (*work)(struct stint *, void *context);
    void (*end)(struct stint *, void *context);
    void *context;
    pthread_t thread;
    sem_t turn, rest; /* posted to whoever goes on: the work, the loop */
    int64_t until_us;
    bool done, over;
};

static void
wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0) /* a signal came */
        ;
}

static void *
run(void *context)
{
    struct stint *stint = context;

    wait_for(&stint->turn);
    if (!stint->over)
        stint->work(stint, stint->context);
    stint->done = true;
    sem_post(&stint->rest);
    return NULL;
}

static void
go_on(struct stint *stint)
{
    stint->until_us = clock_monotonic_us() + STINT_US;
    sem_post(&stint->turn);
    wait_for(&stint->rest);
}

static void
close_stint(struct stint *stint)
{
    pthread_join(stint->thread, NULL);
    stint->end(stint, stint->context);
    sem_destroy(&stint->turn);
    sem_destroy(&stint->rest);
    free(stint);
}

static bool
take_turn(void *context)
{
    struct stint *stint = context;

    go_on(stint);
    if (!stint->done)
        return true;
    close_stint(stint);
    return false;
}

static void
give_up(void *context)
{
    struct stint *stint = context;

    stint->over = true;
    while (!stint->done)
        go_on(stint);
    close_stint(stint);
}

void
stint_add(struct server *server, void (*work)(struct stint *, void *context),
    void (*end)(struct stint *, void *context), void *context)
{
    struct stint *stint = memory_new(sizeof *stint);

    *stint = (struct stint){ .work = work, .end = end, .context = context };
    if (sem_init(&stint->turn, 0, 0) != 0 || sem_init(&stint->rest, 0, 0) != 0 ||
        pthread_create(&stint->thread, NULL, run, stint) != 0)
        abort();
    job_add(server, take_turn, give_up, stint);
}

bool
stint_is_long(const struct stint *stint)
{
    return stint->over || clock_monotonic_us() >= stint->until_us;
}

void
stint_rest(struct stint *stint)
{
    sem_post(&stint->rest);
    wait_for(&stint->turn);
}

bool
stint_is_over(const struct stint *stint)
{
    return stint->over;
}
