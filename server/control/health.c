/* Whether the server is there and ready: it answers nothing before it is, and is not while its store fails. */

#include "../../state/store.h"
#include "../call/server.h"
#include "../http/http.h"
#include "../http/program.h"
#include "../work/job.h"
#include "control.h"

void
control_health(struct control *control)
{
    const char *trouble = jobs_are_alone(control->server) ? NULL : store_trouble(control->store);
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "status", trouble == NULL ? "ok" : "failed");
    cJSON_AddStringToObject(json, "version", VERSION);
    cJSON_AddBoolToObject(json, "ready", trouble == NULL);
    if (trouble != NULL)
        cJSON_AddStringToObject(json, "store", trouble);
    control_answer_status(control, trouble == NULL ? 200 : 503, json);
}
