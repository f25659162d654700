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

#include "../../state/setting.h"
#include "../../state/store.h"
#include "../access/gate.h"
#include "../call/server.h"
#include "../record/log.h"

#define SETTINGS_MAX 64 /* --set may be given as often as this */
#define FIXTURES_MAX 64 /* and --load */

struct option_setting {
    enum setting setting;
    struct setting_value value;
};

enum purpose { TO_SERVE, TO_EXEC };

struct options {
    enum purpose purpose;
    const char *host, *db, *account, *region;
    unsigned port;
    enum profile profile;
    bool frozen;
    bool seeded;
    uint64_t seed;
    struct gate gate;                        /* --allow-host, --allow-origin */
    char control_text[512];                  /* room for one of these */
    const char *control_host, *control_path; /* at most one; none: at the door of the API */
    unsigned control_port;
    enum auth auth;
    bool soft;
    const char *credentials;         /* a file; NULL: none */
    const char *control_token;       /* a file; NULL: none */
    const char *s3;                  /* NULL: off */
    const char *aws, *sns, *kinesis; /* URLs; NULL: none */
    const char *tls_cert, *tls_key;  /* files; both or neither */
    enum durability durability;
    enum log_form log;
    struct option_setting settings[SETTINGS_MAX];
    size_t setting_count;
    const char *fixtures[FIXTURES_MAX]; /* files */
    size_t fixture_count;
    unsigned fail_on; /* of exec: see exec_report.h */
};

/*
 * Reads `argv` from `argv[first]`. Ends the program for --help, --version and the --print-
 * options, too.
 */
void options_read(struct options *, enum purpose, int argc, char **argv, int first);

/* Warns of environment variables with our prefix that mean nothing; for when the log is open. */
void options_warn(void);

#define OPTIONS_URL_SIZE 512

/* Where such a server is, as it is told, and as somebody on this machine reaches it. */
void options_url(const struct options *, const char *host, unsigned port,
    char out[OPTIONS_URL_SIZE]);
const char *options_near_host(const struct options *);
void options_near_url(const struct options *, unsigned port, char out[OPTIONS_URL_SIZE]);

/* Ends the program with status 2. */
void options_refuse(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
