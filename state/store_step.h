/* What a step knows of itself, and its memory. Part of store.h, which is what others include. */
#ifndef STATE_STORE_STEP_H
#define STATE_STORE_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store_kept.h"

struct ids;
struct store;

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

/* For state/ only. */
struct kept_settings *store_kept_settings(struct store *);
struct quiet *store_quiet(struct store *);
struct clocks *store_clocks(struct store *);
void store_set_now(struct store *, int64_t now_ms);
void store_set_cause(struct store *, const char *cause);
void store_set_account(struct store *, const char *account, const char *clock);
void store_set_fired_after(struct store *, int64_t event_id);
void store_set_found(struct store *, const char *found); /* by no limit */
void store_set_limit(struct store *, const char *setting, double value);

#endif
