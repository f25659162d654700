/*
 * Lines of a text that comes in pieces: JSON Lines from S3. Of a line that is too long no more is kept
 * than shows it.
 */
#ifndef SERVER_MANIFEST_LINES_H
#define SERVER_MANIFEST_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../json/text.h"

struct lines {
    size_t most;       /* bytes of a line that are kept */
    struct text piece; /* bytes that came; those before `at` were looked at */
    size_t at;
    struct text
        part; /* the beginning of a line that the next piece goes on with, or the line given */
    bool given;
};

/* So many bytes show that a line has more than so many characters. */
size_t lines_most(int64_t characters);

void lines_add(struct lines *, const char *bytes, size_t length);

/* The next whole line, without its end; false when none has come. It is good until the next call. */
bool lines_next(struct lines *, const char **line, size_t *length);

/* The last line, which may go without its end; false when there is none. */
bool lines_last(struct lines *, const char **line, size_t *length);

void lines_end(struct lines *);

#endif
