/* Control of the world as a whole: what the service does to it by itself, and emptying it. */

#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/base/array.h"
#include "../../state/lifecycle.h"
#include "../../state/setting.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/world.h"
#include "../call/hold.h"
#include "../http/http.h"
#include "../work/job.h"
#include "../record/journal.h"
#include "../call/server.h"
#include "../json/tree.h"
#include "control.h"
#include "snapshots.h"

static void
answer_move(struct control *control, const char *arn, const char *to, enum result result,
    const char *found)
{
    cJSON *json;

    switch (result) {
    case RESULT_OK:
        json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "arn", arn);
        cJSON_AddStringToObject(json, "status", to);
        control_answer(control, json);
        break;
    case RESULT_NOT_FOUND:
        control_fail(control, 404, "NotFound", "There is no %s.", arn);
        break;
    default:
        control_fail(control, 409, "NoSuchMove", "The lifecycle does not have this move: %s.",
            found);
    }
}

void
control_move(struct control *control)
{
    const char *arn = text_of(control->body, "arn"), *to = text_of(control->body, "to");
    enum result result;

    step_begin_at(control->store, "moves", arn);
    result = lifecycle_move_to(control->store, arn, to);
    if (control_step_end(control, result == RESULT_OK))
        answer_move(control, arn, to, result, store_found(control->store));
}

struct reset {
    struct control control;
    struct scope scope;
    bool settings, everything, kept;
    unsigned stays; /* see world_stays() */
};

static void
empty(struct reset *reset)
{
    struct store *store = reset->control.store;
    const char *account = control_any(reset->scope.account);

    step_begin(store, "reset");
    if (!reset->everything)
        world_reset(store, account, control_any(reset->scope.region));
    else if (account != NULL)
        world_forget(store, account);
    else
        world_begin_again(store, reset->control.server->frozen);
    if (reset->settings)
        setting_restore_all(store);
    reset->stays = world_stays(store, account);
    reset->kept = step_end(store, true);
}

/* On a full disk, what the log gives back may be room enough. */
static void
reset(void *context)
{
    struct reset *reset = context;
    struct store *store = reset->control.store;

    empty(reset);
    if (!reset->kept && store_wants_checkpoint(store)) {
        store_checkpoint(store);
        empty(reset);
    }
}

static void
note_snapshot(void *found, const char *name)
{
    (void)name;
    *(bool *)found = true;
}

/* Says what stays, so that nobody wonders about it in the test that comes next. */
static void
answer_reset(struct reset *reset)
{
    static const char *const words[] = { "settings", "accountSettings", "accountClocks", "faults",
        "outcomes", "detections" };
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "stays");
    bool snapshots = false;

    if (!reset->everything || *reset->scope.account != '\0')
        cJSON_AddItemToArray(list, cJSON_CreateString("clock"));
    for (size_t i = 0; i < COUNT(words); i++)
        if ((reset->stays & 1u << i) != 0)
            cJSON_AddItemToArray(list, cJSON_CreateString(words[i]));
    snapshots_each(reset->control.server->snapshots, note_snapshot, &snapshots);
    if (snapshots)
        cJSON_AddItemToArray(list, cJSON_CreateString("snapshots"));
    control_answer(&reset->control, json);
}

static void
end_reset(void *context)
{
    struct reset *reset = context;
    struct server *server = reset->control.server;

    if (reset->kept) {
        journal_forget(server->journal, control_any(reset->scope.account),
            control_any(reset->scope.region));
        holds_all_moved(server->holds, server->http);
        answer_reset(reset);
    } else {
        control_fail(&reset->control, 500, "StoreFailed",
            "The store failed: %s; nothing was changed. What is removed is written down first, "
            "which needs some room: DELETE /_local/snapshots/{name} needs none, and gives some.",
            store_why(reset->control.store));
    }
    free(reset);
}

/* An argument of 0 or 1; absent leaves *wish. */
static bool
read_wish(struct control *control, const char *argument, bool *wish)
{
    int64_t value = *wish;

    if (!control_argument_integer(control, argument, 0, 1, &value))
        return false;
    *wish = value == 1;
    return true;
}

void
control_reset(struct control *control)
{
    bool settings = false, everything = false;
    struct reset *begun;
    struct scope scope;

    if (!control_scope(control, &scope) || !read_wish(control, "settings", &settings) ||
        !read_wish(control, "everything", &everything))
        return;
    if (everything && *scope.region != '\0') {
        control_fail(control, 400, "InvalidValue",
            "A region has no clock and no settings of its own: 'everything' is of an account, or "
            "of all.");
        return;
    }
    begun = memory_new(sizeof *begun);
    *begun = (struct reset){ .control = control_later(control),
        .scope = scope,
        .settings = settings,
        .everything = everything };
    job_add_alone(control->server, reset, end_reset, begun);
}
