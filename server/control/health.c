/* Whether the server is there and ready: it answers nothing before it is. */

#include "../server.h"
#include "control.h"

void
control_health(struct control *control)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "status", "ok");
    cJSON_AddStringToObject(json, "version", VERSION);
    cJSON_AddTrueToObject(json, "ready");
    control_answer(control, json);
}
