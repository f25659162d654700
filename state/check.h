/*
 * Whether a file is a world that this program can live in. Nothing in a file is trusted: it may
 * have come from anywhere, and whoever wrote it may have meant harm.
 *
 * The rule: its header, then its schema, then its pages, then its rows; none is looked at before
 * what comes before it is good. Nothing is changed.
 */
#ifndef STATE_CHECK_H
#define STATE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

struct sqlite3;

/* "REKO": in the header of every file of ours, so that nobody else's is ever touched. */
#define APPLICATION_ID 0x52454b4f

/* Makes a connection that was just opened one that a hostile file gets no hold of. */
void check_defend(struct sqlite3 *);

/*
 * Looks at the first bytes as a plain file: to open another program's database with SQLite could
 * already recover or checkpoint it. Where there is no file, there may be one. `*is_empty`: there
 * is one, in which there is nothing.
 */
bool check_header(const char *path, bool *is_empty, char *why, size_t size);

/* Whether the file, and what is beside it, can be written. */
bool check_writable(const char *path, char *why, size_t size);

/* How much is looked at: each also at what those before it do. */
enum check_depth {
    CHECK_VERSION, /* of a file that is sealed: see seal.h */
    CHECK_PAGES, /* that the schema is that of one of our versions, exactly, and the pages are whole */
    CHECK_INDEXES, /* that each has what its table has */
};

/* All but the first take as long as there are rows. */
bool check_schema(struct sqlite3 *, enum check_depth, char *why, size_t size);

/* Of a database of the newest schema: every row. */
bool check_rows(struct sqlite3 *, char *why, size_t size);

/* Whatever SQLite says of the whole of it, as text; false when it does not say. */
bool check_ask(struct sqlite3 *, const char *sql, char *out, size_t size);

#endif
