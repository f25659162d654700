#include "draw.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h> /* jpeglib.h does not bring the FILE it needs */
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "../../state/base/hash.h"

#define CHANNELS 3
#define QUALITY 85

struct color {
    double red, green, blue;
};

/* What differs from one picture to the next. */
struct face_drawn {
    struct color wall, skin, hair, shirt;
    double tilt, smile; /* of the eyes, in pixels; of the mouth, likewise */
};

static double
draw(uint64_t seed, uint64_t n, double least, double most)
{
    return least + (most - least) * hash_ratio(hash_draw(seed, n));
}

static struct color
shade(const struct color *color, double light)
{
    return (struct color){ color->red * light, color->green * light, color->blue * light };
}

static struct face_drawn
face_of(uint64_t seed)
{
    static const struct color skin = { 238, 196, 166 }, hair = { 120, 85, 50 };

    return (struct face_drawn){ .wall = { draw(seed, 0, 90, 200), draw(seed, 1, 90, 200),
                                    draw(seed, 2, 90, 200) },
        .skin = shade(&skin, draw(seed, 3, 0.45, 1)),
        .hair = shade(&hair, draw(seed, 4, 0.2, 1.4)),
        .shirt = { draw(seed, 5, 20, 230), draw(seed, 6, 20, 230), draw(seed, 7, 20, 230) },
        .tilt = draw(seed, 8, -5, 5),
        .smile = draw(seed, 9, -6, 10) };
}

/* Whether the point lies in the ellipse around that middle. */
static bool
is_in(double x, double y, double middle_x, double middle_y, double radius_x, double radius_y)
{
    double across = (x - middle_x) / radius_x, down = (y - middle_y) / radius_y;

    return across * across + down * down <= 1;
}

/* An arc: as far as its ends, and as thick as a lip. */
static bool
is_mouth(const struct face_drawn *face, double x, double y)
{
    double across = (x - 120) / 28;

    return fabs(across) <= 1 && fabs(y - (215 + face->smile * (1 - across * across))) <= 3;
}

static struct color
color_at(const struct face_drawn *face, double x, double y)
{
    static const struct color white = { 245, 245, 240 }, dark = { 40, 32, 30 },
                              lip = { 160, 70, 70 };

    if (is_in(x, y, 120, 160, 60, 96)) {
        for (int side = -1; side <= 1; side += 2) {
            double eye_x = 120 + 24 * side, eye_y = 140 + face->tilt * side;

            if (is_in(x, y, eye_x, eye_y, 5, 5))
                return dark;
            if (is_in(x, y, eye_x, eye_y, 11, 6))
                return white;
        }
        if (is_mouth(face, x, y))
            return lip;
        if (is_in(x, y, 120, 178, 7, 12))
            return shade(&face->skin, 0.9);
        return y < 95 ? face->hair : face->skin;
    }
    if (is_in(x, y, 120, 150, 68, 98))
        return face->hair;
    if (is_in(x, y, 120, 330, 110, 70))
        return face->shirt;
    return shade(&face->wall, 0.7 + 0.4 * y / DRAWN_HEIGHT);
}

static unsigned char
level(double value)
{
    return (unsigned char)(value < 0 ? 0 : value > 255 ? 255 : value);
}

static void
draw_row(const struct face_drawn *face, unsigned y, unsigned char *row)
{
    for (unsigned x = 0; x < DRAWN_WIDTH; x++) {
        struct color color = color_at(face, x, y);

        *row++ = level(color.red);
        *row++ = level(color.green);
        *row++ = level(color.blue);
    }
}

unsigned char *
draw_face(uint64_t seed, size_t *length)
{
    struct face_drawn face = face_of(seed);
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char row[DRAWN_WIDTH * CHANNELS], *at = row, *bytes = NULL;
    unsigned long size = 0;

    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &size);
    jpeg.image_width = DRAWN_WIDTH;
    jpeg.image_height = DRAWN_HEIGHT;
    jpeg.input_components = CHANNELS;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, QUALITY, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        draw_row(&face, jpeg.next_scanline, row);
        jpeg_write_scanlines(&jpeg, &at, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    *length = size;
    return bytes;
}
