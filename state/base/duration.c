#include "duration.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "array.h"

static const struct unit {
    const char *name;
    int64_t ms;
} units[] = {
    { "h", 3600000 },
    { "m", 60000 },
    { "s", 1000 },
    { "ms", 1 },
};

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The unit is all the letters up to the next number, so that "ms" is never taken for "m". */
static const struct unit *
find_unit(const struct unit *from, const char *name, size_t length)
{
    for (; from < units + COUNT(units); from++)
        if (strlen(from->name) == length && memcmp(from->name, name, length) == 0)
            return from;
    return NULL;
}

bool
duration_parse(const char *text, int64_t *ms)
{
    const struct unit *allowed = units; /* from here on: smaller than the units already read */
    int64_t sum = 0;

    if (*text == '\0')
        return false;
    while (*text != '\0') {
        int64_t number = 0;
        const struct unit *unit;
        const char *name = text;

        for (; is_digit(*name); name++) {
            if (number > (INT64_MAX - (*name - '0')) / 10)
                return false;
            number = number * 10 + (*name - '0');
        }
        if (name == text)
            return false;
        for (text = name; *text != '\0' && !is_digit(*text);)
            text++;
        unit = find_unit(allowed, name, (size_t)(text - name));
        if (unit == NULL || number > (INT64_MAX - sum) / unit->ms)
            return false;
        sum += number * unit->ms;
        allowed = unit + 1;
    }
    *ms = sum;
    return true;
}

void
duration_print(int64_t ms, char out[DURATION_SIZE])
{
    size_t used = 0;

    assert(ms >= 0);
    if (ms == 0)
        snprintf(out, DURATION_SIZE, "0s");
    for (const struct unit *unit = units; unit < units + COUNT(units); unit++) {
        int64_t number = ms / unit->ms;

        ms %= unit->ms;
        if (number > 0)
            used += (size_t)snprintf(out + used, DURATION_SIZE - used, "%" PRId64 "%s", number,
                unit->name);
    }
}
