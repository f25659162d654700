#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jpeglib.h>
#include <png.h>
#include <zlib.h>

#include "../../../server/image/image.h"

#include "../../../state/base/array.h"

/* A file in memory, and the pictures the tests are made of. */
struct file {
    unsigned char *bytes;
    size_t length;
};

static struct file
file_copy(struct file from)
{
    struct file copy = { malloc(from.length), from.length };

    assert_non_null(copy.bytes);
    memcpy(copy.bytes, from.bytes, from.length);
    return copy;
}

static void
file_append(struct file *file, const void *bytes, size_t length)
{
    file->bytes = realloc(file->bytes, file->length + length);
    assert_non_null(file->bytes);
    memcpy(file->bytes + file->length, bytes, length);
    file->length += length;
}

/* Where the bytes stand, from this offset on. */
static size_t
file_find(struct file file, size_t from, const void *bytes, size_t length)
{
    for (; from + length <= file.length; from++)
        if (memcmp(file.bytes + from, bytes, length) == 0)
            return from;
    fail_msg("not in the file");
    return 0;
}

static void
file_insert(struct file *file, size_t at, const void *bytes, size_t length)
{
    size_t tail = file->length - at;

    file_append(file, bytes, length);
    memmove(file->bytes + at + length, file->bytes + at, tail);
    memcpy(file->bytes + at, bytes, length);
}

/* Not random, and not smooth either: all kinds of codes occur in the scan. */
static unsigned char
sample(unsigned x, unsigned y, unsigned channel)
{
    return (unsigned char)((x * 7 + y * 13 + channel * 50) ^ (x * y));
}

enum { BASELINE = 0, PROGRESSIVE = 1, ARITHMETIC = 2, RESTARTS = 4, FLAT = 8 };

static struct file
jpeg_make(unsigned width, unsigned height, int channels, unsigned kind)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL, *row = malloc((size_t)width * 4);
    unsigned long length = 0;

    assert_non_null(row);
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &length);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = channels;
    jpeg.in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&jpeg);
    if (kind & PROGRESSIVE)
        jpeg_simple_progression(&jpeg);
    jpeg.arith_code = (kind & ARITHMETIC) != 0;
    jpeg.restart_interval = (kind & RESTARTS) ? 2 : 0;
    /* The shortest codes there can be. Arithmetic coding knows no tables. */
    jpeg.optimize_coding = (kind & (FLAT | ARITHMETIC)) == FLAT;
    jpeg_start_compress(&jpeg, TRUE);
    for (unsigned y = 0; y < height; y++) {
        for (unsigned x = 0; x < width; x++)
            for (int c = 0; c < channels; c++)
                row[x * (unsigned)channels + (unsigned)c] =
                    (kind & FLAT) ? 255 : sample(x, y, (unsigned)c);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    free(row);
    return (struct file){ bytes, length };
}

static void
write_chunk(png_structp png, png_bytep bytes, size_t length)
{
    file_append(png_get_io_ptr(png), bytes, length);
}

static void
flush_nothing(png_structp png)
{
    (void)png;
}

struct png_kind {
    int colour, bits;
    bool interlaced, transparent;
};

static struct file
png_make(unsigned width, unsigned height, struct png_kind kind)
{
    struct file file = { NULL, 0 };
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    unsigned char *row = malloc((size_t)width * 8 + 8);
    png_color palette[4] = { { 0, 0, 0 }, { 255, 0, 0 }, { 0, 255, 0 }, { 0, 0, 255 } };
    png_byte alpha[1] = { 0 };
    png_color_16 clear = { 0, 0, 0, 0, 0 };
    int passes;

    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_write_fn(png, &file, write_chunk, flush_nothing);
    png_set_IHDR(png, info, width, height, kind.bits, kind.colour,
        kind.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
        PNG_FILTER_TYPE_DEFAULT);
    if (kind.colour == PNG_COLOR_TYPE_PALETTE)
        png_set_PLTE(png, info, palette, 4);
    if (kind.transparent)
        png_set_tRNS(png, info, alpha, 1, &clear);
    png_write_info(png, info);
    passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++)
        for (unsigned y = 0; y < height; y++) {
            for (unsigned x = 0; x < width * 8; x++)
                row[x] = kind.colour == PNG_COLOR_TYPE_PALETTE ? 0 : sample(x, y, 0);
            png_write_row(png, row);
        }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(row);
    return file;
}

