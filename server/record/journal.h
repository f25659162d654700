/*
 * The journal: every call of the API, as it came and as it was answered, newest last.
 *
 * The rule: it is kept in memory and nowhere else, so that a call that only reads stays one that
 * only reads, whatever is recorded of it. It ends with the process. It is bounded twice, by calls
 * and by bytes; what is beyond is forgotten, the oldest first. Ids only ever grow.
 */
#ifndef SERVER_RECORD_JOURNAL_H
#define SERVER_RECORD_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal;

struct journal_entry {
    int64_t id;      /* given by journal_add() */
    size_t weight;   /* likewise: bytes that it takes to keep, and to search */
    int64_t at_ms;   /* of the world */
    int64_t real_ms; /* when it was answered, in real time */
    int64_t duration_us;
    int64_t moves;          /* the last event of the history before it */
    int64_t fault;          /* the fault that struck it, or 0 */
    unsigned status;        /* 0: none was sent */
    const char *operation;  /* lives for ever; NULL: the call named none that there is */
    const char *error;      /* lives for ever; NULL: none */
    const char *request_id; /* NULL: there is none */
    const char *account, *region, *access_key_id;
    const char *input;   /* JSON as it came; NULL: it could not be read */
    const char *output;  /* JSON as it was sent; NULL: nothing was */
    const char *explain; /* likewise; NULL: nothing to explain */
    const char *ignored; /* likewise: members of the input that nobody read */
};

struct journal *journal_open(void);
void journal_close(struct journal *);

/* How much it keeps from here on: so many calls, of so many bytes of text. */
void journal_bound(struct journal *, int64_t calls, int64_t bytes);

/*
 * Copies the entry; its id is returned. Of JSON beyond 4 KiB the strings that are so long by
 * themselves (images, manifests) are cut, with a note of their length; of what is beyond 256 KiB
 * even so, only its length is noted.
 */
int64_t journal_add(struct journal *, const struct journal_entry *);

/* Forgets the calls of the account, the region, or both (NULL: any); how many there were. */
size_t journal_forget(struct journal *, const char *account, const char *region);

/* The first entry with a greater id, or NULL. Valid until the journal changes. */
const struct journal_entry *journal_next(const struct journal *, int64_t after);
int64_t journal_last(const struct journal *); /* the greatest id given, 0 before the first */

/* Likewise the last entry with a smaller id. */
const struct journal_entry *journal_previous(const struct journal *, int64_t before);

/* What to look for; NULL or 0 is anything. A status of JOURNAL_UNSENT is none at all. */
struct journal_filter {
    const char *operation, *account, *region, *error;
    const char *arn;  /* somewhere in the input or the output, as a whole string */
    const char *text; /* somewhere in what is kept of it, capital or not */
    int status;
};
#define JOURNAL_UNSENT (-1)

bool journal_matches(const struct journal_entry *, const struct journal_filter *);

#endif
