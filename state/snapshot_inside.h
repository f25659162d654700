/* What snapshots of worlds and of accounts share: a file as it is read. */
#ifndef STATE_SNAPSHOT_INSIDE_H
#define STATE_SNAPSHOT_INSIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arn.h"

struct sqlite3;
struct store;

/* A world as it was read: a copy of the file, where that had to be brought to the newest schema. */
struct source {
    struct sqlite3 *db;
    struct store *copy;         /* whose the database is, or NULL */
    char account[ACCOUNT_SIZE]; /* "", or the account that it is of alone */
};

/* Nothing in the file is trusted, wherever it has been since it was taken. Else why not. */
bool source_open(struct source *, const char *path, const struct store *like, char *why,
    size_t size);
void source_close(struct source *);

#endif
