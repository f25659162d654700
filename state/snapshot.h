/*
 * Snapshots: the whole world as one more SQLite file, like any other that the program could have
 * been started with, but for its clock, which is paused at the moment of the snapshot.
 *
 * One is taken a piece at a time; what the world does meanwhile is in it, too: its moment is that
 * at which it is complete. Restoring one is a single transaction: a process that is killed leaves
 * either world whole.
 */
#ifndef STATE_SNAPSHOT_H
#define STATE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"

struct snapshot; /* one that is being taken */
struct store;

/*
 * Begins one, at `path`, where there must be no file; NULL: a private one that goes with it. NULL
 * when it cannot, with one line in `why`.
 */
struct snapshot *snapshot_begin(struct store *, const char *path, char *why, size_t size);

enum snapshot_progress {
    SNAPSHOT_GOES_ON,
    SNAPSHOT_TAKEN,
    SNAPSHOT_FAILED, /* no room; the file is not of use */
};

/* Takes some more, outside a step, until clock_monotonic_us() is `until_us`. */
enum snapshot_progress snapshot_go_on(struct snapshot *, int64_t until_us);

/* What was taken, as a world in which steps can be made and time stands still. */
struct store *snapshot_store(struct snapshot *);
void snapshot_end(struct snapshot *); /* a file stays */

/* Whether one is being taken: then no other may be begun, and none restored. */
bool snapshot_is_under_way(struct store *);

enum snapshot_restored {
    SNAPSHOT_RESTORED,
    SNAPSHOT_NOT_GOOD,   /* the file is no world, or of a newer program: nothing was changed */
    SNAPSHOT_NOT_KEPT,   /* the store failed: nothing was changed */
    SNAPSHOT_OF_ANOTHER, /* it is of an account, and that is not what was asked for: likewise */
};

/* Makes the world that of the file, outside a step; else why not. */
enum snapshot_restored snapshot_restore(struct store *, const char *path, char *why, size_t size);

/*
 * The same for one account alone. It is saved at once, in a step of the account; at `path` there is
 * an empty file. It is brought back out of a snapshot of the world, too; then what others made of
 * it, and its calls in the journal, stay.
 */
bool snapshot_save_account(struct store *, const char *path, const char *account, char *why,
    size_t size);
enum snapshot_restored snapshot_restore_account(struct store *, const char *path,
    const char *account, char *why, size_t size);

/* The moment of the snapshot, and whose it is: "" for the whole world. False when it is none. */
bool snapshot_look(const char *path, int64_t *ms, char account[ACCOUNT_SIZE]);

/*
 * Makes a file from anywhere a snapshot. False, with a line in `why`, when it is not a whole world
 * of this program or an older one. Any thread may call it: it touches nothing but the file.
 */
bool snapshot_accept(const char *path, char *why, size_t size);

#endif
