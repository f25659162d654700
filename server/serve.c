#include "serve.h"

#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../state/clock.h"
#include "../state/lifecycle.h"
#include "../state/step.h"
#include "../state/store.h"
#include "../state/world.h"
#include "access/credentials.h"
#include "announce.h"
#include "call/hold.h"
#include "call/once.h"
#include "call/server.h"
#include "control/events.h"
#include "control/snapshots.h"
#include "command/exec.h"
#include "http/http.h"
#include "open.h"
#include "command/options.h"
#include "record/journal.h"
#include "record/metrics.h"
#include "record/tally.h"
#include "rpc.h"
#include "s3/s3.h"
#include "secrets.h"
#include "video/finding.h"
#include "work/job.h"
#include "work/outbox.h"
#include "work/sweep.h"
#include "work/works.h"

static struct http *stopped_by_signal; /* a signal handler has no other way to find it */

static volatile sig_atomic_t reload_asked;

static void
on_hangup(int signal)
{
    (void)signal;
    reload_asked = 1;
    http_wake(stopped_by_signal); /* NOLINT(bugprone-signal-handler): as below */
}

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
    /* A terminal that is closed ends nobody's world; files are read again. */
    set_signal(SIGHUP, stop == SIG_IGN ? SIG_IGN : on_hangup);
    set_signal(SIGTERM, stop);
    set_signal(SIGINT, stop);
}

/* The world's clock goes on when the machine's is set back; whoever compares the two is told. */
static void
tell_of_clock(void)
{
    int64_t back_ms = clock_told_back();

    if (back_ms >= 1000)
        log_line("the clock of this machine was set back by %" PRId64
                 " s; that of the world is not, and goes on from where it was",
            back_ms / 1000);
}

/* Does what there is to be done now; the real ms until there will be more, by itself. */
static int64_t
take_turn(struct server *server)
{
    int64_t due_ms, silence_ms;
    bool busy;

    step_settle(server->store); /* who was served in this turn is answered */
    if (!jobs_have_store(server))
        return INT64_MAX;                  /* who has it wakes the loop */
    busy = outbound_run(server->outbound); /* what came from elsewhere is what jobs wait for */
    busy |= outbound_run(server->word);
    busy |= events_are_behind(server->events) || jobs_run(server);
    due_ms = step_idle(server->store);
    tell_of_clock();
    busy |= events_run(server);
    step_settle(server->store);
    if (jobs_leave_store(server))
        return INT64_MAX;
    silence_ms = events_wait(server->events);
    return busy ? 0 : due_ms < silence_ms ? due_ms : silence_ms;
}

int
serve(const struct options *options, char **command)
{
    struct gate gate = options->gate;
    struct server server = { .account = options->account,
        .region = options->region,
        .sns = options->sns,
        .kinesis = options->kinesis,
        .frozen = options->frozen,
        .auth = options->auth,
        .soft = options->soft,
        .secure = options->tls_cert != NULL,
        .gate = &gate };
    char *token = open_token(options);
    struct tls tls = open_tls(options);
    int status = 0;

    gate.token = token;
    lifecycle_set_judge(finding_judge);
    server.store = open_store(options);
    load_fixtures(server.store, options);
    secrets_open(options, &server);
    server.journal = journal_open();
    server.metrics = metrics_open();
    server.holds = holds_open();
    server.once = once_open();
    server.events = events_open(server.store);
    server.snapshots = snapshots_open(options->db);
    step_share(server.store, rpc_settled, &server);
    server.http = stopped_by_signal = open_http(options, &server, &tls);
    if (command == NULL)
        set_signals(on_signal);
    else
        exec_signals();
    server.outbound = open_outbound(options, server.http);
    server.word = open_word(options, server.http);
    server.works = works_open(&server);
    server.outbox = outbox_open(&server);
    server.sweep = sweep_open(&server);
    announce_in_log(options, &server);
    if (command == NULL) {
        announce_ready(options, &server);
    } else {
        server.tally = tally_open();
        exec_begin(command, options, server.http);
    }
    while (http_poll(server.http, take_turn(&server)))
        if (reload_asked && jobs_have_store(&server)) {
            reload_asked = 0;
            secrets_reload(options, &server);
        }
    while (jobs_close(&server)) {
        http_poll(server.http, 0); /* who was put aside is served, or begins another */
        step_settle(server.store);
        http_poll(server.http, 0); /* and answered */
    }
    works_close(server.works);
    outbox_close(server.outbox);
    outbound_close(server.word);
    sweep_close(server.sweep);
    outbound_close(server.outbound); /* ends calls that wait for an object */
    step_settle(server.store);
    if (command == NULL)
        set_signals(SIG_IGN); /* there is nothing left to be stopped */
    http_close(server.http);
    if (command != NULL)
        status = exec_end(&server, options);
    tally_close(server.tally);
    journal_close(server.journal);
    events_close(server.events);
    holds_close(server.holds);
    once_close(server.once);
    metrics_close(server.metrics);
    snapshots_close(server.snapshots);
    world_leave(server.store);
    store_close(server.store);
    close_tls(&tls);
    free(token);
    credentials_close(server.credentials);
    return status;
}
