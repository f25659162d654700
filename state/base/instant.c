#define _DEFAULT_SOURCE /* timegm() */
#include "instant.h"

#include <assert.h>
#include <stdio.h>
#include <time.h>

#define MINUTE_MS INT64_C(60000)

void
instant_print(int64_t ms, char out[INSTANT_SIZE])
{
    int fraction = (int)((ms % 1000 + 1000) % 1000);
    time_t seconds = (time_t)((ms - fraction) / 1000);
    char text[96]; /* the compiler does not know how short the numbers are */
    struct tm date;

    assert(ms >= INSTANT_FIRST_MS && ms <= INSTANT_LAST_MS);
    gmtime_r(&seconds, &date);
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", date.tm_year + 1900,
        date.tm_mon + 1, date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec, fraction);
    snprintf(out, INSTANT_SIZE, "%.24s", text);
}

/* Exactly this many digits. */
static bool
read_number(const char **at, int digits, int *number)
{
    *number = 0;
    for (; digits > 0; digits--, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *number = *number * 10 + (**at - '0');
    }
    return true;
}

static bool
read_mark(const char **at, const char *either)
{
    for (; *either != '\0'; either++)
        if (**at == *either) {
            (*at)++;
            return true;
        }
    return false;
}

static bool
read_fraction(const char **at, int *ms)
{
    int worth = 100, digits = 0;

    *ms = 0;
    if (!read_mark(at, "."))
        return true;
    for (; **at >= '0' && **at <= '9'; (*at)++, digits++) {
        *ms += (**at - '0') * worth;
        worth /= 10;
    }
    return digits >= 1 && digits <= 9;
}

static bool
read_offset(const char **at, int *minutes)
{
    int sign = **at == '-' ? -1 : 1, hour = 0, minute = 0;

    *minutes = 0;
    if (read_mark(at, "Zz"))
        return true;
    if (!read_mark(at, "+-") || !read_number(at, 2, &hour) || !read_mark(at, ":") ||
        !read_number(at, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *minutes = sign * (hour * 60 + minute);
    return true;
}

static bool
read_date(const char **at, struct tm *date)
{
    *date = (struct tm){ 0 };
    if (!read_number(at, 4, &date->tm_year) || !read_mark(at, "-") ||
        !read_number(at, 2, &date->tm_mon) || !read_mark(at, "-") ||
        !read_number(at, 2, &date->tm_mday) || !read_mark(at, "Tt") ||
        !read_number(at, 2, &date->tm_hour) || !read_mark(at, ":") ||
        !read_number(at, 2, &date->tm_min) || !read_mark(at, ":") ||
        !read_number(at, 2, &date->tm_sec))
        return false;
    date->tm_year -= 1900;
    date->tm_mon--;
    return true;
}

/* timegm() makes the 1st of March of a 30th of February: only what it leaves alone is there. */
static bool
date_exists(const struct tm *date, time_t *seconds)
{
    struct tm found = *date;

    *seconds = timegm(&found);
    return found.tm_year == date->tm_year && found.tm_mon == date->tm_mon &&
           found.tm_mday == date->tm_mday && found.tm_hour == date->tm_hour &&
           found.tm_min == date->tm_min && found.tm_sec == date->tm_sec;
}

bool
instant_parse(const char *text, int64_t *ms)
{
    struct tm date;
    int fraction, offset;
    time_t seconds;
    int64_t instant;

    if (!read_date(&text, &date) || !read_fraction(&text, &fraction) ||
        !read_offset(&text, &offset) || *text != '\0' || !date_exists(&date, &seconds))
        return false;
    instant = (int64_t)seconds * 1000 + fraction - offset * MINUTE_MS;
    if (instant < INSTANT_FIRST_MS || instant > INSTANT_LAST_MS)
        return false;
    *ms = instant;
    return true;
}
