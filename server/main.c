/* The order of life: options, store, port, the loop, and out. */

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../state/clock.h"
#include "../state/resource/project.h"
#include "../state/setting.h"
#include "../state/step.h"
#include "../state/store.h"
#include "../state/world.h"
#include "control/events.h"
#include "control/snapshots.h"
#include "fixture/load.h"
#include "http/http.h"
#include "call/hold.h"
#include "call/near.h"
#include "work/job.h"
#include "record/journal.h"
#include "record/log.h"
#include "record/metrics.h"
#include "record/tally.h"
#include "json/json.h"
#include "announce.h"
#include "exec.h"
#include "help.h"
#include "options.h"
#include "s3/s3.h"
#include "route.h"
#include "call/server.h"
#include "wait.h"
#include "work/works.h"
#include "http/program.h"

static struct http *stopped_by_signal; /* a signal handler has no other way to find it */

static void
on_signal(int signal)
{
    (void)signal;
    /* It is made for signal handlers: it sets a flag and writes to an eventfd. */
    http_stop(stopped_by_signal); /* NOLINT(bugprone-signal-handler) */
}

/* Has no effect on a call that waits, but for epoll_wait(), and stays in force for the next signal. */
static void
set_signal(int signal, void (*handler)(int))
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}

static void
set_signals(void (*stop)(int))
{
    set_signal(SIGPIPE, SIG_IGN);
    set_signal(SIGHUP, SIG_IGN); /* a terminal that is closed ends nobody's world */
    set_signal(SIGTERM, stop);
    set_signal(SIGINT, stop);
}

static void
on_exchange(void *context, struct exchange *exchange)
{
    route(context, exchange);
}

static bool
on_spool(void *context, const struct exchange *exchange)
{
    (void)context;
    return snapshots_spool(exchange);
}

static void
on_refuse(void *context, struct exchange *exchange, unsigned status, const char *why)
{
    route_refuse(context, exchange, status, why);
}

/* Ends the program: it could not start. */
static void
give_up(const char *why)
{
    fprintf(stderr, PROGRAM ": %s\n", why);
    exit(1);
}

static struct store *
open_store(const struct options *options)
{
    char why[512];
    struct store *store = store_open(&(struct store_options){ .path = options->db,
                                         .durability = options->durability,
                                         .profile = options->profile,
                                         .seed = options->seeded ? &options->seed : NULL },
        why, sizeof why);

    if (store == NULL)
        give_up(why);
    if (*why != '\0')
        log_line("%s", why);
    if (!world_make(store, options->frozen))
        give_up("the store cannot be written");
    step_begin(store, "start");
    for (size_t i = 0; i < options->setting_count; i++)
        setting_set(store, options->settings[i].setting, options->settings[i].value);
    if (!step_end(store, true))
        give_up("the store cannot be written");
    return store;
}

/* The whole of a file, with a NUL behind it; ends the program when it cannot be read. */
static char *
read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char piece[65536], *text = NULL;
    FILE *whole = open_memstream(&text, length);
    size_t got;

    if (file == NULL)
        options_refuse("%s: cannot be read", path);
    if (whole == NULL)
        abort();
    while ((got = fread(piece, 1, sizeof piece, file)) > 0)
        fwrite(piece, 1, got, whole);
    if (fclose(whole) != 0)
        abort(); /* out of memory */
    if (ferror(file)) {
        free(text);
        options_refuse("%s: cannot be read", path);
    }
    fclose(file);
    return text;
}

static cJSON *
read_fixture(const char *path)
{
    size_t length;
    char *text = read_file(path, &length);
    enum json_fault fault;
    cJSON *fixture = json_parse(text, length, &fault);

    free(text);
    if (fixture == NULL)
        options_refuse("%s: %s", path, json_fault_text(fault));
    return fixture;
}

/* All fixtures or none; a world that has something in it already is left as it is. */
static void
load_fixtures(struct store *store, const struct options *options)
{
    bool is_empty;

    step_begin(store, "load");
    is_empty = project_last(store) == 0;
    for (size_t i = 0; i < options->fixture_count; i++) {
        cJSON *fixture = read_fixture(options->fixtures[i]);
        struct fixture_count count;
        struct fixture_fault fault;

        if (is_empty && !fixture_load(store, fixture, &count, &fault))
            options_refuse("%s: %s", options->fixtures[i], fault.message);
        cJSON_Delete(fixture);
    }
    if (!step_end(store, true))
        give_up("the store cannot be written");
}

static struct http *
open_http(const struct options *options, struct server *server, const char *tls_cert,
    const char *tls_key)
{
    struct http_options wanted = { .host = options->host,
        .port = options->port,
        .back_host = options->control_host,
        .back_path = options->control_path,
        .back_port = options->control_port,
        .tls_cert = tls_cert,
        .tls_key = tls_key,
        .context = server,
        .handle = on_exchange,
        .refuse = on_refuse,
        .spools = on_spool };
    char why[512];
    struct http *http = http_open(&wanted, why, sizeof why);

    if (http == NULL)
        give_up(why);
    return http;
}

/* What came from elsewhere is handed out by the loop, which may be asleep. */
static void
on_outbound(void *http)
{
    http_wake(http);
}

static struct outbound *
open_outbound(const struct options *options, struct http *http)
{
    char why[512];
    struct outbound *outbound;

    if (options->s3 == NULL)
        return NULL;
    outbound = outbound_open(&(struct outbound_options){ .s3 = options->s3,
                                 .wake = on_outbound,
                                 .context = http },
        why, sizeof why);
    if (outbound == NULL)
        give_up(why);
    return outbound;
}

