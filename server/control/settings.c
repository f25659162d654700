/* Control of settings: durations, limits and behaviour, by name. */

#include <string.h>

#include "../../state/setting.h"
#include "../../state/step.h"
#include "../call/hold.h"
#include "../call/server.h"
#include "../call/setting_text.h"
#include "control.h"

void
control_settings_get(struct control *control)
{
    cJSON *json = cJSON_CreateObject();

    step_begin(control->store, "settings");
    for (enum setting i = 0; i < SETTING_TOTAL; i++)
        cJSON_AddItemToObjectCS(json, setting_rows[i].name,
            setting_json(i, setting_number(control->store, i)));
    if (control_step_end(control, true))
        control_answer(control, json);
    else
        cJSON_Delete(json);
}

/* Changes one setting, inside a step; false, and why, when name or value is wrong. */
static bool
change(struct control *control, const cJSON *item, char *why, size_t size)
{
    enum setting setting;
    double value;

    if (cJSON_IsNull(item)) {
        if (!setting_named(item->string, &setting, why, size))
            return false;
        setting_restore(control->store, setting);
        return true;
    }
    if (!setting_read(item->string, item, &setting, &value, why, size))
        return false;
    setting_set(control->store, setting, value);
    return true;
}

void
control_settings_patch(struct control *control)
{
    const cJSON *item;
    char why[256];
    bool good = true;

    step_begin(control->store, "settings");
    cJSON_ArrayForEach(item, control->body)
    {
        good = change(control, item, why, sizeof why);
        if (!good)
            break;
    }
    if (!control_step_end(control, good))
        return;
    if (!good) {
        control_fail(control, 400, "InvalidSetting", "%s.", why);
        return;
    }
    holds_all_moved(control->server->holds, control->server->http); /* describe.hold is one */
    control_settings_get(control);
}
