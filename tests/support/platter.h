/*
 * What a power cut leaves of the files of one database. Between the program and the platter of a disk
 * is memory: what is written is sure to be on the platter only once it was synced; of what came later
 * any piece may be there or not, in any order.
 */
#ifndef TESTS_SUPPORT_PLATTER_H
#define TESTS_SUPPORT_PLATTER_H

#include <stddef.h>
#include <stdint.h>

/* From here on what fault.h's disk does to this database and its log (-wal) is followed; it is not
   there yet. NULL: no longer. */
void platter_follow(const char *path);

/* Writes down, at `path`, database and log as they are found after a power cut now. `chance` chooses
   which of the pieces that were not synced are there: 0 is none, any other its own half of them. */
void platter_find(const char *path, unsigned chance);

/* ---- for the disk: files that are not followed are ignored ----------------- */
void platter_write(const char *name, const void *data, size_t size, int64_t at);
void platter_cut_off(const char *name, int64_t size);
void platter_sync(const char *name);

#endif
