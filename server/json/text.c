#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../state/base/memory.h"

void
text_reserve(struct text *text, size_t more)
{
    size_t needed = text->length + more + 1;
    size_t capacity = text->capacity == 0 ? 256 : text->capacity;

    if (needed <= text->capacity)
        return;
    while (capacity < needed)
        capacity *= 2;
    text->bytes = memory_resize(text->bytes, capacity);
    text->capacity = capacity;
}

size_t
text_cut(const char *bytes, size_t room)
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
        length = text_cut(bytes, text->limit - text->length);
        text->full = true;
    }
    text_reserve(text, length);
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
text_add_count(struct text *text, unsigned count)
{
    char digits[10], *at = digits + sizeof digits;

    do
        *--at = (char)('0' + count % 10);
    while ((count /= 10) > 0);
    text_add(text, at, (size_t)(digits + sizeof digits - at));
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

/* Unicode Standard, table 3-7, "Well-Formed UTF-8 Byte Sequences". */
size_t
text_wide_character(const unsigned char *at, const unsigned char *end)
{
    int lead = at[0];
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;

    if (lead < 0xC2 || lead > 0xF4 || end - at <= more || at[1] < lowest || at[1] > highest)
        return 0;
    for (int i = 2; i <= more; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return (size_t)more + 1;
}

void
text_mend(char *text)
{
    const unsigned char *end = (const unsigned char *)text + strlen(text);

    while (*text != '\0') {
        const unsigned char *at = (const unsigned char *)text;
        size_t length = *at < 0x80 ? 1 : text_wide_character(at, end);

        if (length == 0)
            *text = '?';
        text += length == 0 ? 1 : length;
    }
}
