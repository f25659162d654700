/* What a request says beside its path and its body. */
#ifndef SERVER_HTTP_READING_H
#define SERVER_HTTP_READING_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;

/* Values of headers and arguments live as long as the exchange. */
const char *exchange_header(const struct exchange *, const char *name); /* first, or NULL */
/* Calls `each` for every header in the order and with the bytes received (trailing spaces
   included), duplicates too, until it answers false. */
void exchange_headers(const struct exchange *,
    bool (*each)(void *context, const char *name, const char *value), void *context);
/* An argument of the query, decoded; NULL: none. Without "=value" it is "". */
const char *exchange_argument(const struct exchange *, const char *name);
void exchange_remote(const struct exchange *, char *text, size_t size); /* its address */

#endif
