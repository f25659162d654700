#include "setting.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/ids.h"
#include "base/memory.h"
#include "query.h"

/* Answers that a step may wait for. */
#define SETTING_POLLS_MOST 1e6

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

struct setting_value
setting_plain(double value)
{
    return (struct setting_value){ .value = value, .most = value };
}

struct setting_value
setting_default(struct store *store, enum setting setting)
{
    return setting_plain(setting_rows[setting].defaults[store_options(store)->profile]);
}

/* Every value: the rows, and the defaults of the rest. */
static void
read_all(struct store *store, struct setting_value values[SETTING_TOTAL])
{
    struct query q = query(store, SQL_SETTING_ALL);

    for (enum setting setting = 0; setting < SETTING_TOTAL; setting++)
        values[setting] = setting_default(store, setting);
    while (query_row(&q)) {
        enum setting setting = setting_find(query_column_text(&q, 0));

        if (setting < SETTING_TOTAL)
            values[setting] =
                (struct setting_value){ query_column_number(&q, 1), query_column_number(&q, 2) };
    }
}

struct setting_value
setting_value(struct store *store, enum setting setting)
{
    struct kept_settings *kept = store_kept_settings(store);
    struct setting_value value;
    struct query q;

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
           setting == SETTING_HISTORY_SIZE || setting == SETTING_DELIVERY_SIZE;
}

bool
setting_override(struct store *store, const char *account, enum setting setting,
    struct setting_value *value)
{
    struct query q;

    if (*account == '\0' || setting_is_the_worlds(setting))
        return false;
    q = query(store, SQL_ACCOUNT_SETTING_GET);
    query_text(&q, ":account", account);
    query_text(&q, ":name", setting_rows[setting].name);
    if (!query_row(&q))
        return false;
    *value = (struct setting_value){ query_column_number(&q, 0), query_column_number(&q, 1) };
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
setting_set_own(struct store *store, const char *account, enum setting setting,
    struct setting_value value)
{
    struct query q = own_query(store, SQL_ACCOUNT_SETTING_SET, account, setting);

    query_number(&q, ":value", value.value);
    query_number(&q, ":most", value.most);
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

double
setting_number(struct store *store, enum setting setting)
{
    return setting_value(store, setting).value;
}

/* How often a range was drawn from, this time too: that of the account, if it has one. */
static int64_t
count_draw(struct store *store, enum setting setting)
{
    struct query q = query(store, SQL_ACCOUNT_SETTING_DRAW);
    int64_t draws;

    query_text(&q, ":account", store_account(store));
    query_text(&q, ":name", setting_rows[setting].name);
    draws = query_int_value(&q, 0);
    if (draws > 0)
        return draws;
    q = query(store, SQL_SETTING_DRAW);
    query_text(&q, ":name", setting_rows[setting].name);
    return query_int_value(&q, 0);
}

/* With a seed the n-th of a setting is always the same. */
static int64_t
draw(struct store *store, enum setting setting, struct setting_value range)
{
    uint64_t stream = hash_bytes(setting_rows[setting].name, strlen(setting_rows[setting].name));
    double chance = ids_chance(store_ids(store), stream, (uint64_t)count_draw(store, setting));

    return (int64_t)(range.value + floor(chance * (range.most - range.value + 1)));
}

struct setting_step
setting_step(struct store *store, enum setting setting)
{
    struct setting_value value = setting_value(store, setting);

    if (value.value < 0)
        return (struct setting_step){ .polls = (int64_t)-value.value };
    if (value.most > value.value)
        return (struct setting_step){ .ms = draw(store, setting, value) };
    return (struct setting_step){ .ms = (int64_t)value.value };
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

static bool
is_in_range(const struct setting_row *row, double value)
{
    return value >= row->min && value <= row->max &&
           (row->kind == SETTING_NUMBER || value == floor(value));
}

bool
setting_accepts(enum setting setting, struct setting_value given, char *why, size_t size)
{
    const struct setting_row *row = &setting_rows[setting];
    bool is_time = row->kind == SETTING_DURATION || row->kind == SETTING_STEP;

    if (row->kind == SETTING_STEP && given.value < 0 && given.most == given.value &&
        given.value >= -SETTING_POLLS_MOST && given.value == floor(given.value))
        return true;
    if (is_in_range(row, given.value) && is_in_range(row, given.most) &&
        given.most >= given.value && (row->kind == SETTING_STEP || given.most == given.value))
        return true;
    snprintf(why, size, "%s must be %s from %.15g to %.15g%s", row->name,
        is_time                       ? "a duration, in milliseconds"
        : row->kind == SETTING_NUMBER ? "a number"
                                      : "a whole number",
        row->min, row->max,
        row->kind == SETTING_STEP ? ", a range of such, or 1 to 1000000 polls" : "");
    return false;
}

void
setting_set_value(struct store *store, enum setting setting, struct setting_value value)
{
    struct query q = query(store, SQL_SETTING_SET);

    store_kept_settings(store)->known = false;
    query_text(&q, ":name", setting_rows[setting].name);
    query_number(&q, ":value", value.value);
    query_number(&q, ":most", value.most);
    query_run(&q);
}

void
setting_set(struct store *store, enum setting setting, double value)
{
    setting_set_value(store, setting, setting_plain(value));
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
