/* Copies of a picture look alike, whatever they were encoded as; other pictures do not. */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jpeglib.h>
#include <png.h>

#include "../../../server/image/draw.h"
#include "../../../server/image/image.h"
#include "../../../server/image/looks.h"

#define PICTURES 8
#define COPY_MOST 3    /* bits that the copies of a picture differ in */
#define OTHER_LEAST 13 /* and other pictures */

/* A picture without an end: waves, of its own length and direction each. */
static unsigned char
grey_at(int picture, double x, double y)
{
    double a = sin(picture * 1.7 + 1) * 9, b = cos(picture * 2.3) * 9, c = 3 + picture % 5;

    return (
        unsigned char)(128 + 80 * sin(a * x + b * y + picture) + 40 * cos(c * x * y * 4 - picture));
}

static unsigned char *
draw(int picture, unsigned width, unsigned height)
{
    unsigned char *greys = malloc((size_t)width * height);

    assert_non_null(greys);
    for (unsigned y = 0; y < height; y++)
        for (unsigned x = 0; x < width; x++)
            greys[y * width + x] = grey_at(picture, (double)x / width, (double)y / height);
    return greys;
}

static uint64_t
looks_of(unsigned char *bytes, size_t length)
{
    uint64_t looks;

    assert_int_equal(image_looks(bytes, length, &looks), LOOKS_FINE);
    free(bytes);
    return looks;
}

static uint64_t
as_jpeg(int picture, unsigned width, unsigned height, int quality)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *greys = draw(picture, width, height), *bytes = NULL;
    unsigned long length = 0;

    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &length);
    jpeg.image_width = width;
    jpeg.image_height = height;
    jpeg.input_components = 1;
    jpeg.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < height) {
        unsigned char *row = greys + (size_t)jpeg.next_scanline * width;

        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    free(greys);
    return looks_of(bytes, length);
}

static uint64_t
as_png(int picture, unsigned width, unsigned height)
{
    png_image image = { .version = PNG_IMAGE_VERSION,
        .width = width,
        .height = height,
        .format = PNG_FORMAT_GRAY };
    unsigned char *greys = draw(picture, width, height), *bytes;
    png_alloc_size_t length = PNG_IMAGE_PNG_SIZE_MAX(image);

    bytes = malloc(length);
    assert_non_null(bytes);
    assert_true(png_image_write_to_memory(&image, bytes, &length, 0, greys, 0, NULL));
    free(greys);
    return looks_of(bytes, length);
}

static int
differ(uint64_t one, uint64_t other)
{
    return __builtin_popcountll(one ^ other);
}

static void
copies_that_were_shrunk_or_encoded_again_look_alike(void **state)
{
    (void)state;
    for (int picture = 0; picture < PICTURES; picture++) {
        uint64_t looks = as_png(picture, 640, 480);

        assert_in_range(differ(looks, as_jpeg(picture, 640, 480, 95)), 0, COPY_MOST);
        assert_in_range(differ(looks, as_jpeg(picture, 640, 480, 20)), 0, COPY_MOST);
        assert_in_range(differ(looks, as_png(picture, 320, 240)), 0, COPY_MOST);
        assert_in_range(differ(looks, as_jpeg(picture, 160, 120, 70)), 0, COPY_MOST);
    }
}

static void
other_pictures_do_not(void **state)
{
    (void)state;
    for (int one = 0; one < PICTURES; one++)
        for (int other = 0; other < one; other++)
            assert_in_range(differ(as_png(one, 320, 240), as_jpeg(other, 320, 240, 80)),
                OTHER_LEAST, LOOKS_BITS);
}

static void
what_cannot_be_decoded_or_is_too_large_looks_like_nothing(void **state)
{
    size_t length;
    unsigned char *bytes = draw_face(1, &length);
    uint64_t looks;

    (void)state;
    assert_int_equal(image_looks(bytes, length, &looks), LOOKS_FINE);
    assert_int_equal(image_looks(bytes, length / 2, &looks), LOOKS_UNREADABLE);
    assert_int_equal(image_looks(bytes, 0, &looks), LOOKS_UNREADABLE);
    assert_int_equal(looks, 0);
    free(bytes);
}

static void
a_face_that_is_drawn_is_a_whole_picture_that_follows_from_its_seed(void **state)
{
    struct image image;

    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        size_t length, again;
        unsigned char *bytes = draw_face(seed, &length), *same = draw_face(seed, &again);

        assert_int_equal(image_inspect(bytes, length, &image), IMAGE_FINE);
        assert_int_equal(image.width, DRAWN_WIDTH);
        assert_int_equal(image.height, DRAWN_HEIGHT);
        assert_in_range(length, 1000, 204800);
        assert_int_equal(length, again);
        assert_memory_equal(bytes, same, length);
        free(bytes);
        free(same);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_that_were_shrunk_or_encoded_again_look_alike),
        cmocka_unit_test(other_pictures_do_not),
        cmocka_unit_test(what_cannot_be_decoded_or_is_too_large_looks_like_nothing),
        cmocka_unit_test(a_face_that_is_drawn_is_a_whole_picture_that_follows_from_its_seed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
