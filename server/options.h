/*
 * Options: what the program was told on the command line and in the environment.
 * The command line wins. All values are checked here; a bad one ends the program
 * with one line and status 2.
 */
#ifndef SERVER_OPTIONS_H
#define SERVER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../state/setting.h"
#include "../state/store.h"
#include "access/gate.h"
#include "record/log.h"

#define SETTINGS_MAX 64 /* --set may be given as often as this */
#define FIXTURES_MAX 64 /* and --load */

struct option_setting {
    enum setting setting;
    double value;
};

struct options {
    const char *host, *db, *account, *region;
    unsigned port;
    enum profile profile;
    bool frozen;
    bool seeded;
    uint64_t seed;
    struct gate gate;               /* --allow-host, --allow-origin */
    const char *s3;                 /* NULL: off */
    const char *tls_cert, *tls_key; /* files; both or neither */
    enum durability durability;
    enum log_form log;
    struct option_setting settings[SETTINGS_MAX];
    size_t setting_count;
    const char *fixtures[FIXTURES_MAX]; /* files */
    size_t fixture_count;
};

/*
 * Reads `argv` from `argv[first]`. Ends the program for --help, --version and the --print-
 * options, too.
 */
void options_read(struct options *, int argc, char **argv, int first);

/* Warns of environment variables with our prefix that mean nothing; for when the log is open. */
void options_warn(void);

/* Where a server is: told to commands by `exec`, and read by `wait`. */
#define OPTIONS_URL_VARIABLE "REKOGNITION_LOCAL_URL"

/* Ends the program with status 2. */
void options_refuse(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
