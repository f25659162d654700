#include "setting_text.h"

#include <inttypes.h>
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

/* "3 polls", "1s..3s" or "5s". */
static bool
parse_step(const char *text, struct setting_value *value)
{
    const char *dots = strstr(text, "..");
    int64_t least, most, polls;
    char first[64];
    int length = 0;

    if (sscanf(text, "%" SCNd64 " poll%n", &polls, &length) == 1 && length > 0 &&
        strcmp(text + length, polls == 1 ? "" : "s") == 0) {
        *value = setting_plain(-(double)polls);
        return polls > 0;
    }
    snprintf(first, sizeof first, "%.*s",
        (int)(dots == NULL ? strlen(text) : (size_t)(dots - text)), text);
    if (!duration_parse(first, &least))
        return false;
    most = least;
    if (dots != NULL && !duration_parse(dots + 2, &most))
        return false;
    *value = (struct setting_value){ (double)least, (double)most };
    return true;
}

/* Text is what the command line has for everything, and JSON for durations. */
static bool
parse_text(enum setting setting, const char *text, struct setting_value *value)
{
    int64_t ms;
    char *end;

    switch (setting_rows[setting].kind) {
    case SETTING_STEP:
        return parse_step(text, value);
    case SETTING_DURATION:
        if (!duration_parse(text, &ms))
            return false;
        *value = setting_plain((double)ms);
        return true;
    case SETTING_WORD:
        *value = setting_plain(setting_word_number(setting, text));
        return value->value >= 0;
    default:
        *value = setting_plain(strtod(text, &end));
        return end != text && *end == '\0';
    }
}

bool
setting_is_text(enum setting setting)
{
    return setting_rows[setting].kind == SETTING_DURATION ||
           setting_rows[setting].kind == SETTING_STEP || setting_rows[setting].kind == SETTING_WORD;
}

static bool
parse_item(enum setting setting, const cJSON *item, struct setting_value *value)
{
    if (setting_is_text(setting))
        return cJSON_IsString(item) && parse_text(setting, item->valuestring, value);
    if (!json_number(item, &value->value))
        return false;
    value->most = value->value;
    return true;
}

static bool
wrong(enum setting setting, char *why, size_t size)
{
    const char *name = setting_rows[setting].name;

    switch (setting_rows[setting].kind) {
    case SETTING_STEP:
        snprintf(why, size,
            "%s must be a duration such as 250ms, 5s, 10m or 1h30m, a range such as 1s..3s, or a "
            "number of answers such as 3 polls",
            name);
        break;
    case SETTING_DURATION:
        snprintf(why, size, "%s must be a duration such as 250ms, 5s, 10m or 1h30m", name);
        break;
    case SETTING_WORD:
        snprintf(why, size, "%s must be one of: %s", name, setting_words(setting));
        break;
    default:
        snprintf(why, size, "%s must be a number", name);
    }
    return false;
}

bool
setting_read(const char *name, const cJSON *item, enum setting *setting,
    struct setting_value *value, char *why, size_t size)
{
    if (!setting_named(name, setting, why, size))
        return false;
    if (!parse_item(*setting, item, value))
        return wrong(*setting, why, size);
    return setting_accepts(*setting, *value, why, size);
}

bool
setting_parse(const char *assignment, enum setting *setting, struct setting_value *value, char *why,
    size_t size)
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
    if (!parse_text(*setting, equals + 1, value))
        return wrong(*setting, why, size);
    return setting_accepts(*setting, *value, why, size);
}

static void
print_step(struct setting_value value, char out[SETTING_TEXT_SIZE])
{
    char least[DURATION_SIZE], most[DURATION_SIZE];

    if (value.value < 0) {
        snprintf(out, SETTING_TEXT_SIZE, "%.0f poll%s", -value.value, value.value == -1 ? "" : "s");
        return;
    }
    duration_print((int64_t)value.value, least);
    duration_print((int64_t)value.most, most);
    if (value.most > value.value)
        snprintf(out, SETTING_TEXT_SIZE, "%s..%s", least, most);
    else
        snprintf(out, SETTING_TEXT_SIZE, "%s", least);
}

void
setting_print(enum setting setting, struct setting_value value, char out[SETTING_TEXT_SIZE])
{
    switch (setting_rows[setting].kind) {
    case SETTING_STEP:
        print_step(value, out);
        break;
    case SETTING_DURATION:
        duration_print((int64_t)value.value, out);
        break;
    case SETTING_WORD:
        setting_word_print(setting, (int)value.value, out);
        break;
    default:
        snprintf(out, SETTING_TEXT_SIZE, "%.15g", value.value);
    }
}

cJSON *
setting_json(enum setting setting, struct setting_value value)
{
    char text[SETTING_TEXT_SIZE];

    if (!setting_is_text(setting))
        return cJSON_CreateNumber(value.value);
    setting_print(setting, value, text);
    return cJSON_CreateString(text);
}
