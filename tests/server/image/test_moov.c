/* The index of videos: found wherever it is, read as it says, and never believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/image/moov.h"

/* ---- files that are made ------------------------------------------------ */

struct file {
    unsigned char bytes[1 << 18];
    size_t length;
};

static struct file file;

static void
put(uint64_t value, size_t count)
{
    for (size_t i = count; i-- > 0;)
        file.bytes[file.length++] = (unsigned char)(value >> 8 * i);
}

static void
put_text(const char *text, size_t length)
{
    memcpy(file.bytes + file.length, text, length);
    file.length += length;
}

static void
put_zeros(size_t count)
{
    memset(file.bytes + file.length, 0, count);
    file.length += count;
}

static size_t
begin(const char *type)
{
    size_t at = file.length;

    put(0, 4);
    put_text(type, 4);
    return at;
}

static void
end(size_t at)
{
    size_t length = file.length;

    file.length = at;
    put(length - at, 4);
    file.length = length;
}

static void
put_header(const char *type, uint64_t in_second, uint64_t units, bool wide)
{
    size_t box = begin(type), width = wide ? 8 : 4;

    put(wide, 1);
    put_zeros(3 + 2 * width);
    put(in_second, 4);
    put(units, width);
    put_zeros(4);
    end(box);
}

static void
put_handler(const char *type)
{
    size_t box = begin("hdlr");

    put_zeros(8);
    put_text(type, 4);
    put_zeros(13);
    end(box);
}

static void
put_pictures(const char *codec, bool full_range)
{
    size_t box = begin(codec), colors;

    put_zeros(24);
    put(640, 2);
    put(360, 2);
    put_zeros(50);
    colors = begin("colr");
    put_text("nclx", 4);
    put_zeros(6);
    put(full_range ? 0x80 : 0, 1);
    end(colors);
    end(box);
}

static void
put_sound(void)
{
    size_t box = begin("mp4a");

    put_zeros(16);
    put(2, 2);
    put(16, 2);
    put_zeros(4);
    put(48000, 2);
    put_zeros(2);
    end(box);
}

static void
put_track(const char *codec, bool full_range)
{
    size_t track = begin("trak"), media = begin("mdia"), info, table, box;

    put_header("mdhd", 30000, 150 * 1001, false);
    put_handler(codec == NULL ? "soun" : "vide");
    info = begin("minf");
    table = begin("stbl");
    box = begin("stsd");
    put(0, 4);
    put(1, 4);
    if (codec == NULL)
        put_sound();
    else
        put_pictures(codec, full_range);
    end(box);
    box = begin("stts");
    put(0, 4);
    put(2, 4);
    put(100, 4);
    put(1001, 4);
    put(50, 4);
    put(1001, 4);
    end(box);
    end(table);
    end(info);
    end(media);
    end(track);
}

static void
put_index(const char *codec, bool full_range)
{
    size_t box = begin("moov");

    put_header("mvhd", 1000, 5005, true);
    put_track(codec, full_range);
    put_track(NULL, false);
    end(box);
}

static void
put_data(size_t size)
{
    size_t box = begin("mdat");

    put_zeros(size);
    end(box);
}

/* As whoever reads a file in pieces does; how often it had to begin anew. */
static int
look(struct moov_facts *facts, bool *known, int64_t most, size_t piece)
{
    struct moov *moov = moov_open((int64_t)file.length, most);
    int64_t from;
    int reads = 0;

    while ((from = moov_wants(moov)) != -1 && reads < 1000) {
        size_t at = (size_t)from, size;
        bool more = true;

        for (reads++; more && at < file.length; at += size) {
            size = file.length - at < piece ? file.length - at : piece;
            more = moov_take(moov, (const char *)file.bytes + at, size);
        }
        if (more)
            break;
    }
    *known = moov_read(moov, facts);
    moov_close(moov);
    return reads;
}

static void
begin_file(void)
{
    size_t box;

    file.length = 0;
    box = begin("ftyp");
    put_text("isom\0\0\2\0isomavc1", 16);
    end(box);
}

static void
assert_facts(const struct moov_facts *facts)
{
    assert_string_equal(facts->codec, "h264");
    assert_int_equal(facts->duration_ms, 5005);
    assert_int_equal(facts->width, 640);
    assert_int_equal(facts->height, 360);
    assert_float_equal(facts->frame_rate, 29.97, 0.0001);
    assert_int_equal(facts->audio_count, 1);
    assert_string_equal(facts->audio[0].codec, "aac");
    assert_int_equal(facts->audio[0].duration_ms, 5005);
    assert_int_equal(facts->audio[0].channels, 2);
    assert_int_equal(facts->audio[0].sample_rate, 48000);
}

/* ---- tests -------------------------------------------------------------- */

