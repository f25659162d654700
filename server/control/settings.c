/* Control of settings: durations, limits and behaviour, by name; the world's, or an account's own. */

#include <stdio.h>

#include "../../state/base/arn.h"
#include "../../state/base/evidence.h"
#include "../../state/setting.h"
#include "../../state/step.h"
#include "../call/hold.h"
#include "../call/server.h"
#include "../call/setting_text.h"
#include "../json/tree.h"
#include "control.h"

/* ---- the table ----------------------------------------------------------- */

static const char *
kind_name(enum setting_kind kind)
{
    static const char *const names[] = {
        [SETTING_DURATION] = "duration",
        [SETTING_STEP] = "step",
        [SETTING_COUNT] = "count",
        [SETTING_NUMBER] = "number",
        [SETTING_WORD] = "word",
    };

    return names[kind];
}

static bool
is_same(struct setting_value a, struct setting_value b)
{
    return a.value >= b.value && a.value <= b.value && a.most >= b.most && a.most <= b.most;
}

/* The value is the account's, or of "" the world's. */
static cJSON *
describe(struct store *store, const char *account, enum setting setting)
{
    const struct setting_row *row = &setting_rows[setting];
    struct setting_value value = setting_value(store, setting), own;
    struct setting_value usual = setting_default(store, setting);
    cJSON *json = cJSON_CreateObject();

    tree_set_text(json, "name", row->name);
    cJSON_AddItemToObject(json, "value", setting_json(setting, value));
    cJSON_AddItemToObject(json, "default", setting_json(setting, usual));
    cJSON_AddBoolToObject(json, "changed", !is_same(value, usual));
    if (*account != '\0')
        cJSON_AddBoolToObject(json, "own", setting_override(store, account, setting, &own));
    tree_set_text(json, "kind", kind_name(row->kind));
    if (row->kind == SETTING_WORD)
        tree_set_text(json, "words", setting_words(setting));
    tree_set_text(json, "evidence", evidence_name(row->evidence));
    tree_set_text(json, "source", row->source);
    tree_set_text(json, "help", row->help);
    return json;
}

void
control_settings_table(struct control *control)
{
    cJSON *json, *list;
    struct scope scope;

    if (!control_scope(control, &scope))
        return;
    step_begin_of(control->store, "settings", scope.account);
    json = cJSON_CreateObject();
    list = tree_set_list(json, "settings");
    for (enum setting i = 0; i < SETTING_TOTAL; i++)
        cJSON_AddItemToArray(list, describe(control->store, scope.account, i));
    if (control_step_end(control, true))
        control_answer(control, json);
    else
        cJSON_Delete(json);
}

/* ---- values -------------------------------------------------------------- */

/* What the account has of its own; for "", what all others have. */
static cJSON *
list(struct store *store, const char *account)
{
    cJSON *json = cJSON_CreateObject();
    struct setting_value value;

    for (enum setting i = 0; i < SETTING_TOTAL; i++) {
        if (*account == '\0')
            value = setting_value(store, i);
        else if (!setting_override(store, account, i, &value))
            continue;
        cJSON_AddItemToObjectCS(json, setting_rows[i].name, setting_json(i, value));
    }
    return json;
}

static void
answer_settings(struct control *control, const char *account)
{
    cJSON *json;

    step_begin(control->store, "settings");
    json = list(control->store, account);
    if (control_step_end(control, true))
        control_answer(control, json);
    else
        cJSON_Delete(json);
}

void
control_settings_get(struct control *control)
{
    struct scope scope;

    if (control_scope(control, &scope))
        answer_settings(control, scope.account);
}

static void
restore(struct store *store, const char *account, enum setting setting)
{
    if (*account == '\0')
        setting_restore(store, setting);
    else
        setting_remove_own(store, account, setting);
}

/* Changes one setting, inside a step; false, and why, when name or value is wrong. */
static bool
change(struct control *control, const char *account, const cJSON *item, char *why, size_t size)
{
    enum setting setting;
    struct setting_value value;

    if (!setting_named(item->string, &setting, why, size))
        return false;
    if (*account != '\0' && setting_is_the_worlds(setting)) {
        snprintf(why, size, "%s is of what accounts share: none has it of its own", item->string);
        return false;
    }
    if (cJSON_IsNull(item)) {
        restore(control->store, account, setting);
        return true;
    }
    if (!setting_read(item->string, item, &setting, &value, why, size))
        return false;
    if (*account == '\0')
        setting_set_value(control->store, setting, value);
    else
        setting_set_own(control->store, account, setting, value);
    return true;
}

void
control_settings_patch(struct control *control)
{
    struct scope scope;
    const cJSON *item;
    char why[256];
    bool good = true;

    if (!control_scope(control, &scope))
        return;
    step_begin(control->store, "settings");
    cJSON_ArrayForEach(item, control->body)
    {
        good = change(control, scope.account, item, why, sizeof why);
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
    answer_settings(control, scope.account);
}
