/*
 * What a file claims to be a picture really is: its format, its size, and whether all of it came.
 *
 * The rule: this tells the truth about the bytes and judges nothing. Which sizes, shapes and
 * formats are welcome are settings, and checked where the picture is used.
 */
#ifndef SERVER_IMAGE_IMAGE_H
#define SERVER_IMAGE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

enum image_verdict {
    IMAGE_FINE,
    IMAGE_UNKNOWN, /* no PNG or JPEG, or a JPEG of a kind nobody reads (lossless, 12 bits) */
    IMAGE_DAMAGED, /* begins like a PNG or JPEG, but is cut short or makes no sense */
};

enum image_format {
    IMAGE_PNG = 1,
    IMAGE_JPEG,
};

struct image {
    enum image_format format;
    uint32_t width, height; /* as stored: an EXIF orientation turns nothing */
    int channels;           /* of a decoded pixel: 1 grey, 3 colour, 4 CMYK; PNG alpha counts */
    int bits;               /* per channel of a decoded pixel: 8 or 16; less for grey PNG only */
};

/*
 * Fills the image when the verdict is IMAGE_FINE, zeroes it otherwise. Decodes no pixels: the
 * work is one pass over the bytes, the memory does not depend on the size the picture claims.
 * Damage inside JPEG scan data that keeps the markers whole is not seen.
 */
enum image_verdict image_inspect(const unsigned char *bytes, size_t length, struct image *);

#endif
