/*
 * What a picture looks like, in 64 bits: a difference hash of its pixels.
 *
 * The rule: copies that were shrunk or encoded again differ in few bits, other pictures in many; a picture that was
 * cropped or turned is another one. Flat pictures all look the same, so that they look like nothing.
 */
#ifndef SERVER_IMAGE_LOOKS_H
#define SERVER_IMAGE_LOOKS_H

#include <stddef.h>
#include <stdint.h>

#define LOOKS_BITS 64
#define LOOKS_HEX_SIZE 17 /* sixteen lower-case digits and the NUL */

/* More pixels are not decoded: nobody waits for so long. */
#define LOOKS_PIXELS_MAX 25000000

enum looks_verdict {
    LOOKS_FINE,
    LOOKS_FLAT,       /* one grey all over, nearly */
    LOOKS_UNREADABLE, /* no PNG or JPEG, a damaged one, or a JPEG of four colours */
    LOOKS_TOO_LARGE,  /* of more than LOOKS_PIXELS_MAX */
};

enum looks_verdict image_looks(const unsigned char *bytes, size_t length, uint64_t *looks);

#endif