static struct file
png_chunk(const char *type, const void *data, size_t length)
{
    struct file chunk = { NULL, 0 };
    unsigned char number[4];

    png_save_uint_32(number, (uint32_t)length);
    file_append(&chunk, number, 4);
    file_append(&chunk, type, 4);
    file_append(&chunk, data, length);
    png_save_uint_32(number, (uint32_t)crc32(0, chunk.bytes + 4, (uInt)length + 4));
    file_append(&chunk, number, 4);
    return chunk;
}

/* Inspects a copy that ends exactly where its memory ends, so that ASan sees one byte too far. */
static enum image_verdict
inspect(const unsigned char *bytes, size_t length, struct image *image)
{
    unsigned char *exact = malloc(length + (length == 0));
    enum image_verdict verdict;

    assert_non_null(exact);
    memcpy(exact, bytes, length);
    memset(image, 0xaa, sizeof *image);
    verdict = image_inspect(exact, length, image);
    free(exact);
    if (verdict != IMAGE_FINE) {
        assert_int_equal(image->format, 0);
        assert_int_equal(image->width, 0);
        assert_int_equal(image->channels, 0);
    }
    return verdict;
}

static void
expect_verdict(struct file file, enum image_verdict verdict)
{
    struct image image;

    assert_int_equal(inspect(file.bytes, file.length, &image), verdict);
}

/* Every one gives its file away. */
static void
expect_fine(struct file file, struct image expected)
{
    struct image image;

    assert_int_equal(inspect(file.bytes, file.length, &image), IMAGE_FINE);
    assert_int_equal(image.format, expected.format);
    assert_int_equal(image.width, expected.width);
    assert_int_equal(image.height, expected.height);
    assert_int_equal(image.channels, expected.channels);
    assert_int_equal(image.bits, expected.bits);
    free(file.bytes);
}

static void
a_jpeg_tells_its_size_and_channels(void **state)
{
    (void)state;
    expect_fine(jpeg_make(80, 64, 3, BASELINE), (struct image){ IMAGE_JPEG, 80, 64, 3, 8 });
    expect_fine(jpeg_make(33, 71, 1, BASELINE), (struct image){ IMAGE_JPEG, 33, 71, 1, 8 });
    expect_fine(jpeg_make(64, 64, 4, BASELINE), (struct image){ IMAGE_JPEG, 64, 64, 4, 8 });
    expect_fine(jpeg_make(1, 1, 3, BASELINE), (struct image){ IMAGE_JPEG, 1, 1, 3, 8 });
}

static void
progressive_arithmetic_and_restarting_jpegs_are_fine(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < 8; kind++)
        expect_fine(jpeg_make(130, 90, 3, kind), (struct image){ IMAGE_JPEG, 130, 90, 3, 8 });
}

static void
a_flat_picture_is_not_taken_for_a_cut_one(void **state)
{
    struct image white = { IMAGE_PNG, 4096, 4096, 1, 1 };
    struct file file = { NULL, 0 }, chunk;
    unsigned char header[13] = { 0 }, *rows = calloc(4096, 513), *packed = malloc(65536);
    uLongf packed_length = 65536;

    (void)state;
    assert_int_equal(compress2(packed, &packed_length, rows, 4096 * 513, 9), Z_OK);
    png_save_uint_32(header, 4096);
    png_save_uint_32(header + 4, 4096);
    header[8] = 1;
    file_append(&file, "\x89PNG\r\n\x1a\n", 8);
    chunk = png_chunk("IHDR", header, 13);
    file_append(&file, chunk.bytes, chunk.length);
    free(chunk.bytes);
    chunk = png_chunk("IDAT", packed, packed_length);
    file_append(&file, chunk.bytes, chunk.length);
    free(chunk.bytes);
    chunk = png_chunk("IEND", "", 0);
    file_append(&file, chunk.bytes, chunk.length);
    free(chunk.bytes);
    free(rows);
    free(packed);
    expect_fine(file, white);
    for (unsigned kind = 0; kind < 8; kind++) {
        expect_fine(jpeg_make(2048, 2048, 1, FLAT | kind),
            (struct image){ IMAGE_JPEG, 2048, 2048, 1, 8 });
        expect_fine(jpeg_make(1001, 777, 3, FLAT | kind),
            (struct image){ IMAGE_JPEG, 1001, 777, 3, 8 });
    }
}

