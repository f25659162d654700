#include "image.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h> /* jpeglib.h does not bring the FILE it needs */
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>
#include <png.h>
#include <zlib.h>

/* ---- JPEG ---- */

struct jpeg_reading {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jmp_buf gave_up;
    enum image_verdict verdict;
};

static void
jpeg_give_up(j_common_ptr jpeg)
{
    struct jpeg_reading *reading = jpeg->client_data;

    switch (jpeg->err->msg_code) {
    case JERR_SOF_UNSUPPORTED:
    case JERR_BAD_PRECISION:
    case JERR_ARITH_NOTIMPL:
        reading->verdict = IMAGE_UNKNOWN;
        break;
    default:
        reading->verdict = IMAGE_DAMAGED;
    }
    longjmp(reading->gave_up, 1);
}

/* Warnings and traces: libjpeg's own function prints them to stderr. */
static void
jpeg_keep_quiet(j_common_ptr jpeg, int level)
{
    (void)jpeg;
    (void)level;
}

/* The memory source of libjpeg makes up an EOI when the bytes run out; we want to know. */
static boolean
jpeg_ran_out(j_decompress_ptr jpeg)
{
    ERREXIT(jpeg, JERR_INPUT_EOF);
    return FALSE;
}

/* Without a segment after them: a stuffed FF, TEM, and the restart markers. */
static bool
jpeg_marker_stands_alone(int marker)
{
    return marker <= 0x01 || (marker >= JPEG_RST0 && marker <= JPEG_RST0 + 7);
}

/*
 * From the entropy-coded data after the first SOS to EOI. True when EOI is reached; *scan_bytes is
 * the length of all scans. What follows EOI is nobody's business: cameras append previews there.
 * An EOI inside a thumbnail is no danger, since segments are stepped over as a whole.
 */
static bool
jpeg_walk_scans(const unsigned char *at, const unsigned char *end, uint64_t *scan_bytes)
{
    *scan_bytes = 0;
    for (;;) {
        const unsigned char *marker = memchr(at, 0xff, (size_t)(end - at));
        size_t segment;

        if (marker == NULL)
            return false;
        *scan_bytes += (uint64_t)(marker - at);
        while (marker < end && *marker == 0xff) /* any number of them may fill up */
            marker++;
        if (marker == end)
            return false;
        at = marker + 1;
        if (*marker == JPEG_EOI)
            return true;
        if (jpeg_marker_stands_alone(*marker)) {
            *scan_bytes += 1;
            continue;
        }
        /* Second frames (C0 to CF without the tables C4 and CC), SOI, reserved: not in a picture */
        if (*marker < 0xc0 || *marker == 0xd8 ||
            (*marker < 0xd0 && *marker != 0xc4 && *marker != 0xcc))
            return false;
        if (end - at < 2)
            return false;
        segment = (size_t)at[0] << 8 | at[1];
        if (segment < 2 || segment > (size_t)(end - at))
            return false;
        at += segment;
    }
}

/*
 * No Huffman code is shorter than a bit. So every block of 8 x 8 takes at least one bit for its DC
 * coefficient, and in a sequential file one more for the end of the block: less than that, and the
 * data was cut and closed again, or the size is a lie.
 */
static uint64_t
jpeg_least_scan_bytes(const struct jpeg_decompress_struct *jpeg)
{
    uint64_t blocks = 0;

    if (jpeg->arith_code) /* arithmetic codes have no such floor */
        return 0;
    for (int i = 0; i < jpeg->num_components; i++)
        blocks +=
            (uint64_t)jpeg->comp_info[i].width_in_blocks * jpeg->comp_info[i].height_in_blocks;
    return (jpeg->progressive_mode ? blocks : blocks * 2) / 8;
}

/* In a function of its own, so that nothing here lives in a register when it jumps out. */
static enum image_verdict
jpeg_read(struct jpeg_reading *reading, const unsigned char *bytes, size_t length,
    struct image *image)
{
    struct jpeg_decompress_struct *jpeg = &reading->jpeg;
    uint64_t scan_bytes;

    if (setjmp(reading->gave_up) != 0)
        return reading->verdict;
    jpeg_create_decompress(jpeg);
    jpeg->mem->max_memory_to_use = 1024 * 1024; /* headers take some 20 KB */
    jpeg_mem_src(jpeg, bytes, length);
    jpeg->src->fill_input_buffer = jpeg_ran_out;
    jpeg_read_header(jpeg, TRUE);
    if (!jpeg_walk_scans(jpeg->src->next_input_byte, bytes + length, &scan_bytes) ||
        scan_bytes < jpeg_least_scan_bytes(jpeg))
        return IMAGE_DAMAGED;
    *image = (struct image){
        .format = IMAGE_JPEG,
        .width = jpeg->image_width,
        .height = jpeg->image_height,
        .channels = jpeg->num_components,
        .bits = jpeg->data_precision,
    };
    return IMAGE_FINE;
}

