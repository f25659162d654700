/* Whether the server is there and ready: it answers nothing before it is. */

#include "../call/server.h"
#include "control.h"
#include "../http/program.h"

void
control_health(struct control *control)
{
    static const char *const none[] = { NULL };
    cJSON *json;

    if (!control_arguments(control, none) || !control_members(control, none))
        return;
    json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "status", "ok");
    cJSON_AddStringToObject(json, "version", VERSION);
    cJSON_AddTrueToObject(json, "ready");
    control_answer(control, json);
}
