/*
 * Text in an image, or in a moment of a video: lines, and the words that they are made of.
 */
#ifndef SERVER_SCENE_TEXT_H
#define SERVER_SCENE_TEXT_H

#include <stdint.h>

#include <cjson/cJSON.h>

#include "../json/write.h"

struct line;
struct store;
struct word;

/* What of it passes the filters. */
struct page_of_text {
    struct line *lines;
    struct word *words;
    int line_count, word_count; /* of all lines; of the words that pass */
    int count;                  /* of what is there to be written, lines and words */
};

/*
 * Of a declared list, which may be NULL; `filters` are DetectTextFilters, or NULL. At most so many words. It lives
 * until the step, the list and the filters end.
 */
struct page_of_text text_read(struct store *, const cJSON *declared, const cJSON *filters,
    int64_t most_words);

/* The nth of its TextDetections: all lines first, with Ids from 0, and then the words. */
void text_write(struct part, const struct page_of_text *, int nth);

/* How sure that one is. */
double text_confidence(const struct page_of_text *, int nth);

#endif
