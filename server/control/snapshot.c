/* Control of snapshots: whole worlds saved under a name, brought back, sent away and received. */

#include "../../state/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../state/clock.h"
#include "../call/hold.h"
#include "../http/http.h"
#include "../work/job.h"
#include "../call/server.h"
#include "control.h"
#include "snapshots.h"

#define WORK_US 10000 /* what one turn of the loop gives to the taking of a snapshot */
#define PIECE (1 << 20)

static bool
check_call(struct control *control)
{
    return snapshots_name_is_valid(control->name) ||
           control_fail(control, 400, "InvalidValue",
               "The name of a snapshot is of 1 to 64 letters, digits, '_', '.' and '-', "
               "and not of dots alone.");
}

/* ---- looking ------------------------------------------------------------ */

/* NULL when there is none of that name. */
static cJSON *
describe(const struct snapshots *snapshots, const char *name)
{
    char path[SNAPSHOT_PATH_SIZE];
    char account[ACCOUNT_SIZE];
    struct stat file;
    int64_t taken_ms;
    cJSON *json;

    snapshots_path(snapshots, name, path);
    if (stat(path, &file) != 0 || !snapshot_look(path, &taken_ms, account))
        return NULL;
    json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", name);
    control_set_instant(json, "takenAt", taken_ms);
    cJSON_AddNumberToObject(json, "bytes", (double)file.st_size);
    if (*account != '\0')
        cJSON_AddStringToObject(json, "account", account);
    return json;
}

struct listing {
    const struct snapshots *snapshots;
    cJSON *list;
};

static void
add_to_list(void *context, const char *name)
{
    struct listing *listing = context;
    cJSON *json = describe(listing->snapshots, name);

    if (json != NULL)
        cJSON_AddItemToArray(listing->list, json);
}

void
control_snapshots_list(struct control *control)
{
    struct listing listing = { .snapshots = control->server->snapshots };
    cJSON *json = cJSON_CreateObject();

    listing.list = cJSON_AddArrayToObject(json, "snapshots");
    snapshots_each(listing.snapshots, add_to_list, &listing);
    control_answer(control, json);
}

static bool
not_found(struct control *control)
{
    return control_fail(control, 404, "NotFound", "There is no snapshot '%s'.", control->name);
}

static void
answer_described(struct control *control)
{
    cJSON *json = describe(control->server->snapshots, control->name);

    if (json == NULL)
        not_found(control);
    else
        control_answer(control, json);
}

void
control_snapshots_get(struct control *control)
{
    char path[SNAPSHOT_PATH_SIZE];
    struct stat status;
    int file;

    if (!check_call(control))
        return;
    snapshots_path(control->server->snapshots, control->name, path);
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0) {
        not_found(control);
        return;
    }
    control->ended = true;
    exchange_reply_file(control->exchange,
        (struct reply){ .status = 200,
            .content_type = "application/vnd.sqlite3",
            .length = (size_t)status.st_size },
        file);
}

void
control_snapshots_delete(struct control *control)
{
    char path[SNAPSHOT_PATH_SIZE];

    if (!check_call(control))
        return;
    snapshots_path(control->server->snapshots, control->name, path);
    if (unlink(path) == 0)
        control_answer(control, cJSON_CreateObject());
    else
        not_found(control);
}

/* ---- later -------------------------------------------------------------- */

/* A call that goes on as a job. */
struct later {
    struct control control;
    struct scope scope;            /* of the account that it is about; "" for the world */
    char path[SNAPSHOT_PATH_SIZE]; /* of the file on its way to become a snapshot */

    struct snapshot *snapshot; /* one that is taken */

    pthread_t thread; /* one that is received */
    atomic_bool received, unwanted;
    bool accepted;
    enum snapshot_restored restored; /* one that is restored */
    char why[512];
};

static struct later *
later(struct control *control)
{
    struct later *later = calloc(1, sizeof *later);

    if (later == NULL)
        abort();
    later->control = control_later(control);
    return later;
}

/* The file is complete: from now on it is the snapshot of that name. */
static void
give_name(struct later *later)
{
    char path[SNAPSHOT_PATH_SIZE];

    snapshots_path(later->control.server->snapshots, later->control.name, path);
    if (rename(later->path, path) == 0)
        answer_described(&later->control);
    else
        control_fail(&later->control, 500, "StoreFailed", "%s: %s", path, strerror(errno));
}

static void
drop(struct later *later, unsigned status, const char *code)
{
    unlink(later->path);
    control_fail(&later->control, status, code, "Nothing was changed: %s.", later->why);
}

/* ---- taking ------------------------------------------------------------- */

static bool
take(void *context)
{
    struct later *later = context;
    enum snapshot_progress progress =
        snapshot_go_on(later->snapshot, clock_monotonic_us() + WORK_US);

    if (progress == SNAPSHOT_GOES_ON)
        return true;
    snapshot_end(later->snapshot);
    snprintf(later->why, sizeof later->why, "the snapshot cannot be written");
    if (progress == SNAPSHOT_TAKEN)
        give_name(later);
    else
        drop(later, 500, "StoreFailed");
    free(later);
    return false;
}

/* The server ends before it is taken. */
static void
give_up_taking(void *context)
{
    struct later *later = context;

    snapshot_end(later->snapshot);
    unlink(later->path);
    free(later);
}

static void
begin_taking(struct later *later)
{
    struct server *server = later->control.server;

    later->snapshot = snapshot_begin(server->store, later->path, later->why, sizeof later->why);
    if (later->snapshot == NULL) {
        drop(later, 500, "StoreFailed");
        free(later);
    } else if (take(later)) {
        job_add(server, take, give_up_taking, later);
    }
}

