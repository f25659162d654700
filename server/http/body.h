/* The body of a request, as it comes in pieces: in memory, in a file, or thrown away. */
#ifndef SERVER_HTTP_BODY_H
#define SERVER_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>

struct framing;
struct serving;

/* How much more than its limit a body may have and still be read (and thrown away) to its end
   before it is refused: most clients look for the answer only when they have sent everything. */
#define BODY_DISCARD_MAX (64 * 1024 * 1024)

/* What is to come, and how much of it at most, is known. */
void body_begin(struct serving *, const struct framing *);
/* False: enough of a body that is refused anyway. */
bool body_take(struct serving *, const char *data, size_t size);
void body_drop(struct serving *);

#endif
