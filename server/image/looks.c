#include "looks.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h> /* jpeglib.h does not bring the FILE it needs */
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "../../state/base/memory.h"
#include "image.h"

#define COLUMNS 9
#define ROWS 8
#define FLAT_RANGE 16  /* of 256 greys */
#define SIDE_ENOUGH 64 /* a decoded side need not be longer */
#define SHRINKS_MOST 8 /* what libjpeg does while it decodes */

/* Greys, summed up by the cells of a grid over the whole picture. */
struct grid {
    uint64_t sums[ROWS][COLUMNS], counts[ROWS][COLUMNS];
};

static void
add_row(struct grid *grid, const unsigned char *greys, uint32_t y, uint32_t width, uint32_t height)
{
    size_t row = (size_t)((uint64_t)y * ROWS / height);

    for (uint32_t x = 0; x < width; x++) {
        size_t column = (size_t)((uint64_t)x * COLUMNS / width);

        grid->sums[row][column] += greys[x];
        grid->counts[row][column]++;
    }
}

/* ---- decoding ----------------------------------------------------------- */

struct jpeg_looking {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jmp_buf gave_up;
    unsigned char *row;
    bool read; /* the whole of it */
};

static void
jpeg_give_up(j_common_ptr jpeg)
{
    struct jpeg_looking *looking = jpeg->client_data;

    longjmp(looking->gave_up, 1);
}

/* Warnings and traces: libjpeg's own function prints them to stderr. */
static void
jpeg_keep_quiet(j_common_ptr jpeg, int level)
{
    (void)jpeg;
    (void)level;
}

static unsigned
shrinks_by(const struct jpeg_decompress_struct *jpeg)
{
    unsigned side = jpeg->image_width < jpeg->image_height ? jpeg->image_width : jpeg->image_height;
    unsigned by = SHRINKS_MOST;

    while (by > 1 && side / by < SIDE_ENOUGH)
        by /= 2;
    return by;
}

/* Grey is all that is decoded: of most JPEGs a third of the work. */
static void
jpeg_decode(struct jpeg_looking *looking, struct grid *grid)
{
    struct jpeg_decompress_struct *jpeg = &looking->jpeg;

    jpeg_read_header(jpeg, TRUE);
    jpeg->out_color_space = JCS_GRAYSCALE;
    jpeg->scale_num = 1;
    jpeg->scale_denom = shrinks_by(jpeg);
    jpeg_start_decompress(jpeg);
    looking->row = memory_new(jpeg->output_width);
    while (jpeg->output_scanline < jpeg->output_height) {
        uint32_t y = jpeg->output_scanline;

        jpeg_read_scanlines(jpeg, &looking->row, 1);
        add_row(grid, looking->row, y, jpeg->output_width, jpeg->output_height);
    }
}

static bool
read_jpeg(const unsigned char *bytes, size_t length, struct grid *grid)
{
    struct jpeg_looking looking = { .row = NULL };

    looking.jpeg.err = jpeg_std_error(&looking.errors);
    looking.errors.error_exit = jpeg_give_up;
    looking.errors.emit_message = jpeg_keep_quiet;
    looking.jpeg.client_data = &looking;
    if (setjmp(looking.gave_up) == 0) {
        jpeg_create_decompress(&looking.jpeg);
        jpeg_mem_src(&looking.jpeg, bytes, length);
        jpeg_decode(&looking, grid);
        looking.read = true;
    }
    jpeg_destroy_decompress(&looking.jpeg);
    free(looking.row);
    return looking.read;
}

static bool
read_png(const unsigned char *bytes, size_t length, struct grid *grid)
{
    png_image image = { .version = PNG_IMAGE_VERSION };
    unsigned char *pixels;
    bool read;

    if (!png_image_begin_read_from_memory(&image, bytes, length))
        return false;
    image.format = PNG_FORMAT_GRAY;
    pixels = memory_new(PNG_IMAGE_SIZE(image));
    read = png_image_finish_read(&image, NULL, pixels, 0, NULL) != 0;
    for (uint32_t y = 0; read && y < image.height; y++)
        add_row(grid, pixels + (size_t)y * image.width, y, image.width, image.height);
    png_image_free(&image);
    free(pixels);
    return read;
}

/* ---- hashing ------------------------------------------------------------ */

static double
grey_of(const struct grid *grid, size_t row, size_t column)
{
    uint64_t count = grid->counts[row][column];

    return count == 0 ? 0 : (double)grid->sums[row][column] / (double)count;
}

static bool
is_flat(const struct grid *grid)
{
    double least = 255, most = 0;

    for (size_t row = 0; row < ROWS; row++)
        for (size_t column = 0; column < COLUMNS; column++) {
            double grey = grey_of(grid, row, column);

            least = grey < least ? grey : least;
            most = grey > most ? grey : most;
        }
    return most - least < FLAT_RANGE;
}

/* A bit says whether it gets lighter from one cell to the next on its right. */
static uint64_t
hash(const struct grid *grid)
{
    uint64_t bits = 0;

    for (size_t row = 0; row < ROWS; row++)
        for (size_t column = 0; column + 1 < COLUMNS; column++)
            bits = bits << 1 | (grey_of(grid, row, column) < grey_of(grid, row, column + 1));
    return bits;
}

enum looks_verdict
image_looks(const unsigned char *bytes, size_t length, uint64_t *looks)
{
    struct grid grid = { .sums = { { 0 } } };
    struct image image;

    *looks = 0;
    if (image_inspect(bytes, length, &image) != IMAGE_FINE)
        return LOOKS_UNREADABLE;
    if ((uint64_t)image.width * image.height > LOOKS_PIXELS_MAX)
        return LOOKS_TOO_LARGE;
    if (image.format == IMAGE_JPEG ? !read_jpeg(bytes, length, &grid)
                                   : !read_png(bytes, length, &grid))
        return LOOKS_UNREADABLE;
    if (is_flat(&grid))
        return LOOKS_FLAT;
    *looks = hash(&grid);
    return LOOKS_FINE;
}
