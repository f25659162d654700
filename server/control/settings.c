/* Control of settings: durations, limits and behaviour, by name. */

#include <string.h>

#include "../../state/duration.h"
#include "../../state/setting.h"
#include "../../state/step.h"
#include "../model/json.h"
#include "../setting_text.h"
#include "control.h"

static void
add_value(cJSON *json, enum setting setting, double value)
{
    char text[DURATION_SIZE];

    if (setting_rows[setting].kind == SETTING_DURATION) {
        duration_print((int64_t)value, text);
        cJSON_AddStringToObject(json, setting_rows[setting].name, text);
    } else {
        cJSON_AddNumberToObject(json, setting_rows[setting].name, value);
    }
}

void
control_settings_get(struct control *control)
{
    static const char *const members[] = { NULL };
    cJSON *json;

    if (!control_arguments(control, members))
        return;
    json = cJSON_CreateObject();
    step_begin(control->store, "settings");
    for (enum setting i = 0; i < SETTING_TOTAL; i++)
        add_value(json, i, setting_number(control->store, i));
    step_end(control->store, true);
    control_answer(control, json);
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
    step_end(control->store, good);
    if (good)
        control_settings_get(control);
    else
        control_fail(control, 400, "InvalidSetting", "%s.", why);
}
