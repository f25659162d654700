/*
 * Settings: every duration, limit and behaviour that a user may change, by name.
 *
 * settings.def is the table; only what was changed is a row in the store.
 */
#ifndef STATE_SETTING_H
#define STATE_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/evidence.h"
#include "store.h"

enum setting_kind {
    SETTING_DURATION, /* milliseconds; written as 5s or 1h30m */
    SETTING_STEP,     /* likewise, of a timed step: which may be a range, or a number of answers */
    SETTING_COUNT,    /* a whole number */
    SETTING_NUMBER,
    SETTING_WORD, /* one of a few words: the number of it */
};

#define SETTING_WORD_SIZE 16

/* Words that are asked for by number. */
enum { UNKNOWN_LABELS_NOTHING, UNKNOWN_LABELS_LABEL };
enum { UNKNOWN_IMAGE_FACE, UNKNOWN_IMAGE_NOTHING, UNKNOWN_IMAGE_REFUSE };
enum { UNKNOWN_VIDEO_NOTHING, UNKNOWN_VIDEO_REFUSE };

enum setting {
#define SETTING(id, name, kind, min, max, instant, quick, aws, evidence, source, help) SETTING_##id,
#include "settings.def"
#undef SETTING
    SETTING_TOTAL
};

/* What a setting is set to. */
struct setting_value {
    double value; /* of a step, when it is negative: so many answers that show it, and no time */
    double most;  /* the same, but of a range */
};

/* Of a value that is no range. */
struct setting_value setting_plain(double value);

struct setting_row {
    const char *name;
    enum setting_kind kind;
    double min, max;
    double defaults[3]; /* by enum profile */
    enum evidence evidence;
    const char *source; /* where the default is known from */
    const char *help;
};

extern const struct setting_row setting_rows[SETTING_TOTAL];

/* SETTING_TOTAL when there is none of that name. */
enum setting setting_find(const char *name);

struct setting_value setting_default(struct store *, enum setting);

/* For the account of the step, which may have its own. */
struct setting_value setting_value(struct store *, enum setting);

/* How long the next step takes, drawn when it is a range; or after how many answers it ends. */
struct setting_step {
    int64_t ms, polls; /* one of them is 0 */
};

struct setting_step setting_step(struct store *, enum setting);

int64_t setting_int(struct store *, enum setting); /* milliseconds for a duration */
double setting_number(struct store *, enum setting);

/* Of a SETTING_WORD: its words, separated by spaces; the number of one, -1 if it is none; and back. */
const char *setting_words(enum setting);
int setting_word_number(enum setting, const char *word);
void setting_word_print(enum setting, int number, char out[SETTING_WORD_SIZE]);

/* False, with a line in `why`, when the value is not in the row's range. */
bool setting_accepts(enum setting, struct setting_value, char *why, size_t size);
void setting_set(struct store *, enum setting, double value);
void setting_set_value(struct store *, enum setting, struct setting_value);
void setting_restore(struct store *, enum setting); /* back to the default */
void setting_restore_all(struct store *);

/*
 * What an account has in place of the world's value: false when nothing. There are settings of what
 * accounts share, which no account can have of its own.
 */
bool setting_override(struct store *, const char *account, enum setting,
    struct setting_value *value);
bool setting_is_the_worlds(enum setting);
void setting_set_own(struct store *, const char *account, enum setting, struct setting_value);
void setting_remove_own(struct store *, const char *account, enum setting);
void setting_remove_all_own(struct store *, const char *account); /* NULL: of every account */

#endif
