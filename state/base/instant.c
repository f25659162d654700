#include "instant.h"

#include <assert.h>
#include <stdio.h>

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
#define ERA_DAYS 146097 /* 400 years, after which the calendar repeats */

struct date {
    int year, month, day; /* month and day from 1 */
};

/*
 * Both ways as in Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in
 * March, so that the leap day is the last day of one. 719468 days lie between 0000-03-01 and
 * 1970-01-01.
 */
static int64_t
days_from_date(struct date date)
{
    int year = date.month <= 2 ? date.year - 1 : date.year;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1;

    return (int64_t)era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - 719468;
}

static struct date
date_from_days(int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - (ERA_DAYS - 1)) / ERA_DAYS;
    int day_of_era = (int)(shifted - era * ERA_DAYS);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;

    return (struct date){
        .year = (int)(era * 400) + year_of_era + (month <= 2),
        .month = month,
        .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
    };
}

void
instant_print(int64_t ms, char out[INSTANT_SIZE])
{
    char text[64]; /* the compiler does not know how short the numbers are */
    int64_t days;
    int rest;
    struct date date;

    assert(ms >= INSTANT_FIRST_MS && ms <= INSTANT_LAST_MS);
    days = (ms >= 0 ? ms : ms - (DAY_MS - 1)) / DAY_MS;
    rest = (int)(ms - days * DAY_MS);
    date = date_from_days(days);
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", date.year, date.month,
        date.day, rest / 3600000, rest / 60000 % 60, rest / 1000 % 60, rest % 1000);
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
date_exists(struct date date)
{
    static const int longest[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);

    if (date.month < 1 || date.month > 12 || date.day < 1)
        return false;
    return date.day <= longest[date.month - 1] - (date.month == 2 && !leap);
}

bool
instant_parse(const char *text, int64_t *ms)
{
    struct date date;
    int hour, minute, second, fraction, offset;
    int64_t instant;

    if (!read_number(&text, 4, &date.year) || !read_mark(&text, "-") ||
        !read_number(&text, 2, &date.month) || !read_mark(&text, "-") ||
        !read_number(&text, 2, &date.day) || !read_mark(&text, "Tt") ||
        !read_number(&text, 2, &hour) || !read_mark(&text, ":") ||
        !read_number(&text, 2, &minute) || !read_mark(&text, ":") ||
        !read_number(&text, 2, &second) || !read_fraction(&text, &fraction) ||
        !read_offset(&text, &offset) || *text != '\0')
        return false;
    if (!date_exists(date) || hour > 23 || minute > 59 || second > 59)
        return false;
    instant = days_from_date(date) * DAY_MS + (hour * 60 + minute - offset) * MINUTE_MS +
              second * 1000 + fraction;
    if (instant < INSTANT_FIRST_MS || instant > INSTANT_LAST_MS)
        return false;
    *ms = instant;
    return true;
}