/* ---- taking an account -------------------------------------------------- */

static void
save_account(void *context)
{
    struct later *later = context;

    later->accepted = snapshot_save_account(later->control.store, later->path, later->scope.account,
        later->why, sizeof later->why);
}

static void
end_saving(void *context)
{
    struct later *later = context;

    if (later->accepted)
        give_name(later);
    else
        drop(later, 500, "StoreFailed");
    free(later);
}

/* ---- receiving ---------------------------------------------------------- */

/* False: it cannot be, or is not wanted any more. */
static bool
copy_file(int from, const char *to, const atomic_bool *unwanted)
{
    int file = open(to, O_WRONLY | O_CLOEXEC);
    char *piece = malloc(PIECE);
    ssize_t got = -1;
    bool good = file >= 0 && piece != NULL;

    while (good && !atomic_load(unwanted) && (got = read(from, piece, PIECE)) > 0)
        for (ssize_t put = 0, n; good && put < got; put += n) {
            n = write(file, piece + put, (size_t)(got - put));
            good = n >= 0;
        }
    free(piece);
    if (file >= 0)
        good = close(file) == 0 && good;
    return good && got == 0;
}

/* On a thread of its own: a large file takes its time to be looked through. */
static void *
receive(void *context)
{
    struct later *later = context;

    int body = later->control.exchange->body_file;
    bool copied = copy_file(body, later->path, &later->unwanted) &&
                  ftruncate(body, 0) == 0; /* which takes time, too */

    if (copied)
        later->accepted = snapshot_accept(later->path, later->why, sizeof later->why);
    else
        snprintf(later->why, sizeof later->why, "it cannot be written");
    atomic_store(&later->received, true);
    http_wake(later->control.server->http);
    return NULL;
}

static void
give_up_receiving(void *context)
{
    struct later *later = context;

    atomic_store(&later->unwanted, true);
    pthread_join(later->thread, NULL);
    unlink(later->path);
    free(later);
}

static bool
finish_receiving(void *context)
{
    struct later *later = context;

    if (!atomic_load(&later->received)) {
        job_wait(later->control.server);
        return true;
    }
    pthread_join(later->thread, NULL);
    if (later->accepted)
        give_name(later);
    else
        drop(later, 400, "NotASnapshot");
    free(later);
    return false;
}

static void
begin_receiving(struct later *later)
{
    if (pthread_create(&later->thread, NULL, receive, later) != 0)
        abort();
    job_add(later->control.server, finish_receiving, give_up_receiving, later);
}

void
control_snapshots_put(struct control *control)
{
    struct later *started;
    struct scope scope;

    if (!check_call(control))
        return;
    if (!control_scope(control, &scope))
        return;
    if (*scope.account != '\0' && control->exchange->length > 0) {
        control_fail(control, 400, "InvalidValue",
            "A file says itself whose it is: give 'account' when it is restored.");
        return;
    }
    started = later(control);
    started->scope = scope;
    if (!snapshots_new_file(control->server->snapshots, started->path)) {
        snprintf(started->why, sizeof started->why, "there is no room for snapshots: %s",
            strerror(errno));
        drop(started, 500, "StoreFailed");
        free(started);
    } else if (control->exchange->length > 0) {
        begin_receiving(started);
    } else if (*scope.account != '\0') {
        job_add_alone(control->server, save_account, end_saving, started);
    } else {
        begin_taking(started);
    }
}

/* ---- restoring ---------------------------------------------------------- */

static void
restore(void *context)
{
    struct later *later = context;
    struct store *store = later->control.store;

    later->restored = *later->scope.account == '\0'
                          ? snapshot_restore(store, later->path, later->why, sizeof later->why)
                          : snapshot_restore_account(store, later->path, later->scope.account,
                                later->why, sizeof later->why);
}

static void
end_restore(void *context)
{
    struct later *later = context;
    struct server *server = later->control.server;

    if (later->restored == SNAPSHOT_RESTORED) {
        holds_all_moved(server->holds, server->http);
        answer_described(&later->control);
    } else if (later->restored == SNAPSHOT_OF_ANOTHER) {
        control_fail(&later->control, 409, "SnapshotOfAccount",
            "The snapshot is of one account, whose 'account' must be given.");
    } else if (later->restored == SNAPSHOT_NOT_GOOD) {
        control_fail(&later->control, 400, "NotASnapshot", "Nothing was changed: %s.", later->why);
    } else {
        control_fail(&later->control, 500, "StoreFailed", "Nothing was changed: %s.", later->why);
    }
    free(later);
}

/* Not while a copy of the world is being made, or not all of a fixture is there. */
static bool
begin_restore(void *context)
{
    struct later *later = context;
    struct control *control = &later->control;

    if (snapshot_is_under_way(control->store) || control->server->load != NULL)
        return true;
    snapshots_path(control->server->snapshots, control->name, later->path);
    if (access(later->path, F_OK) == 0) {
        job_add_alone(control->server, restore, end_restore, later);
    } else {
        not_found(control);
        free(later);
    }
    return false;
}

void
control_snapshots_restore(struct control *control)
{
    struct later *started;
    struct scope scope;

    if (!check_call(control) || !control_scope(control, &scope))
        return;
    started = later(control);
    started->scope = scope;
    if (begin_restore(started))
        job_add(control->server, begin_restore, free, started);
}
