#include "setting.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "query.h"

const struct setting_row setting_rows[SETTING_TOTAL] = {
#define SETTING(id, name, kind, min, max, instant, quick, aws, evidence, source, help) \
    { name, SETTING_##kind, min, max, { instant, quick, aws }, evidence, source, help },
#include "settings.def"
#undef SETTING
};

static const char *const words[SETTING_TOTAL] = {
#define SETTING(id, name, kind, min, max, instant, quick, aws, evidence, source, help)
#define WORDS(id, words) [SETTING_##id] = (words),
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

/* Every value: the rows, and the defaults of the rest. */
static void
read_all(struct store *store, double values[SETTING_TOTAL])
{
    struct query q = query(store, SQL_SETTING_ALL);

    for (enum setting setting = 0; setting < SETTING_TOTAL; setting++)
        values[setting] = setting_rows[setting].defaults[store_profile(store)];
    while (query_row(&q)) {
        enum setting setting = setting_find(query_column_text(&q, 0));

        if (setting < SETTING_TOTAL)
            values[setting] = query_column_number(&q, 1);
    }
}

double
setting_number(struct store *store, enum setting setting)
{
    struct kept_settings *kept = store_kept_settings(store);
    struct query q;
    double value;

    if (!kept->known) {
        if (kept->values == NULL)
            kept->values = memory_new(SETTING_TOTAL * sizeof *kept->values);
        read_all(store, kept->values);
        q = query(store, SQL_ACCOUNT_SETTING_EXISTS);
        kept->own = query_int_value(&q, 1) != 0;
        kept->known = !store_failed(store);
    }
    return kept->own && setting_override(store, store_account(store), setting, &value)
               ? value
               : kept->values[setting];
}

bool
setting_is_the_worlds(enum setting setting)
{
    return setting == SETTING_JOURNAL_SIZE || setting == SETTING_JOURNAL_BYTES ||
           setting == SETTING_HISTORY_SIZE;
}

bool
setting_override(struct store *store, const char *account, enum setting setting, double *value)
{
    struct query q;

    if (*account == '\0' || setting_is_the_worlds(setting))
        return false;
    q = query(store, SQL_ACCOUNT_SETTING_GET);
    query_text(&q, ":account", account);
    query_text(&q, ":name", setting_rows[setting].name);
    if (!query_row(&q))
        return false;
    *value = query_column_number(&q, 0);
    query_done(&q);
    return true;
}

static struct query
own_query(struct store *store, enum sql id, const char *account, enum setting setting)
{
    struct query q = query(store, id);

    store_kept_settings(store)->known = false;
    query_text(&q, ":account", account);
    query_text(&q, ":name", setting_rows[setting].name);
    return q;
}

void
setting_set_own(struct store *store, const char *account, enum setting setting, double value)
{
    struct query q = own_query(store, SQL_ACCOUNT_SETTING_SET, account, setting);

    query_number(&q, ":value", value);
    query_run(&q);
}

void
setting_remove_own(struct store *store, const char *account, enum setting setting)
{
    struct query q = own_query(store, SQL_ACCOUNT_SETTING_REMOVE, account, setting);

    query_run(&q);
}

void
setting_remove_all_own(struct store *store, const char *account)
{
    struct query q = query(store, SQL_ACCOUNT_SETTING_REMOVE_ALL);

    store_kept_settings(store)->known = false;
    query_text(&q, ":account", account);
    query_run(&q);
}

int64_t
setting_int(struct store *store, enum setting setting)
{
    return (int64_t)setting_number(store, setting);
}

const char *
setting_words(enum setting setting)
{
    return words[setting];
}

int
setting_word_number(enum setting setting, const char *word)
{
    size_t length = strlen(word);
    int number = 0;

    for (const char *at = words[setting]; *at != '\0'; at += strcspn(at, " "), number++) {
        at += strspn(at, " ");
        if (length > 0 && strcspn(at, " ") == length && memcmp(at, word, length) == 0)
            return number;
    }
    return -1;
}

void
setting_word_print(enum setting setting, int number, char out[SETTING_WORD_SIZE])
{
    const char *at = words[setting];

    while (number-- > 0)
        at += strcspn(at, " ") + 1;
    snprintf(out, SETTING_WORD_SIZE, "%.*s", (int)strcspn(at, " "), at);
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
        : row->kind == SETTING_NUMBER ? "a number"
                                      : "a whole number",
        row->min, row->max);
    return false;
}

void
setting_set(struct store *store, enum setting setting, double value)
{
    struct query q = query(store, SQL_SETTING_SET);

    store_kept_settings(store)->known = false;
    query_text(&q, ":name", setting_rows[setting].name);
    query_number(&q, ":value", value);
    query_run(&q);
}

void
setting_restore(struct store *store, enum setting setting)
{
    struct query q = query(store, SQL_SETTING_RESTORE);

    store_kept_settings(store)->known = false;
    query_text(&q, ":name", setting_rows[setting].name);
    query_run(&q);
}

void
setting_restore_all(struct store *store)
{
    struct query q = query(store, SQL_SETTING_RESTORE_ALL);

    store_kept_settings(store)->known = false;
    query_run(&q);
}
