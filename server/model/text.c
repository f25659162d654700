#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
reserve(struct text *text, size_t more)
{
    size_t needed = text->length + more + 1;
    size_t capacity = text->capacity == 0 ? 256 : text->capacity;

    if (needed <= text->capacity)
        return;
    while (capacity < needed)
        capacity *= 2;
    if ((text->bytes = realloc(text->bytes, capacity)) == NULL)
        abort();
    text->capacity = capacity;
}

/* The longest beginning of `bytes` that is not longer than `room` and cuts no UTF-8 character. */
static size_t
cut(const char *bytes, size_t room)
{
    while (room > 0 && ((unsigned char)bytes[room] & 0xC0) == 0x80)
        room--;
    return room;
}

void
text_add(struct text *text, const char *bytes, size_t length)
{
    if (text->full)
        return;
    if (text->limit != 0 && length > text->limit - text->length) {
        length = cut(bytes, text->limit - text->length);
        text->full = true;
    }
    reserve(text, length);
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void
text_add_string(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void
text_add_format(struct text *text, const char *format, ...)
{
    char made[128];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(made, sizeof made, format, arguments);
    va_end(arguments);
    text_add_string(text, made);
}
