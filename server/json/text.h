/*
 * A text that grows. {0} is an empty one; `bytes` is its owner's to free, and NULL until something
 * was added.
 *
 * Texts have a limit: what goes beyond is dropped, never in the middle of a character. Memory that
 * cannot be had ends the program, as everywhere.
 */
#ifndef SERVER_JSON_TEXT_H
#define SERVER_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
    char *bytes; /* ends in a NUL */
    size_t length;
    size_t capacity;
    size_t limit; /* of `length`; 0 is none */
    bool full;    /* something was dropped */
};

void text_reserve(struct text *, size_t more); /* room for so many bytes more, in one go */

void text_add(struct text *, const char *bytes, size_t length);
void text_add_string(struct text *, const char *string);

void text_add_count(struct text *, unsigned count);

/* For short things: numbers, words. What makes more than 127 bytes is cut. */
void text_add_format(struct text *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The longest beginning of `bytes`, which has more, that is not longer than `room` and cuts no character. */
size_t text_cut(const char *bytes, size_t room);

/* How many bytes the well-formed UTF-8 character of more than one byte has that begins here; 0:
 * there is none. */
size_t text_wide_character(const unsigned char *at, const unsigned char *end);

/* Puts a ? for every byte that is not of a UTF-8 character: what came in a URL or was cut. */
void text_mend(char *text);

#endif