static void
an_index_at_the_front_is_read_in_one_go(void **state)
{
    struct moov_facts facts;
    bool known;

    (void)state;
    begin_file();
    put_index("avc1", true);
    put_data(200000);
    assert_int_equal(look(&facts, &known, 1 << 20, 4096), 1);
    assert_true(known);
    assert_facts(&facts);
    assert_true(facts.full_range);
}

static void
an_index_behind_the_pictures_is_jumped_to(void **state)
{
    struct moov_facts facts;
    bool known;

    (void)state;
    begin_file();
    put_data(200000);
    put_index("avc1", false);
    assert_int_equal(look(&facts, &known, 1 << 20, 65536), 2);
    assert_true(known);
    assert_facts(&facts);
    assert_false(facts.full_range);
}

static void
a_box_of_64_bits_and_one_to_the_end_are_boxes_too(void **state)
{
    struct moov_facts facts;
    bool known;
    size_t box;

    (void)state;
    begin_file();
    box = begin("mdat");
    put(16 + 70000, 8);
    put_zeros(70000);
    file.bytes[box + 3] = 1;
    box = file.length;
    put_index("hvc1", false);
    memset(file.bytes + box, 0, 4);
    assert_int_equal(look(&facts, &known, 1 << 20, 7), 2);
    assert_true(known);
    assert_string_equal(facts.codec, "hevc");
}

static void
however_it_comes_it_is_the_same(void **state)
{
    (void)state;
    begin_file();
    put_data(1000);
    put_index("avc1", false);
    for (size_t piece = 1; piece < 300; piece++) {
        struct moov_facts facts;
        bool known;

        look(&facts, &known, 1 << 20, piece);
        assert_true(known);
        assert_facts(&facts);
    }
}

static void
an_index_that_is_too_large_is_not_read(void **state)
{
    struct moov_facts facts;
    bool known;

    (void)state;
    begin_file();
    put_index("avc1", false);
    look(&facts, &known, 100, 4096);
    assert_false(known);
}

static void
what_is_no_video_is_not_known(void **state)
{
    static const char *const texts[] = { "", "0123456", "0123456789",
        "\x89PNG\r\n\x1a\n............", "\0\0\0\1mdat\0\0\0\0\0\0\0", "\0\0\0\4moov" };
    struct moov_facts facts;
    bool known;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        file.length = 0;
        put_text(texts[i], i < 4 ? strlen(texts[i]) : i == 4 ? 15 : 8);
        look(&facts, &known, 1 << 20, 3);
        assert_false(known);
    }
    begin_file();
    put_data(100);
    look(&facts, &known, 1 << 20, 4096);
    assert_false(known);
}

static void
a_track_of_sound_alone_is_no_video(void **state)
{
    struct moov_facts facts;
    bool known;
    size_t box;

    (void)state;
    begin_file();
    box = begin("moov");
    put_header("mvhd", 1000, 5005, false);
    put_track(NULL, false);
    end(box);
    look(&facts, &known, 1 << 20, 4096);
    assert_false(known);
}

static void
a_codec_without_another_name_has_its_own(void **state)
{
    struct moov_facts facts;
    bool known;

    (void)state;
    begin_file();
    put_index("xv-1", false);
    look(&facts, &known, 1 << 20, 4096);
    assert_true(known);
    assert_string_equal(facts.codec, "xv1");
}

/* Each byte changed, and each end cut off: whatever it says then, nothing breaks. */
static void
no_mutation_crashes_or_goes_on_for_ever(void **state)
{
    struct moov_facts facts;
    bool known;
    size_t length;

    (void)state;
    begin_file();
    put_data(100);
    put_index("avc1", true);
    length = file.length;
    for (size_t i = 0; i < length; i++)
        for (unsigned change = 1; change < 256; change *= 2) {
            file.bytes[i] ^= (unsigned char)change;
            assert_true(look(&facts, &known, 1 << 20, 64) < 1000);
            file.bytes[i] ^= (unsigned char)change;
        }
    for (; file.length > 0; file.length--)
        assert_true(look(&facts, &known, 1 << 20, 64) < 1000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_index_at_the_front_is_read_in_one_go),
        cmocka_unit_test(an_index_behind_the_pictures_is_jumped_to),
        cmocka_unit_test(a_box_of_64_bits_and_one_to_the_end_are_boxes_too),
        cmocka_unit_test(however_it_comes_it_is_the_same),
        cmocka_unit_test(an_index_that_is_too_large_is_not_read),
        cmocka_unit_test(what_is_no_video_is_not_known),
        cmocka_unit_test(a_track_of_sound_alone_is_no_video),
        cmocka_unit_test(a_codec_without_another_name_has_its_own),
        cmocka_unit_test(no_mutation_crashes_or_goes_on_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
