/* The works of datasets that need no other server: update, copy, distribute, delete. */

#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/resource/dataset_distribute.h"
#include "../../state/resource/dataset_entry.h"
#include "../../state/lifecycle_work.h"
#include "../../state/store.h"
#include "../../state/work.h"
#include "../manifest/intake.h"
#include "../call/server.h"
#include "works.h"

/* Entries between two looks at the time. */
#define ENTRIES_AT_ONCE 32

static const char kind[] = "dataset";

/* The row id of a dataset whose work this is: it is there as long as its work is. */
static int64_t
id_of(struct store *store, const char *arn)
{
    struct dataset dataset = { 0 };

    dataset_find(store, arn, &dataset);
    return dataset.id;
}

/* Empties a dataset until the time is up; true when it is empty. */
static bool
drop_entries(struct store *store, int64_t dataset_id, int64_t until_us)
{
    while (dataset_entries_drop(store, dataset_id, ENTRIES_AT_ONCE))
        if (clock_monotonic_us() >= until_us)
            return false;
    return true;
}

/* Takes back what a step has written, likewise. */
static bool
undo_step(struct store *store, int64_t dataset_id, int64_t step, int64_t until_us)
{
    while (dataset_step_undo(store, dataset_id, step, ENTRIES_AT_ONCE))
        if (clock_monotonic_us() >= until_us)
            return false;
    return true;
}

static bool
settle_steps(struct store *store, int64_t dataset_id, int64_t step, int64_t until_us)
{
    while (dataset_steps_settle(store, dataset_id, step, ENTRIES_AT_ONCE))
        if (clock_monotonic_us() >= until_us)
            return false;
    return true;
}

/* ---- update ------------------------------------------------------------- */

enum updating { UPDATE_SETTLES, UPDATE_TAKES_BACK, UPDATE_TAKES_LINES };

struct update {
    char *arn, *lines;
    const char *next; /* the rest of the lines */
    struct intake intake;
    enum updating phase;
};

void *
update_begin(struct server *server, const struct work *work)
{
    struct update *update = memory_new(sizeof *update);
    struct dataset dataset = { 0 };

    update->arn = memory_text(work->arn);
    update->lines = memory_text(work->what == NULL ? "" : work->what);
    update->next = update->lines;
    dataset_find(server->store, work->arn, &dataset);
    intake_begin(&update->intake, dataset.id, dataset.step);
    return update;
}

void
update_end(void *worker)
{
    struct update *update = worker;

    intake_end(&update->intake);
    free(update->arn);
    free(update->lines);
    free(update);
}

/* True when that was the last. */
static bool
take_lines(struct update *update, struct store *store, int64_t until_us)
{
    struct manifest_limits limits = manifest_limits(store);

    for (int i = 1; *update->next != '\0'; i++) {
        size_t length = strcspn(update->next, "\n");

        intake_line(&update->intake, store, &limits, update->next, length);
        update->next += length + (update->next[length] == '\n');
        if (i % ENTRIES_AT_ONCE == 0 && clock_monotonic_us() >= until_us)
            return false;
    }
    return true;
}

static enum worked
judge(struct update *update, struct store *store)
{
    enum dataset_message verdict = intake_verdict(&update->intake, store, true);

    if (verdict == DATASET_MESSAGE_COUNT)
        lifecycle_work_done(store, kind, update->arn, NULL);
    else
        lifecycle_work_failed(store, kind, update->arn, dataset_messages[verdict].text);
    return WORKED_ALL;
}

enum worked
update_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct update *update = worker;
    int64_t id = update->intake.dataset_id, step = update->intake.step;

    switch (update->phase) {
    case UPDATE_SETTLES: /* what can't be taken back any more */
        if (settle_steps(store, id, step, until_us))
            update->phase = UPDATE_TAKES_BACK;
        return WORKED_SOME;
    case UPDATE_TAKES_BACK: /* what an earlier try has left */
        if (undo_step(store, id, step, until_us))
            update->phase = UPDATE_TAKES_LINES;
        return WORKED_SOME;
    default:
        return take_lines(update, store, until_us) ? judge(update, store) : WORKED_SOME;
    }
}

/* ---- copy --------------------------------------------------------------- */

struct copy {
    char *arn;
    int64_t from_id, to_id, after;
    bool emptied;
};

void *
copy_begin(struct server *server, const struct work *work)
{
    struct copy *copy = memory_new(sizeof *copy);

    copy->arn = memory_text(work->arn);
    copy->from_id = id_of(server->store, work->what);
    copy->to_id = id_of(server->store, work->arn);
    return copy;
}

void
copy_end(void *worker)
{
    struct copy *copy = worker;

    free(copy->arn);
    free(copy);
}

