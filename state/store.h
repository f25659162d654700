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

#include "base/arn.h"
#include "clock.h"

struct ids;
struct sqlite3;
struct store;

/* What an answered change survives. */
enum durability {
    SURVIVES_PROCESS, /* a killed process: synchronous = NORMAL */
    SURVIVES_POWER,   /* a power cut: synchronous = FULL */
};

/* Whose default durations hold; see settings.def. */
enum profile {
    PROFILE_INSTANT,
    PROFILE_QUICK,
    PROFILE_AWS,
};

struct store_options {
    const char *path; /* ":memory:" keeps nothing */
    enum durability durability;
    enum profile profile;
    const uint64_t *seed; /* NULL: identifiers are random */
    unsigned sends;       /* whom there is to be told: a bit for each kind of delivery.h */
    bool plain;           /* to look at one from anywhere: a good one is left as it is */
};

/*
 * Opens or creates. NULL on failure, with one line for the user in `why`: a file
 * that is damaged, of another program, of a newer rekognition-local, in use by
 * another process or no world that there can be is refused and left as it was.
 * Of one that is opened `why` may have something to tell the user, too, or is "".
 */
struct store *store_open(const struct store_options *, char *why, size_t size);
void store_close(struct store *);

const struct store_options *store_options(const struct store *); /* its path need not last */
struct ids *store_ids(struct store *);

/* Another number once another world has taken the place of this one: a snapshot was restored. */
int store_world(const struct store *);

/*
 * The moment of this step, in ms since 1970, and who began it: an operation, 'timer', a control
 * call.
 */
int64_t store_now(const struct store *);
const char *store_cause(const struct store *);

/* Whose step it is, "" for nobody's, and by whose clock: "" for the world's. */
const char *store_account(const struct store *);
const char *store_clock(const struct store *);

/*
 * Why the last refusal of this step was made: what was found, in words; "" when nothing was said.
 */
const char *store_found(const struct store *);

/* The setting whose value that refusal stood on, and the value; NULL when it stood on none. */
const char *store_limit(const struct store *, double *value);

/* The last event of the history before this step fired its timers; -1 when it fired none. */
int64_t store_fired_after(const struct store *);

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

/* Since the step began: whatever is done in it now, it will not be kept. */
bool store_failed(const struct store *);

/* Memory of the step. */
void *store_alloc(struct store *, size_t size);
/*
 * Room for one more behind the `count` elements of an array, which may move: for rows of unknown
 * number.
 */
void *store_more(struct store *, void *array, size_t count, size_t element_size);
char *store_keep(struct store *, const char *text);                      /* NULL stays NULL */
char *store_keep_bytes(struct store *, const char *text, size_t length); /* and a NUL behind them */
char *store_format(struct store *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * What the last step found out, good for as long as no row has changed: then a step needs neither
 * to read the clock's row nor to look for timers. Of step.c.
 */
struct quiet {
    bool known;
    int changes; /* as store_changes() was */
    bool event_known;
    int64_t event; /* the last of the history */
    bool faults;   /* whether there may be any fault */
    int works;     /* counts rows of work and deliveries that came, whatever they became; never 0 */
};

/* A clock, as its row says, and when it has something to do. Of clocks.c. */
struct own_clock {
    char account[ACCOUNT_SIZE]; /* "": the world's */
    struct clock clock;
    int64_t due_ms;  /* of its first timer; INT64_MAX: none */
    int64_t real_ms; /* when that will be, as clock_real_ms() has it; INT64_MAX: never by itself */
    bool stale;      /* its timers may be others than when that was found out */
};

/* All of them. */
struct clocks {
    bool known;   /* else the rows are to be read */
    bool written; /* a row was, in this step: if that is dropped they are to be read again */
    bool stale;   /* at least one is */
    struct own_clock world, *own; /* own: in the order of their accounts */
    size_t count;
    struct own_clock *first; /* to have something to do */
};

/* The values of all settings, as long as nothing may have changed one. Of setting.c. */
struct kept_settings {
    bool known;
    struct setting_value *values; /* NULL until they were asked for */
    bool own;                     /* whether any account may have some of its own */
};

/* The name of a parameter, a literal, and its number in its statement. Of query.c. */
#define BINDINGS_MAX 8
struct query_binding {
    const char *name;
    int index;
};

/* For state/ only. */
struct kept_settings *store_kept_settings(struct store *);
struct quiet *store_quiet(struct store *);
struct clocks *store_clocks(struct store *);
int store_changes(const struct store *); /* rows ever changed, also by what was undone */
void store_begin(struct store *, const char *cause);
bool store_commit(struct store *);
void store_savepoint(struct store *);
void store_drop(
    struct store *); /* undoes what was done since the savepoint; without one, since begin */
void store_fail(struct store *, const char *doing);
void store_set_now(struct store *, int64_t now_ms);
void store_set_cause(struct store *, const char *cause);
void store_set_account(struct store *, const char *account, const char *clock);
void store_set_fired_after(struct store *, int64_t event_id);
void store_set_found(struct store *, const char *found); /* by no limit */
void store_set_limit(struct store *, const char *setting, double value);
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
