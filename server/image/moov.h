/*
 * What a file claims to be a video really is: what its index, the box moov of MPEG-4 and QuickTime files (ISO/IEC
 * 14496-12), says of it.
 *
 * The rule: this tells what the index says and judges nothing, and never reads the pictures: of a file of any size a
 * few boxes' heads and the index are asked for, piece by piece, wherever in the file they are.
 *
 *     while ((from = moov_wants(moov)) != -1)
 *         read from there on, until moov_take() says that it is enough
 */
#ifndef SERVER_IMAGE_MOOV_H
#define SERVER_IMAGE_MOOV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOOV_WORD_SIZE 16

struct moov_audio {
    char codec[MOOV_WORD_SIZE];
    int64_t duration_ms, sample_rate, channels;
};

#define MOOV_AUDIO_MAX 8 /* tracks that are told of */

struct moov_facts {
    char codec
        [MOOV_WORD_SIZE];  /* of the first track of pictures: "h264", or what else it is called */
    int64_t duration_ms;   /* 0: it does not say */
    int64_t width, height; /* of a frame, in pixels; 0: it does not say */
    double frame_rate;     /* on the average, in frames a second; 0: it does not say */
    bool full_range;       /* of its colours */
    size_t audio_count;
    struct moov_audio audio[MOOV_AUDIO_MAX];
};

struct moov;

/* Of a file of so many bytes; an index of more than `most` bytes is not read. */
struct moov *moov_open(int64_t size, int64_t most);
void moov_close(struct moov *);

/* Where the bytes begin that it wants next; -1: none. */
int64_t moov_wants(const struct moov *);

/* The bytes that follow there. False: those behind them are not what it wants next, if anything is. */
bool moov_take(struct moov *, const char *bytes, size_t length);

/* What the index says. False when there is none, or one that makes no sense, or no pictures are in it. */
bool moov_read(const struct moov *, struct moov_facts *);

#endif
