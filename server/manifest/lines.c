#include "lines.h"

#include <stdlib.h>
#include <string.h>

/* UTF-8: what so many characters may need. */
#define BYTES_PER_CHARACTER 4

size_t
lines_most(int64_t characters)
{
    return (size_t)characters * BYTES_PER_CHARACTER + 1;
}

void
lines_add(struct lines *lines, const char *bytes, size_t length)
{
    if (lines->at == lines->piece.length)
        lines->at = lines->piece.length = 0;
    text_add(&lines->piece, bytes, length);
}

static bool
give(struct lines *lines, const char **line, size_t *length)
{
    *line = lines->part.bytes == NULL ? "" : lines->part.bytes;
    *length = lines->part.length;
    lines->given = true;
    return true;
}

bool
lines_next(struct lines *lines, const char **line, size_t *length)
{
    size_t left = lines->piece.length - lines->at, taken;
    const char *from = left == 0 ? NULL : lines->piece.bytes + lines->at;
    const char *end = left == 0 ? NULL : memchr(from, '\n', left);

    if (lines->given)
        lines->part.length = 0;
    lines->given = false;
    taken = end == NULL ? left : (size_t)(end - from);
    if (lines->part.length < lines->most && taken > 0)
        text_add(&lines->part, from,
            taken < lines->most - lines->part.length ? taken : lines->most - lines->part.length);
    lines->at += taken + (end != NULL);
    return end != NULL && give(lines, line, length);
}

bool
lines_last(struct lines *lines, const char **line, size_t *length)
{
    if (lines->given)
        lines->part.length = 0;
    return lines->part.length > 0 && give(lines, line, length);
}

void
lines_end(struct lines *lines)
{
    free(lines->piece.bytes);
    free(lines->part.bytes);
    *lines = (struct lines){ 0 };
}
