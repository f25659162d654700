#include "works.h"

#include <stdlib.h>
#include <string.h>

#include "../state/clock.h"
#include "../state/dataset.h"
#include "../state/step.h"
#include "../state/store.h"
#include "../state/work.h"
#include "job.h"
#include "server.h"

static const struct trade {
    const char *task;
    void *(*begin)(struct server *, const struct work *);
    enum worked (*go_on)(void *worker, struct store *, int64_t until_us);
    void (*end)(void *worker);
} trades[] = {
#define WORK(task, begin, go_on, end) { task, begin, go_on, end },
#include "works.def"
#undef WORK
};

/* A row and who works on it. */
struct labour {
    struct labour *next;
    const struct trade *trade;
    int64_t id; /* of the row */
    void *worker;
};

struct works {
    struct server *server;
    struct labour *labours;
    int world;    /* whose rows these are */
    int64_t seen; /* rows looked at: up to this id */
    int changes;  /* see work_may_be_new() */
};

/* NULL for what another worker does on the way. */
static const struct trade *
trade_of(const char *task)
{
    for (size_t i = 0; i < sizeof trades / sizeof trades[0]; i++)
        if (strcmp(trades[i].task, task) == 0)
            return &trades[i];
    return NULL;
}

static void
lay_down(struct labour *labour)
{
    if (labour->worker != NULL)
        labour->trade->end(labour->worker);
    free(labour);
}

static void *
begin(struct works *works, const struct labour *labour)
{
    struct work work;

    work_next(works->server->store, labour->id - 1, &work);
    /* cppcheck-suppress returnDanglingLifetime ; a worker copies what it needs of its row */
    return labour->trade->begin(works->server, &work);
}

/* One turn. What a failed store did not keep is done again, from the beginning. */
static enum worked
go_on(struct works *works, struct labour *labour)
{
    struct store *store = works->server->store;
    enum worked worked = WORKED_ALL;

    step_begin(store, "work");
    if (work_is(store, labour->id)) {
        if (labour->worker == NULL)
            labour->worker = begin(works, labour);
        worked = labour->trade->go_on(labour->worker, store, clock_monotonic_us() + WORK_TURN_US);
    }
    if (step_end(store, true))
        return worked;
    if (labour->worker != NULL)
        labour->trade->end(labour->worker);
    labour->worker = NULL;
    return WORKED_WAITING;
}

static void
lay_down_all(struct works *works)
{
    while (works->labours != NULL) {
        struct labour *labour = works->labours;

        works->labours = labour->next;
        lay_down(labour);
    }
}

/* In the order of their rows. */
static void
add(struct works *works, int64_t id, const struct trade *trade)
{
    struct labour **link = &works->labours, *labour = calloc(1, sizeof *labour);

    if (labour == NULL)
        abort();
    labour->id = id;
    labour->trade = trade;
    while (*link != NULL)
        link = &(*link)->next;
    *link = labour;
}

static void
look_for_rows(struct works *works)
{
    struct store *store = works->server->store;
    struct work work;

    if (works->world != store_world(store)) {
        works->world = store_world(store);
        works->seen = works->changes = 0;
        lay_down_all(works);
    }
    if (!work_may_be_new(store, &works->changes))
        return;
    step_begin(store, "work");
    while (work_next(store, works->seen, &work)) {
        works->seen = work.id;
        if (trade_of(work.task) != NULL)
            add(works, work.id, trade_of(work.task));
    }
    step_end(store, true);
}

static bool
work(void *context)
{
    struct works *works = context;
    struct labour **link = &works->labours;
    bool busy = false;

    look_for_rows(works);
    while (*link != NULL) {
        struct labour *labour = *link;
        enum worked worked = go_on(works, labour);

        busy |= worked != WORKED_WAITING; /* others wait for what is over, too */
        if (worked == WORKED_ALL) {
            *link = labour->next;
            lay_down(labour);
        } else {
            link = &labour->next;
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
    job_add(server, work, works);
    return works;
}

void
works_close(struct works *works)
{
    lay_down_all(works);
    free(works);
}
