#include "setting_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/duration.h"
#include "../json/json.h"
#include "near.h"

static const char *
name_of_setting(size_t i)
{
    return i < SETTING_TOTAL ? setting_rows[i].name : NULL;
}

bool
setting_named(const char *name, enum setting *setting, char *why, size_t size)
{
    const char *meant;

    *setting = setting_find(name);
    if (*setting != SETTING_TOTAL)
        return true;
    meant = near_name(name, name_of_setting);
    snprintf(why, size, "there is no setting '%.100s'%s%s%s", name,
        meant == NULL ? "" : "; did you mean '", meant == NULL ? "" : meant,
        meant == NULL ? "" : "'?");
    return false;
}

/* Text is what the command line has for everything, and JSON for durations. */
static bool
parse_text(const struct setting_row *row, const char *text, double *value)
{
    int64_t ms;
    char *end;

    if (row->kind == SETTING_DURATION) {
        if (!duration_parse(text, &ms))
            return false;
        *value = (double)ms;
        return true;
    }
    *value = strtod(text, &end);
    return end != text && *end == '\0';
}

static bool
parse_item(const struct setting_row *row, const cJSON *item, double *value)
{
    if (cJSON_IsString(item))
        return row->kind == SETTING_DURATION && parse_text(row, item->valuestring, value);
    return row->kind != SETTING_DURATION && json_number(item, value);
}

static bool
wrong(const struct setting_row *row, char *why, size_t size)
{
    snprintf(why, size, "%s must be %s", row->name,
        row->kind == SETTING_DURATION ? "a duration such as 250ms, 5s, 10m or 1h30m" : "a number");
    return false;
}

bool
setting_read(const char *name, const cJSON *item, enum setting *setting, double *value, char *why,
    size_t size)
{
    if (!setting_named(name, setting, why, size))
        return false;
    if (!parse_item(&setting_rows[*setting], item, value))
        return wrong(&setting_rows[*setting], why, size);
    return setting_accepts(*setting, *value, why, size);
}

bool
setting_parse(const char *assignment, enum setting *setting, double *value, char *why, size_t size)
{
    const char *equals = strchr(assignment, '=');
    char name[64];

    if (equals == NULL || (size_t)(equals - assignment) >= sizeof name) {
        snprintf(why, size, "'%s' is not NAME=VALUE", assignment);
        return false;
    }
    memcpy(name, assignment, (size_t)(equals - assignment));
    name[equals - assignment] = '\0';
    if (!setting_named(name, setting, why, size))
        return false;
    if (!parse_text(&setting_rows[*setting], equals + 1, value))
        return wrong(&setting_rows[*setting], why, size);
    return setting_accepts(*setting, *value, why, size);
}

cJSON *
setting_json(enum setting setting, double value)
{
    char text[DURATION_SIZE];

    if (setting_rows[setting].kind != SETTING_DURATION)
        return cJSON_CreateNumber(value);
    duration_print((int64_t)value, text);
    return cJSON_CreateString(text);
}
