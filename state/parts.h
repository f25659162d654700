/*
 * What of a world is one account's, copied from one database to another of the same schema.
 *
 * The rule: rows come as they are, but for ids that others may have there already: those are moved
 * behind all that there are. No trigger fires: what triggers keep comes along.
 */
#ifndef STATE_PARTS_H
#define STATE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

struct sqlite3;

/* What a world has without any account's resources: its row, settings and clocks. */
bool parts_copy_frame(struct sqlite3 *from, struct sqlite3 *to);

/*
 * In a transaction of `to`, in which nothing is the account's any more. Of its history only what
 * is not newer than the event `told`. False when a database failed.
 */
bool parts_copy(struct sqlite3 *from, struct sqlite3 *to, const char *account, int64_t told);

#endif
