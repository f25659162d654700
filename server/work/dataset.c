/* The works of datasets that need no other server: update, copy, distribute, delete. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/resource/dataset_distribute.h"
#include "../../state/resource/dataset_entry.h"
#include "../../state/lifecycle.h"
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

/* Does `some` again and again, until there is no more of it (false) or the time is up (true). */
static bool
go_on(struct store *store, int64_t dataset_id, int64_t until_us,
    bool (*some)(struct store *, int64_t dataset_id, int limit))
{
    while (some(store, dataset_id, ENTRIES_AT_ONCE))
        if (clock_monotonic_us() >= until_us)
            return true;
    return false;
}

/* ---- update ------------------------------------------------------------- */

enum updating { UPDATE_TAKES_BACK, UPDATE_TAKES_LINES, UPDATE_KEEPS, UPDATE_GIVES_UP };

struct update {
    char *arn, *lines;
    const char *next; /* the rest of the lines */
    struct intake intake;
    enum updating phase;
    enum dataset_message verdict;
};

void *
update_begin(struct server *server, const struct work *work)
{
    struct update *update = memory_new(sizeof *update);

    update->arn = memory_text(work->arn);
    update->lines = memory_text(work->what == NULL ? "" : work->what);
    update->next = update->lines;
    intake_begin(&update->intake, id_of(server->store, work->arn), true);
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

enum worked
update_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct update *update = worker;
    int64_t id = update->intake.dataset_id;

    switch (update->phase) {
    case UPDATE_TAKES_BACK: /* what an earlier try has left */
        if (!go_on(store, id, until_us, dataset_change_undo))
            update->phase = UPDATE_TAKES_LINES;
        return WORKED_SOME;
    case UPDATE_TAKES_LINES:
        if (!take_lines(update, store, until_us))
            return WORKED_SOME;
        update->verdict = intake_verdict(&update->intake, store, true);
        update->phase = update->verdict != DATASET_MESSAGE_COUNT ||
                                lifecycle_is_told_to_fail(store, kind, update->arn)
                            ? UPDATE_GIVES_UP
                            : UPDATE_KEEPS;
        return WORKED_SOME;
    case UPDATE_KEEPS:
        if (go_on(store, id, until_us, dataset_change_keep))
            return WORKED_SOME;
        lifecycle_release(store, kind, update->arn, NULL);
        return WORKED_ALL;
    default:
        if (go_on(store, id, until_us, dataset_change_undo))
            return WORKED_SOME;
        if (update->verdict == DATASET_MESSAGE_COUNT)
            lifecycle_release(store, kind, update->arn, NULL);
        else
            lifecycle_release_failed(store, kind, update->arn,
                dataset_messages[update->verdict].text);
        return WORKED_ALL;
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

    if (!copy->emptied) {
        copy->emptied = !go_on(store, copy->to_id, until_us, dataset_entries_drop);
        return WORKED_SOME;
    }
    while (!lifecycle_is_told_to_fail(store, kind, copy->arn) &&
           dataset_entries_copy(store, copy->from_id, copy->to_id, &copy->after, ENTRIES_AT_ONCE))
        if (clock_monotonic_us() >= until_us)
            return WORKED_SOME;
    lifecycle_release(store, kind, copy->arn, NULL);
    return WORKED_ALL;
}

/* ---- distribute --------------------------------------------------------- */

struct distribute {
    char *train_arn, *test_arn;
    struct distribution *distribution;
};

void *
distribute_begin(struct server *server, const struct work *work)
{
    struct distribute *distribute = memory_new(sizeof *distribute);
    char *rest;
    uint64_t seed = strtoull(work->what, &rest, 16);

    distribute->train_arn = memory_text(work->arn);
    distribute->test_arn = memory_text(rest + 1);
    distribute->distribution = distribution_begin(id_of(server->store, work->arn),
        id_of(server->store, distribute->test_arn), seed);
    return distribute;
}

void
distribute_end(void *worker)
{
    struct distribute *distribute = worker;

    distribution_end(distribute->distribution);
    free(distribute->train_arn);
    free(distribute->test_arn);
    free(distribute);
}

enum worked
distribute_go_on(void *worker, struct store *store, int64_t until_us)
{
    struct distribute *distribute = worker;
    const char *too_few = dataset_messages[DATASET_TOO_FEW_TO_DISTRIBUTE].text;
    enum distributed done;

    if (lifecycle_is_told_to_fail(store, kind, distribute->train_arn) ||
        lifecycle_is_told_to_fail(store, kind, distribute->test_arn)) {
        lifecycle_release_failed(store, kind, distribute->train_arn, NULL);
        lifecycle_release_failed(store, kind, distribute->test_arn, NULL);
        return WORKED_ALL;
    }
    do {
        done = distribution_step(store, distribute->distribution, ENTRIES_AT_ONCE);
    } while (done == DISTRIBUTED_SOME && clock_monotonic_us() < until_us);
    switch (done) {
    case DISTRIBUTED_SOME:
        return WORKED_SOME;
    case DISTRIBUTED_ALL:
        lifecycle_release(store, kind, distribute->train_arn, NULL);
        lifecycle_release(store, kind, distribute->test_arn, NULL);
        break;
    case DISTRIBUTED_TOO_FEW:
        lifecycle_release_failed(store, kind, distribute->train_arn, too_few);
        lifecycle_release_failed(store, kind, distribute->test_arn, too_few);
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

    if (go_on(store, empty->id, until_us, dataset_entries_drop))
        return WORKED_SOME;
    lifecycle_release(store, kind, empty->arn, NULL);
    return WORKED_ALL;
}
