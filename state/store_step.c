#include "store_step.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "store_inside.h"

const struct store_options *
store_options(const struct store *store)
{
    return &store->options;
}

int
store_world(const struct store *store)
{
    return store->worlds;
}

struct ids *
store_ids(struct store *store)
{
    return &store->ids;
}

int64_t
store_now(const struct store *store)
{
    return store->now_ms;
}

void
store_set_now(struct store *store, int64_t now_ms)
{
    store->now_ms = now_ms;
}

int64_t
store_fired_after(const struct store *store)
{
    return store->fired_after;
}

void
store_set_fired_after(struct store *store, int64_t event_id)
{
    store->fired_after = event_id;
}

struct kept_settings *
store_kept_settings(struct store *store)
{
    return &store->settings;
}

struct quiet *
store_quiet(struct store *store)
{
    return &store->quiet;
}

const char *
store_cause(const struct store *store)
{
    return store->cause;
}

void
store_set_cause(struct store *store, const char *cause)
{
    store->cause = cause;
}

const char *
store_account(const struct store *store)
{
    return store->account;
}

const char *
store_clock(const struct store *store)
{
    return store->clock;
}

void
store_set_account(struct store *store, const char *account, const char *clock)
{
    memmove(store->account, account, strlen(account) + 1);
    memmove(store->clock, clock, strlen(clock) + 1);
}

struct clocks *
store_clocks(struct store *store)
{
    return &store->clocks;
}

const char *
store_found(const struct store *store)
{
    return store->found;
}

void
store_set_found(struct store *store, const char *found)
{
    store->found = found;
    store->limit = NULL;
}

const char *
store_limit(const struct store *store, double *value)
{
    *value = store->limit_value;
    return store->limit;
}

void
store_set_limit(struct store *store, const char *setting, double value)
{
    store->limit = setting;
    store->limit_value = value;
}

void *
store_alloc(struct store *store, size_t size)
{
    return arena_alloc(&store->arena, size);
}

/* Doubles the room whenever the count is a power of two, from four on. */
void *
store_more(struct store *store, void *array, size_t count, size_t element_size)
{
    void *larger;

    if (count != 0 && (count < 4 || (count & (count - 1)) != 0))
        return array;
    larger = store_alloc(store, (count == 0 ? 4 : 2 * count) * element_size);
    if (count != 0)
        memcpy(larger, array, count * element_size);
    return larger;
}

char *
store_keep(struct store *store, const char *text)
{
    return text == NULL ? NULL : arena_text(&store->arena, text, strlen(text));
}

char *
store_keep_bytes(struct store *store, const char *text, size_t length)
{
    return arena_text(&store->arena, text, length);
}

char *
store_format(struct store *store, const char *format, ...)
{
    char small[256], *text;
    va_list args, again;
    size_t length;

    va_start(args, format);
    va_copy(again, args);
    length = (size_t)vsnprintf(small, sizeof small, format, args);
    if (length < sizeof small) {
        text = store_keep_bytes(store, small, length);
    } else {
        text = store_alloc(store, length + 1);
        vsnprintf(text, length + 1, format, again);
    }
    va_end(again);
    va_end(args);
    return text;
}
