/*
 * The path and the query of a request, as they are signed. Signers do not agree about the odd ones, so
 * there are ways to read them; whichever was signed, it can only be what came.
 */
#ifndef SERVER_ACCESS_CANONICAL_H
#define SERVER_ACCESS_CANONICAL_H

#include <stdbool.h>

struct canonical_way {
    enum {
        PATH_NORMALIZED, /* "." and ".." are followed, and runs of slashes are one */
        PATH_ENCODED,    /* that is not done */
        PATH_AS_IT_IS,   /* nor is it encoded */
    } path;
    bool query_as_it_is; /* neither decoded nor encoded, only sorted */
    const char *without; /* an argument that was added after the signature, or NULL */
};

/* From malloc. */
char *canonical_path(const char *path, const struct canonical_way *);

/* Sorted by name, then by value, without X-Amz-Signature. */
char *canonical_query(const char *query, const struct canonical_way *);

/* Cuts off what stands before the next of the separators, as strsep() does. NULL: nothing is left. */
char *take_part(char **rest, const char *separators);

/* Decodes what is percent-encoded, in place. */
void percent_decode(char *text);

#endif
