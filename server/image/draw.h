/*
 * Pictures of our own: where the service would show what a camera saw.
 *
 * The rule: a picture follows from its seed alone, and is whole: a JPEG that anybody can open.
 */
#ifndef SERVER_IMAGE_DRAW_H
#define SERVER_IMAGE_DRAW_H

#include <stddef.h>
#include <stdint.h>

#define DRAWN_WIDTH 240
#define DRAWN_HEIGHT 320

/* Where the face is, as ratios of the sides. */
#define DRAWN_LEFT 0.25
#define DRAWN_TOP 0.2
#define DRAWN_FACE_WIDTH 0.5
#define DRAWN_FACE_HEIGHT 0.6

/* A face in front of a wall; for free(). */
unsigned char *draw_face(uint64_t seed, size_t *length);

#endif
