/* Control of the world as a whole: what the service does to it by itself, and emptying it. */

#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/resource/project_version.h"
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

/* A move that the lifecycle has, by the status it leads to. */
static const struct service_move {
    const char *to, *event;
} service_moves[] = {
    { "DEPRECATED", "deprecate" },
    { "EXPIRED", "expire" },
};

static const char *
event_to(const char *status)
{
    for (size_t i = 0; i < sizeof service_moves / sizeof service_moves[0]; i++)
        if (status != NULL && strcmp(service_moves[i].to, status) == 0)
            return service_moves[i].event;
    return NULL;
}

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
    struct project_version version;
    enum result result;

    step_begin(control->store, "moves");
    result = project_version_find(control->store, arn, &version);
    if (result == RESULT_OK)
        result = project_version_tell(control->store, &version, event_to(to));
    if (control_step_end(control, result == RESULT_OK))
        answer_move(control, arn, to, result, store_found(control->store));
}

struct reset {
    struct control control;
    struct scope scope;
    bool settings, kept;
};

static void
empty(struct reset *reset)
{
    struct store *store = reset->control.store;

    step_begin(store, "reset");
    world_reset(store, control_any(reset->scope.account), control_any(reset->scope.region));
    if (reset->settings)
        setting_restore_all(store);
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
end_reset(void *context)
{
    struct reset *reset = context;
    struct server *server = reset->control.server;

    if (reset->kept) {
        journal_forget(server->journal, control_any(reset->scope.account),
            control_any(reset->scope.region));
        holds_all_moved(server->holds, server->http);
        control_answer(&reset->control, cJSON_CreateObject());
    } else {
        control_fail(&reset->control, 500, "StoreFailed",
            "The store failed: %s; nothing was changed. What is removed is written down first, "
            "which needs some room: DELETE /_local/snapshots/{name} needs none, and gives some.",
            store_why(reset->control.store));
    }
    free(reset);
}

void
control_reset(struct control *control)
{
    const char *settings = exchange_argument(control->exchange, "settings");
    struct reset *begun;
    struct scope scope;

    if (!control_scope(control, &scope))
        return;
    if (settings != NULL && strcmp(settings, "0") != 0 && strcmp(settings, "1") != 0) {
        control_fail(control, 400, "InvalidValue",
            "'settings' must be 1, to restore them too, or 0.");
        return;
    }
    begun = memory_new(sizeof *begun);
    *begun = (struct reset){ .control = control_later(control),
        .scope = scope,
        .settings = settings != NULL && strcmp(settings, "1") == 0 };
    job_add_alone(control->server, reset, end_reset, begun);
}