static void
a_png_tells_its_size_and_channels(void **state)
{
    static const struct {
        struct png_kind kind;
        int channels, bits;
    } kinds[] = {
        { { PNG_COLOR_TYPE_GRAY, 1, false, false }, 1, 1 },
        { { PNG_COLOR_TYPE_GRAY, 8, false, false }, 1, 8 },
        { { PNG_COLOR_TYPE_GRAY, 16, true, false }, 1, 16 },
        { { PNG_COLOR_TYPE_GRAY, 8, false, true }, 2, 8 },
        { { PNG_COLOR_TYPE_GRAY_ALPHA, 8, false, false }, 2, 8 },
        { { PNG_COLOR_TYPE_RGB, 8, false, false }, 3, 8 },
        { { PNG_COLOR_TYPE_RGB, 8, true, false }, 3, 8 },
        { { PNG_COLOR_TYPE_RGB, 16, false, true }, 4, 16 },
        { { PNG_COLOR_TYPE_RGB_ALPHA, 8, false, false }, 4, 8 },
        { { PNG_COLOR_TYPE_PALETTE, 2, false, false }, 3, 8 },
        { { PNG_COLOR_TYPE_PALETTE, 8, true, true }, 4, 8 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        expect_fine(png_make(70, 90, kinds[i].kind),
            (struct image){ IMAGE_PNG, 70, 90, kinds[i].channels, kinds[i].bits });
        expect_fine(png_make(1, 1, kinds[i].kind),
            (struct image){ IMAGE_PNG, 1, 1, kinds[i].channels, kinds[i].bits });
    }
}

static void
sizes_beyond_any_limit_are_told_too(void **state)
{
    struct png_kind grey = { PNG_COLOR_TYPE_GRAY, 8, false, false };

    (void)state;
    expect_fine(png_make(1200000, 1, grey), (struct image){ IMAGE_PNG, 1200000, 1, 1, 8 });
    expect_fine(jpeg_make(65500, 1, 1, BASELINE), (struct image){ IMAGE_JPEG, 65500, 1, 1, 8 });
}

static void
other_formats_are_not_known(void **state)
{
    static const char *const others[] = { "GIF89a..........", "BM..............",
        "RIFF....WEBPVP8 ", "II*\0............", "<svg xmlns=\"\">  ", "%PDF-1.7        ",
        "plain text, no picture" };
    struct image image;

    (void)state;
    for (size_t i = 0; i < COUNT(others); i++)
        assert_int_equal(inspect((const unsigned char *)others[i], 16, &image), IMAGE_UNKNOWN);
    assert_int_equal(image_inspect(NULL, 0, &image), IMAGE_UNKNOWN);
    assert_int_equal(inspect((const unsigned char *)"\xff", 1, &image), IMAGE_UNKNOWN);
}

/* The frame header with another process, or another precision. */
static void
jpegs_nobody_reads_are_not_known(void **state)
{
    struct file jpeg = jpeg_make(80, 64, 3, BASELINE);
    size_t frame = file_find(jpeg, 0, "\xff\xc0", 2);

    (void)state;
    jpeg.bytes[frame + 1] = 0xc3; /* lossless */
    expect_verdict(jpeg, IMAGE_UNKNOWN);
    jpeg.bytes[frame + 1] = 0xc1;
    jpeg.bytes[frame + 4] = 12; /* bits */
    expect_verdict(jpeg, IMAGE_UNKNOWN);
    free(jpeg.bytes);
}

static void
cut_anywhere_a_picture_is_damaged(void **state)
{
    struct file files[] = {
        jpeg_make(80, 64, 3, BASELINE),
        jpeg_make(80, 64, 3, PROGRESSIVE | RESTARTS),
        jpeg_make(80, 64, 1, ARITHMETIC),
        png_make(40, 30, (struct png_kind){ PNG_COLOR_TYPE_RGB, 8, false, false }),
        png_make(40, 30, (struct png_kind){ PNG_COLOR_TYPE_PALETTE, 8, true, true }),
    };
    struct image image;

    (void)state;
    for (size_t i = 0; i < COUNT(files); i++) {
        for (size_t length = 4; length < files[i].length; length++)
            assert_int_equal(inspect(files[i].bytes, length, &image), IMAGE_DAMAGED);
        expect_verdict(files[i], IMAGE_FINE);
        free(files[i].bytes);
    }
}

static void
a_cut_jpeg_is_not_saved_by_the_end_of_its_thumbnail(void **state)
{
    struct file jpeg = jpeg_make(80, 64, 3, BASELINE), thumbnail = jpeg_make(16, 16, 3, BASELINE);
    unsigned char head[4] = { 0xff, 0xe1, (unsigned char)((thumbnail.length + 2) >> 8),
        (unsigned char)(thumbnail.length + 2) };
    struct image image;

    (void)state;
    file_insert(&jpeg, 2, thumbnail.bytes, thumbnail.length);
    file_insert(&jpeg, 2, head, sizeof head);
    assert_int_equal(inspect(jpeg.bytes, jpeg.length, &image), IMAGE_FINE);
    assert_int_equal(image.width, 80);
    assert_int_equal(inspect(jpeg.bytes, jpeg.length - 2, &image), IMAGE_DAMAGED);
    assert_int_equal(inspect(jpeg.bytes, 6 + thumbnail.length, &image), IMAGE_DAMAGED);
    free(thumbnail.bytes);
    free(jpeg.bytes);
}

static void
a_jpeg_that_was_cut_and_closed_again_has_too_little_data(void **state)
{
    struct file jpeg = jpeg_make(640, 480, 3, BASELINE);
    size_t scan = file_find(jpeg, 0, "\xff\xda", 2);

    (void)state;
    jpeg.length = scan + 300;
    file_append(&jpeg, "\x00\xff\xd9", 3);
    expect_verdict(jpeg, IMAGE_DAMAGED);
    free(jpeg.bytes);
}

static void
a_picture_that_claims_a_size_it_cannot_hold_is_damaged(void **state)
{
    struct file jpeg = jpeg_make(80, 64, 3, BASELINE);
    struct file png = png_make(40, 30, (struct png_kind){ PNG_COLOR_TYPE_RGB, 8, false, false });
    size_t frame = file_find(jpeg, 0, "\xff\xc0", 2);
    unsigned char *header = png.bytes + 8;

    (void)state;
    memcpy(jpeg.bytes + frame + 5, "\xff\x00\xff\x00", 4);
    expect_verdict(jpeg, IMAGE_DAMAGED);
    png_save_uint_32(header + 8, PNG_UINT_31_MAX);
    png_save_uint_32(header + 12, PNG_UINT_31_MAX);
    png_save_uint_32(header + 21, (uint32_t)crc32(0, header + 4, 17));
    expect_verdict(png, IMAGE_DAMAGED);
    free(jpeg.bytes);
    free(png.bytes);
}

static void
what_follows_the_end_does_not_matter(void **state)
{
    struct file jpeg = jpeg_make(80, 64, 3, BASELINE);
    struct file png = png_make(40, 30, (struct png_kind){ PNG_COLOR_TYPE_RGB, 8, false, false });

    (void)state;
    file_append(&jpeg, "\xff\xd8 a preview", 12);
    file_append(&png, "trailer", 7);
    expect_verdict(jpeg, IMAGE_FINE);
    expect_verdict(png, IMAGE_FINE);
    free(jpeg.bytes);
    free(png.bytes);
}

static void
a_png_with_any_critical_byte_changed_is_damaged(void **state)
{
    struct file png =
        png_make(40, 30, (struct png_kind){ PNG_COLOR_TYPE_PALETTE, 8, false, false });

    (void)state;
    for (size_t i = 4; i < png.length; i++) {
        png.bytes[i] ^= 0x01;
        expect_verdict(png, IMAGE_DAMAGED);
        png.bytes[i] ^= 0x01;
    }
    expect_verdict(png, IMAGE_FINE);
    free(png.bytes);
}

static void
a_png_sent_as_text_is_damaged(void **state)
{
    struct file png = png_make(40, 30, (struct png_kind){ PNG_COLOR_TYPE_RGB, 8, false, false });

    (void)state;
    memmove(png.bytes + 4, png.bytes + 5, png.length - 5);
    png.length--;
    expect_verdict(png, IMAGE_DAMAGED);
    free(png.bytes);
}

static void
broken_and_bursting_side_chunks_of_a_png_are_stepped_over(void **state)
{
    struct png_kind rgb = { PNG_COLOR_TYPE_RGB, 8, false, false };
    struct file png = png_make(40, 30, rgb), chunk;
    size_t size = 64 * 1024 * 1024;
    unsigned char *zeros = calloc(1, size), *packed = malloc(1024 * 1024);
    uLongf packed_length = 1024 * 1024 - 16;

    (void)state;
    memcpy(packed, "Comment\0\0", 9);
    assert_int_equal(compress2(packed + 9, &packed_length, zeros, size, 9), Z_OK);
    chunk = png_chunk("zTXt", packed, 9 + packed_length);
    chunk.bytes[chunk.length - 1] ^= 1; /* the checksum, too */
    file_insert(&png, 33, chunk.bytes, chunk.length);
    free(chunk.bytes);
    chunk = png_chunk("iCCP", "no profile at all", 17);
    file_insert(&png, 33, chunk.bytes, chunk.length);
    free(chunk.bytes);
    free(zeros);
    free(packed);
    expect_fine(png, (struct image){ IMAGE_PNG, 40, 30, 3, 8 });
}

/* IMAGE_FUZZ=100000 goes on for longer. */
static void
no_mutation_crashes_or_leaks(void **state)
{
    struct file seeds[] = {
        jpeg_make(40, 24, 3, BASELINE),
        jpeg_make(40, 24, 3, PROGRESSIVE),
        jpeg_make(24, 24, 4, ARITHMETIC | RESTARTS),
        png_make(20, 10, (struct png_kind){ PNG_COLOR_TYPE_RGB, 8, true, true }),
        png_make(20, 10, (struct png_kind){ PNG_COLOR_TYPE_PALETTE, 4, false, true }),
    };
    size_t count = COUNT(seeds);
    const char *rounds = getenv("IMAGE_FUZZ");
    uint64_t random = 88172645463325252u;
    unsigned seen[3] = { 0 };

    (void)state;
    for (int round = rounds != NULL ? atoi(rounds) : 5000; round > 0; round--) {
        struct file file = file_copy(seeds[(size_t)round % count]);
        struct image image;

        for (int change = round % 7; change >= 0; change--) {
            random ^= random << 13; /* xorshift */
            random ^= random >> 7;
            random ^= random << 17;
            switch (random >> 60) {
            case 0:
                file.length = file.length > 8 ? random % file.length + 1 : file.length;
                break;
            case 1:
                file_insert(&file, random % file.length, "\xff\xda\x00\x0c\x03\x00\x80", 7);
                break;
            case 2: /* headers are short, and most of what can go wrong */
                file.bytes[random % (file.length < 64 ? file.length : 64)] =
                    (unsigned char)(random >> 40);
                break;
            default:
                file.bytes[random % file.length] ^= (unsigned char)(1 << (random >> 40 & 7));
            }
        }
        seen[inspect(file.bytes, file.length, &image)]++;
        free(file.bytes);
    }
    assert_true(seen[IMAGE_FINE] > 0 && seen[IMAGE_DAMAGED] > 0 && seen[IMAGE_UNKNOWN] > 0);
    for (size_t i = 0; i < count; i++)
        free(seeds[i].bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jpeg_tells_its_size_and_channels),
        cmocka_unit_test(progressive_arithmetic_and_restarting_jpegs_are_fine),
        cmocka_unit_test(a_flat_picture_is_not_taken_for_a_cut_one),
        cmocka_unit_test(a_png_tells_its_size_and_channels),
        cmocka_unit_test(sizes_beyond_any_limit_are_told_too),
        cmocka_unit_test(other_formats_are_not_known),
        cmocka_unit_test(jpegs_nobody_reads_are_not_known),
        cmocka_unit_test(cut_anywhere_a_picture_is_damaged),
        cmocka_unit_test(a_cut_jpeg_is_not_saved_by_the_end_of_its_thumbnail),
        cmocka_unit_test(a_jpeg_that_was_cut_and_closed_again_has_too_little_data),
        cmocka_unit_test(a_picture_that_claims_a_size_it_cannot_hold_is_damaged),
        cmocka_unit_test(what_follows_the_end_does_not_matter),
        cmocka_unit_test(a_png_with_any_critical_byte_changed_is_damaged),
        cmocka_unit_test(a_png_sent_as_text_is_damaged),
        cmocka_unit_test(broken_and_bursting_side_chunks_of_a_png_are_stepped_over),
        cmocka_unit_test(no_mutation_crashes_or_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
