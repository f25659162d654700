#include "canonical.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../json/text.h"
#include "sigv4.h"

static char *
encoded(const char *text, bool slashes)
{
    char *out = memory_new(3 * strlen(text) + 1);

    sigv4_encode(text, slashes, out);
    return out;
}

static int
digit(char c)
{
    const char *digits = "0123456789ABCDEFabcdef", *at = c == '\0' ? NULL : strchr(digits, c);

    if (at == NULL)
        return -1;
    return (int)(at - digits) < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

void
percent_decode(char *text)
{
    char *out = text;

    while (*text != '\0') {
        int high = *text == '%' ? digit(text[1]) : -1, low = high < 0 ? -1 : digit(text[2]);

        if (low >= 0 && high + low > 0) {
            *out++ = (char)(high << 4 | low);
            text += 3;
        } else {
            *out++ = *text++;
        }
    }
    *out = '\0';
}

char *
take_part(char **rest, const char *separators)
{
    char *part = *rest;

    if (part == NULL)
        return NULL;
    *rest += strcspn(*rest, separators);
    if (**rest == '\0')
        *rest = NULL;
    else
        *(*rest)++ = '\0';
    return part;
}

/* ---- the path ------------------------------------------------------------ */

/* RFC 3986, 5.2.4, and slashes that nothing stands between count as one. In place: the path begins with one, or
   it would become longer. */
static void
normalize(char *path)
{
    char *out = path;
    const char *at = path;

    while (*at != '\0') {
        size_t length;

        at += strspn(at, "/");
        length = strcspn(at, "/");
        if (length == 2 && strncmp(at, "..", 2) == 0) {
            while (out > path && *--out != '/')
                ;
        } else if (length > 0 && !(length == 1 && *at == '.')) {
            *out++ = '/';
            memmove(out, at, length);
            out += length;
        }
        at += length;
        if (*at == '/' && at[strspn(at, "/")] == '\0' && out > path) {
            *out++ = '/'; /* the last one stays */
            break;
        }
    }
    if (out == path)
        *out++ = '/';
    *out = '\0';
}

char *
canonical_path(const char *path, const struct canonical_way *way)
{
    char *copy, *out;

    if (way->path == PATH_AS_IT_IS)
        return memory_text(*path == '\0' ? "/" : path);
    copy = memory_new(strlen(path) + 2);
    stpcpy(stpcpy(copy, *path == '/' ? "" : "/"), path);
    if (way->path == PATH_NORMALIZED)
        normalize(copy);
    out = encoded(copy, true);
    free(copy);
    return out;
}

/* ---- the query ------------------------------------------------------------ */

struct pair {
    char *name, *value;
};

static int
compare_pairs(const void *one, const void *other)
{
    const struct pair *a = one, *b = other;
    int order = strcmp(a->name, b->name);

    return order != 0 ? order : strcmp(a->value, b->value);
}

static char *
canonical_part(char *text, const struct canonical_way *way)
{
    if (way->query_as_it_is)
        return memory_text(text);
    percent_decode(text);
    return encoded(text, false);
}

/* One argument, cut in two; false when it is not signed. */
static bool
read_pair(char *text, const struct canonical_way *way, struct pair *pair)
{
    char *value = strchr(text, '=');

    if (value != NULL)
        *value++ = '\0';
    if (*text == '\0' && value == NULL)
        return false;
    if (strcmp(text, "X-Amz-Signature") == 0 ||
        (way->without != NULL && strcmp(text, way->without) == 0))
        return false;
    pair->name = canonical_part(text, way);
    pair->value = value == NULL ? memory_text("") : canonical_part(value, way);
    return true;
}

char *
canonical_query(const char *query, const struct canonical_way *way)
{
    size_t count = 0, room = 1;
    char *copy = memory_text(query), *rest = copy, *argument;
    struct text out = { 0 };
    struct pair *pairs;

    for (const char *at = query; (at = strchr(at, '&')) != NULL; at++)
        room++;
    pairs = memory_new(room * sizeof *pairs);
    while ((argument = take_part(&rest, "&")) != NULL)
        count += read_pair(argument, way, &pairs[count]);
    qsort(pairs, count, sizeof *pairs, compare_pairs);
    text_add_string(&out, "");
    for (size_t i = 0; i < count; i++) {
        text_add_string(&out, i == 0 ? "" : "&");
        text_add_string(&out, pairs[i].name);
        text_add_string(&out, "=");
        text_add_string(&out, pairs[i].value);
        free(pairs[i].name);
        free(pairs[i].value);
    }
    free(pairs);
    free(copy);
    return out.bytes == NULL ? memory_text("") : out.bytes;
}
