/*
 * A seal on the file of a database: an extended attribute, which says that its rows were found good by
 * this version, and as which file, of what size, written last when, they were left. Whoever changes,
 * copies or replaces the file breaks it; so a world that is only started again need not be read to its
 * end. What lies in the log beside the file has checksums of SQLite's own.
 *
 * The rule: without a seal, or on a file system that has no such attributes, every row is looked at.
 */
#ifndef STATE_SEAL_H
#define STATE_SEAL_H

#include <stdbool.h>

bool seal_is_whole(const char *path);

/* Puts one on, where that is possible. */
void seal_put(const char *path);

#endif
