/* What a store keeps from step to step, besides the database. For the files of state/. */
#ifndef STATE_STORE_KEPT_H
#define STATE_STORE_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arn.h"
#include "clock.h"

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
 * What the last step found out, good for as long as no row has changed: then a step needs neither
 * to read the clock's row nor to look for timers. Of step.c.
 */
struct quiet {
    bool known;
    int changes; /* as store_changes() was */
    bool event_known;
    int64_t event;         /* the last of the history */
    bool faults;           /* whether there may be any fault */
    struct timer *at_once; /* of timer.c: what this step began and is due at once; or NULL */
    int works;             /* counts rows of work that came, whatever became of them; never 0 */
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

#endif
