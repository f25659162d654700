#include "glob.h"

#include <string.h>

static const char *
next_character(const char *text)
{
    do
        text++;
    while ((*text & 0xc0) == 0x80);
    return text;
}

/*
 * Only the last * ever needs to be tried again: what an earlier one could take, the last one can
 * take as well. So there is one place to return to, and no recursion.
 */
bool
glob_matches(const char *glob, const char *text)
{
    const char *after_star = NULL, *retry = NULL;

    while (*text != '\0') {
        if (*glob == '*') {
            after_star = ++glob;
            retry = text;
            if (*glob == '\0')
                return true;
        } else if (*glob == '?') {
            glob++;
            text = next_character(text);
        } else if (*glob == *text) {
            glob++;
            text++;
        } else if (after_star != NULL) {
            glob = after_star;
            text = retry = next_character(retry);
        } else {
            return false;
        }
    }
    while (*glob == '*')
        glob++;
    return *glob == '\0';
}

bool
glob_is_literal(const char *glob)
{
    return strpbrk(glob, "*?") == NULL;
}

size_t
glob_weight(const char *glob)
{
    size_t weight = 0;

    for (; *glob != '\0'; glob++)
        weight += *glob != '*' && *glob != '?';
    return weight;
}
