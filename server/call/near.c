#include "near.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define LENGTH_MAX 64
#define BEGINNING_MIN 4 /* letters that are enough to tell a name by its beginning */

static size_t
least(size_t a, size_t b, size_t c)
{
    size_t both = a < b ? a : b;

    return both < c ? both : c;
}

/* Letters to add, to leave out or to replace (Levenshtein), by the rows of the usual table. */
static size_t
distance(const char *a, const char *b)
{
    size_t length = strlen(b), row[LENGTH_MAX + 1];

    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= length; j++) {
            size_t above = row[j];
            int same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);

            row[j] = least(above + 1, row[j - 1] + 1, diagonal + !same);
            diagonal = above;
        }
    }
    return row[length];
}

const char *
near_name(const char *wanted, const char *(*nth)(size_t))
{
    const char *name, *nearest = NULL;
    size_t length = strlen(wanted);
    size_t least_distance = length / 2 + 1; /* half of it right is no accident */

    if (length > LENGTH_MAX)
        return NULL;
    for (size_t i = 0; (name = nth(i)) != NULL; i++) {
        size_t changes = strlen(name) > LENGTH_MAX ? LENGTH_MAX : distance(wanted, name);

        if (length >= BEGINNING_MIN && strncasecmp(name, wanted, length) == 0)
            changes = 1;
        if (changes < least_distance) {
            least_distance = changes;
            nearest = name;
        }
    }
    return nearest;
}
