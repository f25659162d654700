/* Timecodes of segments: which frame has which, where some numbers are dropped and where none are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/video/segment.h"

static void
assert_timecode(int64_t frame, double frame_rate, const char *wanted)
{
    char timecode[TIMECODE_SIZE];

    timecode_print(frame, frame_rate, timecode);
    assert_string_equal(timecode, wanted);
}

static void
of_whole_rates_no_number_is_dropped(void **state)
{
    (void)state;
    assert_timecode(0, 25, "00:00:00:00");
    assert_timecode(24, 25, "00:00:00:24");
    assert_timecode(25, 25, "00:00:01:00");
    assert_timecode(INT64_C(25) * 3600, 25, "01:00:00:00");
    assert_timecode(1800, 30, "00:01:00:00");
    assert_timecode(1439, 23.976, "00:00:59:23");
    assert_timecode(1440, 23.976, "00:01:00:00");
    assert_timecode(3, 0.2, "00:00:03:00");
}

static void
of_2997_two_numbers_are_dropped_each_minute_but_every_tenth(void **state)
{
    (void)state;
    assert_timecode(0, 29.97, "00:00:00;00");
    assert_timecode(1799, 29.97, "00:00:59;29");
    assert_timecode(1800, 29.97, "00:01:00;02");
    assert_timecode(3597, 29.97, "00:01:59;29");
    assert_timecode(3598, 29.97, "00:02:00;02");
    assert_timecode(17981, 29.97, "00:09:59;29");
    assert_timecode(17982, 29.97, "00:10:00;00");
    assert_timecode(17982 + 1800, 29.97, "00:11:00;02");
    assert_timecode(INT64_C(17982) * 6, 29.97, "01:00:00;00");
}

static void
of_5994_four_are(void **state)
{
    (void)state;
    assert_timecode(3599, 59.94, "00:00:59;59");
    assert_timecode(3600, 59.94, "00:01:00;04");
    assert_timecode(35964, 59.94, "00:10:00;00");
}

/* The frames of more than an hour, told one by one, have every timecode once and in its order, but those of the dropped numbers. */
static void
each_frame_has_the_next_number_that_is_not_dropped(void **state)
{
    int hours = 0, minutes = 0, seconds = 0, frames = 0;

    (void)state;
    for (int64_t frame = 0; frame < 17982 * 7; frame++) {
        char wanted[TIMECODE_SIZE];

        snprintf(wanted, sizeof wanted, "%02d:%02d:%02d;%02d", hours, minutes, seconds, frames);
        assert_timecode(frame, 30000.0 / 1001, wanted);
        frames++;
        if (frames == 30) {
            frames = 0;
            seconds++;
        }
        if (seconds == 60) {
            seconds = 0;
            minutes++;
            frames = minutes % 10 == 0 ? 0 : 2;
        }
        if (minutes == 60) {
            minutes = 0;
            hours++;
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_whole_rates_no_number_is_dropped),
        cmocka_unit_test(of_2997_two_numbers_are_dropped_each_minute_but_every_tenth),
        cmocka_unit_test(of_5994_four_are),
        cmocka_unit_test(each_frame_has_the_next_number_that_is_not_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
