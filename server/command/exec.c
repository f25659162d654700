#define _GNU_SOURCE /* environ */

#include "exec.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../state/base/memory.h"
#include "exec_report.h"
#include "../http/http.h"
#include "../http/program.h"
#include "options.h"

#define EXIT_NOT_FOUND 127 /* as a shell says it */
#define EXIT_NOT_RUN 126
#define EXIT_FAILED_ON 3

/* Signal handlers have no other way to find these. */
static struct http *stopped_by_child;
static volatile pid_t child; /* 0: none yet, or it has been waited for */
static volatile sig_atomic_t child_status;

static sigset_t mask_before;   /* of the signals that were blocked when we were started */
static sigset_t ignored_by_us; /* and not by who started us */

static int not_started; /* the status to exit with when there never was a child; 0: there was */

/* ---- its environment ---------------------------------------------------- */

#define OURS_MAX 9

/* With this an SDK would pass over the endpoint, and call the real service. */
#define IGNORES_ENDPOINTS "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"

struct environment {
    char **all; /* what the command gets */
    size_t count;
    char *ours[OURS_MAX]; /* what in it is not our own environment */
    size_t ours_count;
};

static const char *
value_of(const char *name)
{
    const char *value = getenv(name);

    return value == NULL || *value == '\0' ? NULL : value;
}

static char *
joined(const char *left, const char *between, const char *right)
{
    size_t size = strlen(left) + strlen(between) + strlen(right) + 1;
    char *text = memory_new(size);

    snprintf(text, size, "%s%s%s", left, between, right);
    return text;
}

static void
set(struct environment *environment, const char *name, const char *value)
{
    char *line = joined(name, "=", value);
    size_t i = 0, length = strlen(name) + 1;

    while (i < environment->count && strncmp(environment->all[i], line, length) != 0)
        i++;
    environment->all[i] = line;
    environment->count += i == environment->count;
    environment->ours[environment->ours_count++] = line;
}

static void
set_if_unset(struct environment *environment, const char *name, const char *value)
{
    if (value_of(name) == NULL)
        set(environment, name, value);
}

/* Some SDKs read the one variable of the region, some the other. */
static void
set_region(struct environment *environment, const char *otherwise)
{
    const char *region = value_of("AWS_REGION"), *preset = value_of("AWS_DEFAULT_REGION");

    if (region == NULL)
        set(environment, "AWS_REGION", preset == NULL ? otherwise : preset);
    if (preset == NULL)
        set(environment, "AWS_DEFAULT_REGION", region == NULL ? otherwise : region);
}

/* A proxy that is set for the way out could not reach this machine. */
static void
pass_proxies_by(struct environment *environment, const char *host)
{
    static const char *const proxies[] = { "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
        "all_proxy", "ALL_PROXY" };
    const char *old = value_of("no_proxy") == NULL ? value_of("NO_PROXY") : value_of("no_proxy");
    bool has_proxy = false;
    char *value;

    for (size_t i = 0; i < sizeof proxies / sizeof proxies[0]; i++)
        has_proxy = has_proxy || value_of(proxies[i]) != NULL;
    if (!has_proxy)
        return;
    value = joined(old == NULL ? "" : old, old == NULL ? "" : ",", host);
    set(environment, "no_proxy", value);
    set(environment, "NO_PROXY", value);
    free(value);
}

/* Ours is left as it is: what is asked of S3 is signed with the keys in it. */
static struct environment *
make_environment(const struct options *options, unsigned port)
{
    struct environment *environment = memory_new(sizeof *environment);
    char url[OPTIONS_URL_SIZE];
    size_t count = 0;

    while (environ[count] != NULL)
        count++;
    environment->all = memory_new((count + OURS_MAX + 1) * sizeof *environment->all);
    memcpy(environment->all, environ, count * sizeof *environ);
    environment->count = count;
    options_near_url(options, port, url);
    set(environment, "AWS_ENDPOINT_URL_REKOGNITION", url);
    set(environment, URL_VARIABLE, url);
    set_if_unset(environment, "AWS_ACCESS_KEY_ID", options->account);
    set_if_unset(environment, "AWS_SECRET_ACCESS_KEY", "any");
    set_region(environment, options->region);
    pass_proxies_by(environment, options_near_host(options));
    if (value_of(IGNORES_ENDPOINTS) != NULL)
        set(environment, IGNORES_ENDPOINTS, "false");
    return environment;
}

