#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/base/array.h"
#include "../../../state/base/duration.h"
#include "../../../state/base/instant.h"

static void
durations_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } read[] = {
        { "0s", 0 },
        { "0ms", 0 },
        { "0h", 0 },
        { "250ms", 250 },
        { "5s", 5000 },
        { "10m", 600000 },
        { "1h30m", 5400000 },
        { "90m", 5400000 },
        { "1h0m0s0ms", 3600000 },
        { "1h5ms", 3600005 },
        { "1m1ms", 60001 },
        { "007s", 7000 },
        { "9223372036854775807ms", INT64_MAX },
        { "9223372036854775s807ms", INT64_MAX },
        { "2562047788015h12m55s807ms", INT64_MAX },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(read); i++) {
        int64_t ms = -1;

        if (!duration_parse(read[i].text, &ms))
            fail_msg("%s should be read", read[i].text);
        assert_int_equal(ms, read[i].ms);
    }
}

static void
what_is_no_duration_is_refused(void **state)
{
    static const char *const wrong[] = { "", "0", "5", "s", "ms", "-5s", "+5s", " 5s", "5s ", "5 s",
        "1.5s", ".5s", "2d", "1w", "5S", "5sec", "5us", "1h30", "30m1h", "1s1m", "5s5s", "1ms1s",
        "1h30mm", "1hm", "\xd9\xa1s", "9223372036854775808ms", "9223372036854775s808ms",
        "9223372036854776s", "2562047788016h", "99999999999999999999999999h" };

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        int64_t ms = 42;

        if (duration_parse(wrong[i], &ms))
            fail_msg("%s should be refused", wrong[i]);
        assert_int_equal(ms, 42);
    }
}

static void
durations_are_written_without_their_zeros(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } written[] = {
        { 0, "0s" },
        { 1, "1ms" },
        { 999, "999ms" },
        { 1000, "1s" },
        { 1500, "1s500ms" },
        { 60000, "1m" },
        { 5400000, "1h30m" },
        { 3600005, "1h5ms" },
        { 86400000, "24h" },
        { INT64_MAX, "2562047788015h12m55s807ms" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(written); i++) {
        char text[DURATION_SIZE];

        duration_print(written[i].ms, text);
        assert_string_equal(text, written[i].text);
    }
}

static void
a_written_duration_reads_back_as_itself(void **state)
{
    (void)state;
    for (int64_t ms = 0; ms < INT64_MAX / 3; ms = ms * 2 + ms / 7 + 1) {
        char text[DURATION_SIZE];
        int64_t back = -1;

        duration_print(ms, text);
        assert_true(duration_parse(text, &back));
        assert_int_equal(back, ms);
    }
}

static const struct {
    int64_t ms;
    const char *text;
} moments[] = {
    { 0, "1970-01-01T00:00:00.000Z" },
    { -1, "1969-12-31T23:59:59.999Z" },
    { 951782400000, "2000-02-29T00:00:00.000Z" },
    { 1795428000000, "2026-11-23T10:00:00.000Z" },
    { 1795428000001, "2026-11-23T10:00:00.001Z" },
    { 4107542399999, "2100-02-28T23:59:59.999Z" },
    { 4107542400000, "2100-03-01T00:00:00.000Z" },
    { INSTANT_FIRST_MS, "0000-01-01T00:00:00.000Z" },
    { INSTANT_LAST_MS, "9999-12-31T23:59:59.999Z" },
};

static void
moments_are_written_and_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(moments); i++) {
        char text[INSTANT_SIZE];
        int64_t ms = 42;

        instant_print(moments[i].ms, text);
        assert_string_equal(text, moments[i].text);
        assert_true(instant_parse(text, &ms));
        assert_int_equal(ms, moments[i].ms);
    }
}

/* Counted by hand, over two of the 400 years after which the calendar repeats. */
static void
every_day_is_the_one_after_the_day_before(void **state)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t ms = -11676096000000; /* 1600-01-01 */

    (void)state;
    for (int day = 1, month = 1, year = 1600; year < 2400; ms += 86400000) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        char expected[64], text[INSTANT_SIZE];
        int64_t back = 42;

        snprintf(expected, sizeof expected, "%04d-%02d-%02dT00:00:00.000Z", year, month, day);
        instant_print(ms, text);
        if (strcmp(text, expected) != 0 || !instant_parse(text, &back) || back != ms)
            fail_msg("%s is not %s", text, expected);
        if (day++ == lengths[month - 1] + (month == 2 && leap)) {
            day = 1;
            month = month % 12 + 1;
            year += month == 1;
        }
    }
    assert_int_equal(ms, 13569465600000);
}

static void
moments_may_have_offsets_and_any_fraction(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } read[] = {
        { "2026-11-23T10:00:00Z", 1795428000000 },
        { "2026-11-23t10:00:00z", 1795428000000 },
        { "2026-11-23T10:00:00.1Z", 1795428000100 },
        { "2026-11-23T10:00:00.12Z", 1795428000120 },
        { "2026-11-23T10:00:00.001999999Z", 1795428000001 },
        { "1969-12-31T23:59:59.9999Z", -1 },
        { "2026-11-23T11:00:00+01:00", 1795428000000 },
        { "2026-11-23T04:30:00.500-05:30", 1795428000500 },
        { "2026-11-24T09:59:00+23:59", 1795428000000 },
        { "2026-11-23T10:00:00-00:00", 1795428000000 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(read); i++) {
        int64_t ms = 42;

        if (!instant_parse(read[i].text, &ms))
            fail_msg("%s should be read", read[i].text);
        assert_int_equal(ms, read[i].ms);
    }
}

static void
impossible_and_misspelt_moments_are_refused(void **state)
{
    static const char *const wrong[] = { "", "now", "2026", "2026-11-23", "2026-11-23T10:00Z",
        "2026-11-23T10:00:00", "2026-11-23 10:00:00Z", "2026-11-23T10:00:00.Z",
        "2026-11-23T10:00:00.0000000000Z", "2026-11-23T10:00:00,5Z", "2026-11-23T10:00:00ZZ",
        "2026-11-23T10:00:00Z ", " 2026-11-23T10:00:00Z", "2026-11-23T10:00:00+0100",
        "2026-11-23T10:00:00+01", "2026-11-23T10:00:00+24:00", "2026-11-23T10:00:00+01:60",
        "2026-00-23T10:00:00Z", "2026-13-23T10:00:00Z", "2026-11-00T10:00:00Z",
        "2026-11-31T10:00:00Z", "2026-02-29T10:00:00Z", "2100-02-29T10:00:00Z",
        "2026-11-23T24:00:00Z", "2026-11-23T10:60:00Z", "2016-12-31T23:59:60Z",
        "26-11-23T10:00:00Z", "-026-11-23T10:00:00Z", "12026-11-23T10:00:00Z",
        "2026-1-23T10:00:00Z", "2026-11-23T10:00:0xZ", "0000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01" };

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        int64_t ms = 42;

        if (instant_parse(wrong[i], &ms))
            fail_msg("%s should be refused", wrong[i]);
        assert_int_equal(ms, 42);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(what_is_no_duration_is_refused),
        cmocka_unit_test(durations_are_written_without_their_zeros),
        cmocka_unit_test(a_written_duration_reads_back_as_itself),
        cmocka_unit_test(moments_are_written_and_read),
        cmocka_unit_test(every_day_is_the_one_after_the_day_before),
        cmocka_unit_test(moments_may_have_offsets_and_any_fraction),
        cmocka_unit_test(impossible_and_misspelt_moments_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