static enum image_verdict
jpeg_inspect(const unsigned char *bytes, size_t length, struct image *image)
{
    struct jpeg_reading reading;
    enum image_verdict verdict;

    memset(&reading, 0, sizeof reading);
    reading.jpeg.err = jpeg_std_error(&reading.errors);
    reading.jpeg.client_data = &reading;
    reading.errors.error_exit = jpeg_give_up;
    reading.errors.emit_message = jpeg_keep_quiet;
    verdict = jpeg_read(&reading, bytes, length, image);
    jpeg_destroy_decompress(&reading.jpeg);
    return verdict;
}

/* ---- PNG ---- */

#define PNG_SIGNATURE_SIZE 8
#define PNG_CHUNK_OVERHEAD 12 /* length, type and CRC */
#define DEFLATE_BEST 1032     /* deflate makes at most 258 bytes of 2 bits */

struct png_reading {
    const unsigned char *bytes;
    size_t length, read;
};

static void
png_take(png_structp png, png_bytep out, size_t length)
{
    struct png_reading *reading = png_get_io_ptr(png);

    if (length > reading->length - reading->read)
        png_error(png, "cut short");
    memcpy(out, reading->bytes + reading->read, length);
    reading->read += length;
}

static void
png_give_up(png_structp png, png_const_charp why)
{
    (void)why;
    png_longjmp(png, 1);
}

static void
png_keep_quiet(png_structp png, png_const_charp what)
{
    (void)png;
    (void)what;
}

/*
 * From IHDR to IEND: every chunk is whole, every critical one (capital first letter) has the right
 * checksum. libpng reads past wrong checksums of the others as well. *data is the length of all
 * IDAT.
 */
static bool
png_walk_chunks(const unsigned char *bytes, size_t length, uint64_t *data)
{
    const unsigned char *at = bytes + PNG_SIGNATURE_SIZE, *end = bytes + length;

    *data = 0;
    while (end - at >= PNG_CHUNK_OVERHEAD) {
        const unsigned char *type = at + 4;
        uint32_t size = png_get_uint_32(at);

        if (size > PNG_UINT_31_MAX || size > (size_t)(end - at) - PNG_CHUNK_OVERHEAD)
            return false;
        if ((type[0] & 0x20) == 0 &&
            crc32(crc32(0, Z_NULL, 0), type, 4 + size) != png_get_uint_32(type + 4 + size))
            return false;
        if (memcmp(type, "IEND", 4) == 0)
            return true;
        if (memcmp(type, "IDAT", 4) == 0)
            *data += size;
        at += PNG_CHUNK_OVERHEAD + size;
    }
    return false;
}

/* As a decoder would hand it out: the palette looked up, tRNS made a channel. */
static void
png_describe(png_const_structp png, png_infop info, struct image *image)
{
    int colour = png_get_color_type(png, info);
    bool palette = colour == PNG_COLOR_TYPE_PALETTE;

    *image = (struct image){
        .format = IMAGE_PNG,
        .width = png_get_image_width(png, info),
        .height = png_get_image_height(png, info),
        .channels = palette ? 3 : png_get_channels(png, info),
        .bits = palette ? 8 : png_get_bit_depth(png, info),
    };
    if (png_get_valid(png, info, PNG_INFO_tRNS) != 0)
        image->channels++;
}

/* In a function of its own, so that nothing here lives in a register when it jumps out. */
static enum image_verdict
png_read(png_structp png, png_infop info, struct png_reading *reading, struct image *image)
{
    uint64_t data;

    if (setjmp(png_jmpbuf(png)) != 0)
        return IMAGE_DAMAGED;
    /* A large picture is not a broken one: libpng's own limit of a million would say so. */
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_chunk_malloc_max(png, 64 * 1024);
    /* Text, profiles and the like are stepped over, not unpacked: they can be bombs. */
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_read_fn(png, reading, png_take);
    png_read_info(png, info);
    if (!png_walk_chunks(reading->bytes, reading->length, &data) ||
        png_get_rowbytes(png, info) > data * DEFLATE_BEST / png_get_image_height(png, info))
        return IMAGE_DAMAGED;
    png_describe(png, info, image);
    return IMAGE_FINE;
}

static enum image_verdict
png_inspect(const unsigned char *bytes, size_t length, struct image *image)
{
    struct png_reading reading = { .bytes = bytes, .length = length };
    png_structp png =
        png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, png_give_up, png_keep_quiet);
    png_infop info = png != NULL ? png_create_info_struct(png) : NULL;
    enum image_verdict verdict;

    if (info == NULL) /* no memory, or a libpng that is not the one we were built with */
        abort();
    verdict = png_read(png, info, &reading, image);
    png_destroy_read_struct(&png, &info, NULL);
    return verdict;
}

enum image_verdict
image_inspect(const unsigned char *bytes, size_t length, struct image *image)
{
    enum image_verdict verdict = IMAGE_UNKNOWN;

    memset(image, 0, sizeof *image);
    /* Four bytes of the eight: a PNG sent as text has the rest mangled, and libpng says so. */
    if (length >= 4 && memcmp(bytes, "\x89PNG", 4) == 0)
        verdict = png_inspect(bytes, length, image);
    else if (length >= 2 && bytes[0] == 0xff && bytes[1] == 0xd8)
        verdict = jpeg_inspect(bytes, length, image);
    return verdict;
}
