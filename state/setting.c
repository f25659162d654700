#include "setting.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "query.h"

const struct setting_row setting_rows[SETTING_TOTAL] = {
#define SETTING(id, name, kind, min, max, instant, quick, aws, evidence, source, help) \
    { name, SETTING_##kind, min, max, { instant, quick, aws }, evidence, source, help },
#include "settings.def"
#undef SETTING
};

enum setting
setting_find(const char *name)
{
    enum setting setting = 0;

    while (setting < SETTING_TOTAL && strcmp(setting_rows[setting].name, name) != 0)
        setting++;
    return setting;
}

double
setting_number(struct store *store, enum setting setting)
{
    double value = setting_rows[setting].defaults[store_profile(store)];
    struct query q;

    if (!store_quiet(store)->settings)
        return value;
    q = query(store, SQL_SETTING_GET);
    query_text(&q, ":name", setting_rows[setting].name);
    if (query_row(&q)) {
        value = query_column_number(&q, 0);
        query_done(&q);
    }
    return value;
}

int64_t
setting_int(struct store *store, enum setting setting)
{
    return (int64_t)setting_number(store, setting);
}

bool
setting_accepts(enum setting setting, double value, char *why, size_t size)
{
    const struct setting_row *row = &setting_rows[setting];

    if (value >= row->min && value <= row->max &&
        (row->kind == SETTING_NUMBER || value == floor(value)))
        return true;
    snprintf(why, size, "%s must be %s from %.15g to %.15g", row->name,
        row->kind == SETTING_DURATION ? "a duration, in milliseconds"
        : row->kind == SETTING_COUNT  ? "a whole number"
                                      : "a number",
        row->min, row->max);
    return false;
}

void
setting_set(struct store *store, enum setting setting, double value)
{
    struct query q = query(store, SQL_SETTING_SET);

    store_quiet(store)->settings = true;
    query_text(&q, ":name", setting_rows[setting].name);
    query_number(&q, ":value", value);
    query_run(&q);
}

void
setting_restore(struct store *store, enum setting setting)
{
    struct query q = query(store, SQL_SETTING_RESTORE);

    query_text(&q, ":name", setting_rows[setting].name);
    query_run(&q);
}

void
setting_restore_all(struct store *store)
{
    struct query q = query(store, SQL_SETTING_RESTORE_ALL);

    query_run(&q);
}
