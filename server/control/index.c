/* What there is, for who stands before the door. */

#include <stdio.h>

#include "../http/program.h"
#include "calls.h"
#include "control.h"
#include "table.h"

void
control_index(struct control *control)
{
    cJSON *json = cJSON_CreateObject(), *calls;

    cJSON_AddStringToObject(json, "program", PROGRAM);
    cJSON_AddStringToObject(json, "version", VERSION);
    cJSON_AddStringToObject(json, "console", "/_local/console");
    calls = cJSON_AddArrayToObject(json, "calls");
    for (size_t i = 0; i < control_row_count; i++) {
        cJSON *call = cJSON_CreateObject();
        char path[128];

        snprintf(path, sizeof path, "/_local%s", control_rows[i].path);
        cJSON_AddStringToObject(call, "method", control_rows[i].method);
        cJSON_AddStringToObject(call, "path", path);
        cJSON_AddStringToObject(call, "help", control_rows[i].help);
        cJSON_AddItemToArray(calls, call);
    }
    control_answer(control, json);
}
