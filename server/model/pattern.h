/*
 * The regular expressions of the model, which are Java's, matched by PCRE2.
 *
 * A pattern must match the whole text, anchored or not (Java `matches`), and no text takes long:
 * one that would need more than a bounded number of steps does not match. For one thread.
 */
#ifndef SERVER_MODEL_PATTERN_H
#define SERVER_MODEL_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#define PATTERN_KEPT 160

struct pattern {
    const char *text;               /* as in the model, and in messages */
    struct pcre2_real_code_8 *code; /* compiled on first use, kept until the program ends */
    char matched[PATTERN_KEPT];     /* the text that did last: who polls sends the same again */
};

/* `text` must be valid UTF-8. Aborts when PCRE2 cannot compile the pattern: the tests compile
 * them all. */
bool pattern_matches(struct pattern *, const char *text, size_t length);

#endif
