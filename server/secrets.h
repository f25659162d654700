/* What is read from files at the start, and again on SIGHUP: all of a file or nothing of it. */
#ifndef SERVER_SECRETS_H
#define SERVER_SECRETS_H

#include <stddef.h>

struct options;
struct server;

/* The whole of a file, with a NUL behind it, to be freed; NULL: it cannot be read. */
char *file_read(const char *path, size_t *length);

/*
 * Reads who may call. A file that others than its owner can read is refused, unless a setting says that
 * any mode will do. At the start that ends the program; later it is told, and what was there goes on.
 */
void secrets_open(const struct options *, struct server *);

/* Those, and the certificate of TLS with its key. */
void secrets_reload(const struct options *, struct server *);

#endif