static void
environment_free(struct environment *environment)
{
    for (size_t i = 0; i < environment->ours_count; i++)
        free(environment->ours[i]);
    free(environment->all);
    free(environment);
}

/* ---- signals ------------------------------------------------------------ */

/* Process 1 of a container inherits the children of others: they are waited for, too. */
static void
on_child(int signal)
{
    int saved = errno, status;
    pid_t ended;

    (void)signal;
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
        if (ended == child) {
            child = 0;
            child_status = status;
            /* It is made for signal handlers: it sets a flag and writes to an eventfd. */
            http_stop(stopped_by_child); /* NOLINT(bugprone-signal-handler) */
        }
    errno = saved;
}

/*
 * A signal that a process sent is passed on. The one of a terminal (^C) is not: that has told the
 * command, which is in the same group, already; and told twice, pytest does not tear down.
 */
static void
on_pass(int signal, siginfo_t *info, void *context)
{
    int saved = errno;

    (void)context;
    if (info->si_code <= 0 && child != 0)
        kill(child, signal);
    errno = saved;
}

static void
ignore(int signal)
{
    struct sigaction ours = { .sa_handler = SIG_IGN }, before;

    sigaction(signal, &ours, &before);
    if (before.sa_handler != SIG_IGN)
        sigaddset(&ignored_by_us, signal);
}

static void
pass_on(int signal, const sigset_t *caught)
{
    struct sigaction ours = { .sa_flags = SA_SIGINFO | SA_RESTART, .sa_mask = *caught }, before;

    ours.sa_sigaction = on_pass;
    /* Whom a script starts in its background has ^C ignored, and so has the command then. */
    if (sigaction(signal, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(signal, &ours, NULL);
}

void
exec_signals(void)
{
    struct sigaction ended = { .sa_handler = on_child, .sa_flags = SA_NOCLDSTOP | SA_RESTART };
    sigset_t caught;

    sigemptyset(&caught);
    sigaddset(&caught, SIGINT);
    sigaddset(&caught, SIGTERM);
    sigaddset(&caught, SIGCHLD);
    sigprocmask(SIG_BLOCK, &caught, &mask_before);
    ended.sa_mask = caught;
    sigaction(SIGCHLD, &ended, NULL);
    pass_on(SIGINT, &caught);
    pass_on(SIGTERM, &caught);
    sigemptyset(&ignored_by_us);
    ignore(SIGPIPE);
    ignore(SIGHUP);
}

/* ---- the command -------------------------------------------------------- */

/* 0, or why it cannot be run. Its signals are as they were before us. */
static int
spawn(char **command, char **environment)
{
    posix_spawnattr_t how;
    pid_t started = 0;
    int error;

    if (posix_spawnattr_init(&how) != 0)
        abort();
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&how, &mask_before);
    posix_spawnattr_setsigdefault(&how, &ignored_by_us);
    error = posix_spawnp(&started, command[0], NULL, &how, command, environment);
    posix_spawnattr_destroy(&how);
    child = error == 0 ? started : 0;
    return error;
}

void
exec_begin(char **command, const struct options *options, struct http *http)
{
    struct environment *environment = make_environment(options, http_port(http));
    int error = spawn(command, environment->all);

    environment_free(environment);
    stopped_by_child = http;
    if (error != 0) {
        fprintf(stderr, PROGRAM ": exec: %s: %s\n", command[0], strerror(error));
        not_started = error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN;
        http_stop(http);
    }
    sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

/* The server has stopped before its command only when it was beyond help. */
static void
end_child(void)
{
    sigset_t ended, before;

    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    sigprocmask(SIG_BLOCK, &ended, &before);
    if (child != 0)
        kill(child, SIGTERM);
    while (child != 0)
        sigsuspend(&before);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

int
exec_end(struct server *server, const struct options *options)
{
    unsigned failed;

    if (not_started != 0)
        return not_started;
    end_child();
    failed = exec_report(server) & options->fail_on;
    if (WIFSIGNALED(child_status))
        return 128 + WTERMSIG(child_status);
    if (WEXITSTATUS(child_status) == 0 && failed != 0)
        return EXIT_FAILED_ON;
    return WEXITSTATUS(child_status);
}