/* Does what there is to be done now; the real ms until there will be more, by itself. */
static int64_t
take_turn(struct server *server)
{
    int64_t due_ms, silence_ms;
    bool busy;

    if (!jobs_have_store(server))
        return INT64_MAX;                  /* who has it wakes the loop */
    busy = outbound_run(server->outbound); /* what came from elsewhere is what jobs wait for */
    busy |= events_are_behind(server->events) || jobs_run(server);
    due_ms = step_idle(server->store);
    busy |= events_run(server);
    if (jobs_leave_store(server))
        return INT64_MAX;
    silence_ms = events_wait(server->events);
    return busy ? 0 : due_ms < silence_ms ? due_ms : silence_ms;
}

/* The first line of the file; spaces around it are not part of it. */
static char *
read_token(const char *path)
{
    size_t length, start;
    char *text = read_file(path, &length);

    start = strspn(text, " \t\r\n");
    length = strcspn(text + start, " \t\r\n");
    if (length == 0)
        options_refuse("--control-token %s: there is no token in it", path);
    memmove(text, text + start, length);
    text[length] = '\0';
    return text;
}

/* With a command, for as long as that runs. The status to exit with. */
static int
serve(const struct options *options, char **command)
{
    struct gate gate = options->gate;
    struct server server = { .account = options->account,
        .region = options->region,
        .gate = &gate };
    char *token = options->control_token == NULL ? NULL : read_token(options->control_token);
    int status = 0;
    char *tls_cert = NULL, *tls_key = NULL;
    size_t length;

    if (options->tls_cert != NULL) {
        tls_cert = read_file(options->tls_cert, &length);
        tls_key = read_file(options->tls_key, &length);
        if (!http_tls_fits(tls_cert, tls_key))
            options_refuse("--tls-cert %s, --tls-key %s: not a certificate and its key, in PEM",
                options->tls_cert, options->tls_key);
    }
    gate.token = token;
    server.store = open_store(options);
    load_fixtures(server.store, options);
    server.journal = journal_open();
    server.metrics = metrics_open();
    server.holds = holds_open();
    server.events = events_open(server.store);
    server.snapshots = snapshots_open(options->db);
    server.http = stopped_by_signal = open_http(options, &server, tls_cert, tls_key);
    if (command == NULL)
        set_signals(on_signal);
    else
        exec_signals();
    server.outbound = open_outbound(options, server.http);
    server.works = works_open(&server);
    announce_in_log(options, &server);
    if (command == NULL) {
        announce_ready(options, &server);
    } else {
        server.tally = tally_open();
        exec_begin(command, options, server.http);
    }
    while (http_poll(server.http, take_turn(&server)))
        ;
    jobs_close(&server);
    http_poll(server.http, 0); /* who was put aside is answered */
    works_close(server.works);
    outbound_close(server.outbound); /* ends calls that wait for an object */
    if (command == NULL)
        set_signals(SIG_IGN); /* there is nothing left to be stopped */
    http_close(server.http);
    if (command != NULL)
        status = exec_end(&server, options);
    tally_close(server.tally);
    journal_close(server.journal);
    events_close(server.events);
    holds_close(server.holds);
    metrics_close(server.metrics);
    snapshots_close(server.snapshots);
    world_leave(server.store);
    store_close(server.store);
    free(tls_cert);
    free(tls_key);
    free(token);
    return status;
}

/* ---- commands ----------------------------------------------------------- */

static int
start(enum purpose purpose, int argc, char **argv, int first, char **command)
{
    struct options options;
    int status;

    options_read(&options, purpose, argc, argv, first);
    log_open(options.log);
    options_warn();
    status = serve(&options, command);
    log_close();
    return status;
}

static int
command_serve(int argc, char **argv, int first)
{
    return start(TO_SERVE, argc, argv, first, NULL);
}

/* What is behind "--" is the command. */
static int
command_exec(int argc, char **argv, int first)
{
    struct options options;
    int end = first;

    while (end < argc && strcmp(argv[end], "--") != 0)
        end++;
    if (end + 1 < argc)
        return start(TO_EXEC, end, argv, first, argv + end + 1);
    /* It may be asked for help, or be wrong itself. */
    options_read(&options, TO_EXEC, end, argv, first);
    options_refuse("exec needs a command behind --, such as: " PROGRAM " exec -- pytest");
}

static int command_help(int argc, char **argv, int first);

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv, int first); /* reads from argv[first]; the exit status */
    void (*help)(void);
} commands[] = {
    { "serve", command_serve, help_serve }, /* also when none is named */
    { "exec", command_exec, help_exec },
    { "wait", wait_until_ready, help_wait },
    { "help", command_help, help_serve },
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static const char *
name_of_command(size_t i)
{
    return i < COMMAND_COUNT ? commands[i].name : NULL;
}

/* Ends the program when there is none of that name. */
static const struct command *
find_command(const char *name)
{
    const char *meant = near_name(name, name_of_command);

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    if (meant != NULL)
        options_refuse("there is no command %s; did you mean %s?", name, meant);
    options_refuse("there is no command %s; see --help", name);
}

static int
command_help(int argc, char **argv, int first)
{
    if (first < argc && *argv[first] != '-')
        find_command(argv[first])->help();
    else
        help_serve();
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc > 1 && *argv[1] != '-')
        return find_command(argv[1])->run(argc, argv, 2);
    return command_serve(argc, argv, 1);
}