enum worked
copy_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct copy *copy = worker;

    if (!copy->emptied) { /* of what an earlier try has left */
        copy->emptied = drop_entries(store, copy->to_id, until_us);
        return WORKED_SOME;
    }
    while (dataset_entries_copy(store, copy->from_id, copy->to_id, &copy->after, ENTRIES_AT_ONCE))
        if (clock_monotonic_us() >= until_us)
            return WORKED_SOME;
    lifecycle_work_done(store, kind, copy->arn, NULL);
    return WORKED_ALL;
}

/* ---- distribute --------------------------------------------------------- */

struct distribute {
    char *arn;
    int64_t id, step;
    bool settled;
    struct distribution *distribution;
};

void *
distribute_begin(struct server *server, const struct work *work)
{
    struct distribute *distribute = memory_new(sizeof *distribute);
    struct dataset train = { 0 };

    dataset_find(server->store, work->arn, &train);
    distribute->arn = memory_text(work->arn);
    distribute->id = train.id;
    distribute->step = train.step;
    distribute->distribution = distribution_begin(train.id, id_of(server->store, work->partner),
        strtoull(work->what, NULL, 16));
    return distribute;
}

void
distribute_end(void *worker)
{
    struct distribute *distribute = worker;

    distribution_end(distribute->distribution);
    free(distribute->arn);
    free(distribute);
}

enum worked
distribute_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct distribute *distribute = worker;
    enum distributed done;

    if (!distribute->settled) {
        distribute->settled = settle_steps(store, distribute->id, distribute->step, until_us);
        return WORKED_SOME;
    }
    do {
        done = distribution_step(store, distribute->distribution, ENTRIES_AT_ONCE);
    } while (done == DISTRIBUTED_SOME && clock_monotonic_us() < until_us);
    switch (done) {
    case DISTRIBUTED_SOME:
        return WORKED_SOME;
    case DISTRIBUTED_ALL:
        lifecycle_work_done(store, kind, distribute->arn, NULL);
        break;
    case DISTRIBUTED_TOO_FEW:
        lifecycle_work_failed(store, kind, distribute->arn,
            dataset_messages[DATASET_TOO_FEW_TO_DISTRIBUTE].text);
        break;
    }
    return WORKED_ALL;
}

/* ---- delete ------------------------------------------------------------- */

struct empty {
    char *arn;
    int64_t id;
};

void *
empty_begin(struct server *server, const struct work *work)
{
    struct empty *empty = memory_new(sizeof *empty);

    empty->arn = memory_text(work->arn);
    empty->id = id_of(server->store, work->arn);
    return empty;
}

void
empty_end(void *worker)
{
    struct empty *empty = worker;

    free(empty->arn);
    free(empty);
}

enum worked
empty_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct empty *empty = worker;

    if (!drop_entries(store, empty->id, until_us))
        return WORKED_SOME;
    lifecycle_work_done(store, kind, empty->arn, NULL);
    return WORKED_ALL;
}

/* ---- taking back -------------------------------------------------------- */

struct undo {
    char *arn;
    int64_t id, step;
    int64_t partner_id; /* of distributing: the test dataset */
};

void *
undo_begin(struct server *server, const struct work *work)
{
    struct undo *undo = memory_new(sizeof *undo);
    struct dataset dataset = { 0 };

    dataset_find(server->store, work->arn, &dataset);
    undo->arn = memory_text(work->arn);
    undo->id = dataset.id;
    undo->step = dataset.step;
    if (work->partner != NULL)
        undo->partner_id = id_of(server->store, work->partner);
    return undo;
}

void
undo_end(void *worker)
{
    struct undo *undo = worker;

    free(undo->arn);
    free(undo);
}

static enum worked
undone(const struct undo *undo, struct store *store, bool all)
{
    if (!all)
        return WORKED_SOME;
    lifecycle_work_undone(store, kind, undo->arn);
    return WORKED_ALL;
}

enum worked
create_undo(void *worker, struct store *store, int64_t until_us)
{
    struct undo *undo = worker;

    return undone(undo, store, drop_entries(store, undo->id, until_us));
}

enum worked
update_undo(void *worker, struct store *store, int64_t until_us)
{
    struct undo *undo = worker;

    return undone(undo, store, undo_step(store, undo->id, undo->step, until_us));
}

/* The test dataset was empty before. */
enum worked
distribute_undo(void *worker, struct store *store, int64_t until_us)
{
    struct undo *undo = worker;

    while (dataset_entries_move(store, undo->partner_id, undo->id, ENTRIES_AT_ONCE))
        if (clock_monotonic_us() >= until_us)
            return WORKED_SOME;
    return undone(undo, store, true);
}
