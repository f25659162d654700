/* Where snapshots are kept: files in a folder. */
#ifndef SERVER_CONTROL_SNAPSHOTS_H
#define SERVER_CONTROL_SNAPSHOTS_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;
struct snapshots;

/*
 * For the database in `db`: the folder is `db`.snapshots, made when it is needed; of :memory: it is
 * a temporary one. Removes what a process that was killed has left half written.
 */
struct snapshots *snapshots_open(const char *db);
void snapshots_close(struct snapshots *); /* a temporary folder goes, with all that is in it */

/* Whether the body of this request is a snapshot, and not for memory. */
bool snapshots_spool(const struct exchange *);

#define SNAPSHOT_PATH_SIZE 4352 /* of a folder, a name, and what is put behind them */

/* The file of that name, whether it exists or not. */
void snapshots_path(const struct snapshots *, const char *name, char out[SNAPSHOT_PATH_SIZE]);

/* A new file to write one to, before it gets its name. False: there can be none. */
bool snapshots_new_file(struct snapshots *, char path[SNAPSHOT_PATH_SIZE]);

/* Calls `each` with every name, in their order. */
void snapshots_each(const struct snapshots *, void (*each)(void *context, const char *name),
    void *context);

/* Letters, digits, '_', '.' and '-', at most 64. */
bool snapshots_name_is_valid(const char *name);

#endif
