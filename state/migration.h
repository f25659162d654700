/* How a database gets the schema of this program: what state/sql says. */
#ifndef STATE_MIGRATION_H
#define STATE_MIGRATION_H

#include <stdbool.h>

struct sqlite3;

/* The version of the newest schema: so many migrations lead to it. */
int migration_count(void);

/*
 * Brings the schema from one version to a later one; 0 is a database in which there is nothing.
 * Not a transaction of its own. False: sqlite3_errmsg() says why.
 */
bool migrate(struct sqlite3 *, int from, int to);

#endif
