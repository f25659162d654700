/*
 * The store: one SQLite database that holds the whole world.
 *
 * A database failure is remembered, not returned: after one, queries do nothing
 * and store_commit() rolls back and says false. So the code between begin and
 * commit is free of database error handling.
 *
 * The server opens and closes it and works in steps (step.h); the rest is for
 * the files of state/. Whatever is read lives until the step's next store_begin().
 */
#ifndef STATE_STORE_H
#define STATE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store_kept.h"
#include "store_step.h"

struct sqlite3;
struct store;

/*
 * Opens or creates. NULL on failure, with one line for the user in `why`: a file
 * that is damaged, of another program, of a newer rekognition-local, in use by
 * another process or no world that there can be is refused and left as it was.
 * Of one that is opened `why` may have something to tell the user, too, or is "".
 */
struct store *store_open(const struct store_options *, char *why, size_t size);
void store_close(struct store *);

/* Since the step began: whatever is done in it now, it will not be kept. */
bool store_failed(const struct store *);

/*
 * What was written waits in a log of its own until it is copied to its places, all at once. That
 * takes as long as there is much of it, and is for others to do in good time.
 */
bool store_wants_checkpoint(const struct store *);
void store_checkpoint(struct store *);

/* From another thread: all that the store is asked from now on fails, until it is told to go on. */
void store_interrupt(struct store *);
void store_go_on(struct store *);

/*
 * Why it fails, when it has failed since something was last written; NULL when it is well. Outside
 * a step: it looks at the file, and tries, if need be, whether it can be written again.
 */
const char *store_trouble(struct store *);
const char *store_why(const struct store *); /* of a step that has just failed */

/* For state/ only. */
void store_begin(struct store *, const char *cause);
bool store_commit(struct store *);

/*
 * The same, but it may share its transaction with others of the kind, if it takes the disk to commit
 * one: see step_share().
 */
void store_begin_shared(struct store *, const char *cause);
bool store_commit_shared(struct store *);
bool store_shares(const struct store *); /* there are steps that are not committed */
void store_settle(struct store *);
void store_share(struct store *, void (*tell)(void *context, bool kept), void *context);

void store_savepoint(struct store *);
void store_drop(
    struct store *); /* undoes what was done since the savepoint; without one, since begin */
int store_changes(const struct store *); /* rows ever changed, also by what was undone */
void store_fail(struct store *, const char *doing);
/*
 * A store of the database of `db`, which is as one that store_open() opened, and now the store's;
 * NULL when it is not. The profile and the durability are those of `like`.
 */
struct store *store_adopt(struct sqlite3 *db, const struct store *like);
void store_renew(
    struct store *); /* brings it to the newest schema, after its whole content changed */
struct sqlite3 *store_db(struct store *); /* between steps nothing is being read */
int *store_copies(struct store *);        /* how many copies are being made; for snapshot.c */
/* One of enum sql, ready to be bound, and its BINDINGS_MAX bindings. */
struct sqlite3_stmt *store_statement(struct store *, int sql, struct query_binding **);

#endif
