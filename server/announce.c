#include "announce.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../state/base/instant.h"
#include "../state/step.h"
#include "../state/world.h"
#include "access/gate.h"
#include "call/server.h"
#include "http/http.h"
#include "http/options.h"
#include "http/program.h"
#include "command/options.h"
#include "record/log.h"

/* Where it is, whatever folder the reader of the log is in. */
static void
tell_data(const char *path)
{
    char whole[PATH_MAX];

    if (strcmp(path, ":memory:") == 0)
        log_line("data: in memory, and gone at the end");
    else
        log_line("data: %s", realpath(path, whole) == NULL ? path : whole);
}

static void
tell_clock(struct store *store)
{
    char now[INSTANT_SIZE];
    struct clock clock;

    step_begin(store, "start");
    clock = world_clock(store);
    instant_print(store_now(store), now);
    step_end(store, true);
    if (clock.frozen)
        log_line("clock: frozen at %s", now);
    else if (clock.scale != 1)
        log_line("clock: %g times as fast as real, %s", clock.scale, now);
    else
        log_line("clock: real, %s", now);
}

/* Whoever reaches the port may do everything: that is said loudly. */
static void
warn_of_strangers(const struct options *options, const struct gate *gate)
{
    const char *control = options->gate.apart ? options->control_host : options->host;

    if (options->auth == AUTH_OFF && !address_is_loopback(options->host))
        log_line("LISTENING BEYOND THIS MACHINE on %s, and --auth is off: whoever reaches the port "
                 "may do everything",
            options->host);
    if ((options->gate.apart || options->auth != AUTH_OFF) && control != NULL &&
        !address_is_loopback(control) && gate->token == NULL)
        log_line("LISTENING BEYOND THIS MACHINE on %s for the control API, without "
                 "--control-token: whoever reaches the port may do everything",
            control);
}

/* The control API, and with it the console, may have a door of its own. */
static void
tell_doors(const struct options *options, const struct http *http)
{
    char url[OPTIONS_URL_SIZE], control[OPTIONS_URL_SIZE];

    options_url(options, options->host, http_port(http), url);
    options_near_url(options, http_port(http), control);
    if (options->control_host != NULL)
        options_url(options, options->control_host, http_back_port(http), control);
    if (options->control_path != NULL)
        log_line(PROGRAM " " VERSION " on %s, control on unix:%s", url, options->control_path);
    else
        log_line(PROGRAM " " VERSION " on %s, console %s/_local/console", url, control);
}

void
announce_in_log(const struct options *options, const struct server *server)
{
    static const char *const profiles[] = { "instant", "quick", "aws" };

    tell_doors(options, server->http);
    tell_data(options->db);
    tell_clock(server->store);
    log_line("profile: %s", profiles[options->profile]);
    log_line("S3: %s", options->s3 == NULL ? "off, objects are taken on trust" : options->s3);
    if (options->sns != NULL)
        log_line("SNS: %s", options->sns);
    if (options->kinesis != NULL)
        log_line("Kinesis: %s", options->kinesis);
    log_line("account: %s where the access key is not one of twelve digits", options->account);
    warn_of_strangers(options, server->gate);
}

void
announce_ready(const struct options *options, const struct server *server)
{
    char url[OPTIONS_URL_SIZE];

    options_url(options, options->host, http_port(server->http), url);
    printf(PROGRAM " " VERSION " ready on %s", url);
    if (options->control_path != NULL)
        printf(" with control on unix:%s", options->control_path);
    if (options->control_host != NULL) {
        options_url(options, options->control_host, http_back_port(server->http), url);
        printf(" with control on %s", url);
    }
    putchar('\n');
    fflush(stdout);
}
