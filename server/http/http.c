/* The server's life and its loop. */
#include "http.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "door.h"
#include "linger.h"
#include "request.h"
#include "serving.h"
#include "tls.h"
#include "visit.h"

/* 1.0 renamed the knob for the strictness of the parser, and gave it more levels. */
#if MHD_VERSION >= 0x00097701
#define STRICTNESS_OPTION MHD_OPTION_CLIENT_DISCIPLINE_LVL
#define STRICTNESS 1
#else
/* Level 1 answers a missing Host twice, -1 is the strict one about "Content-Length : 7" (sic): we
   check ourselves. */
#define STRICTNESS_OPTION MHD_OPTION_STRICT_FOR_CLIENT
#define STRICTNESS 0
#endif

/* Descriptors that are not connections: the store's, spooled bodies, lingering closes, whatever the
   program opens. */
#define OTHER_FILES 512
/* What one poll gives to recalled exchanges: others want an answer, too. */
#define RECALL_MS 4

struct http {
    struct servings servings;
    struct MHD_Daemon *daemon;
    int wake, listener;
    struct watch daemon_watch, wake_watch;
    int64_t stop_by_ms;
    volatile sig_atomic_t stop_asked;
    char complaint[200]; /* the library's last */
};

/* --- Opening ---------------------------------------------------------------------------------- */

/* Beyond the limit of open files accept() fails and the listening socket stays ready: a busy loop.
   So the limit of connections stays below. */
static unsigned
allow_connections(unsigned wanted)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return wanted;
    if (limit.rlim_cur < (rlim_t)wanted + OTHER_FILES) {
        limit.rlim_cur = (rlim_t)wanted + OTHER_FILES;
        if (limit.rlim_cur > limit.rlim_max)
            limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= (rlim_t)wanted + OTHER_FILES)
        return wanted;
    return limit.rlim_cur > 2 * OTHER_FILES ? (unsigned)limit.rlim_cur - OTHER_FILES
                                            : (unsigned)limit.rlim_cur / 2;
}

static void
on_complaint(void *context, const char *format, va_list arguments)
{
    struct http *http = context;

    vsnprintf(http->complaint, sizeof http->complaint, format, arguments);
    http->complaint[strcspn(http->complaint, "\n")] = '\0';
    if (http->servings.options.log != NULL)
        http->servings.options.log(http->servings.options.context, http->complaint);
}

static bool
start_daemon(struct http *http)
{
    const struct http_options *options = &http->servings.options;
    struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)(uintptr_t)tls_choose },
        { MHD_OPTION_END, 0, NULL },
    };
    struct MHD_OptionItem items[] = {
        /* The first, or it misses the complaints about the others. */
        { MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_complaint, http },
        { MHD_OPTION_LISTEN_SOCKET, http->listener, NULL },
        { MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, &http->servings },
        { MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, &http->servings },
        { MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, &http->servings },
        { MHD_OPTION_CONNECTION_LIMIT, allow_connections(options->connections_max), NULL },
        /* The library zeroes all of it after every request, which costs a tenth of the speed at
           128 KiB, and 1.3 GB for 10,000 connections. */
        { MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)options->connection_bytes, NULL },
        { MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)((options->idle_ms + 999) / 1000), NULL },
        { STRICTNESS_OPTION, STRICTNESS, NULL },
        { MHD_OPTION_END, 0, NULL },
    };
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;

    if (options->tls_cert != NULL && !tls_show(options->tls_cert, options->tls_key))
        return false;
    if (options->tls_cert != NULL)
        flags |= MHD_USE_TLS;
    http->daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, on_request, &http->servings, MHD_OPTION_ARRAY, items,
            MHD_OPTION_ARRAY, options->tls_cert != NULL ? tls : tls + 1, MHD_OPTION_END);
    return http->daemon != NULL;
}

bool
http_tls_renew(const char *cert, const char *key)
{
    return tls_show(cert, key);
}

static bool
watch(struct http *http, int file, struct watch *watch)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = watch };

    return file >= 0 && epoll_ctl(http->servings.epoll, EPOLL_CTL_ADD, file, &event) == 0;
}

/* MHD_run() is called anyway. */
static void
leave_it_to_the_library(struct watch *watch)
{
    (void)watch;
}

static void
take_wakes(struct watch *watch)
{
    struct http *http = OWNER(struct http, wake_watch, watch);
    uint64_t wakes;

    (void)!read(http->wake, &wakes, sizeof wakes);
}

static bool
open_loop(struct http *http)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);

    http->daemon_watch.ready = leave_it_to_the_library;
    http->wake_watch.ready = take_wakes;
    http->servings.back.watch.ready = back_door_ready;
    http->servings.back.daemon = http->daemon;
    http->servings.epoll = epoll_create1(EPOLL_CLOEXEC);
    http->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return http->servings.epoll >= 0 && info != NULL &&
           watch(http, info->epoll_fd, &http->daemon_watch) &&
           watch(http, http->wake, &http->wake_watch) &&
           (http->servings.back.listener < 0 ||
               watch(http, http->servings.back.listener, &http->servings.back.watch));
}

static void
servings_open(struct servings *servings, const struct http_options *options)
{
    servings->options = http_options_complete(*options);
    servings->epoll = -1;
    servings->now_ms = http_clock_ms();
    link_reset(&servings->all);
    link_reset(&servings->receiving);
    link_reset(&servings->parked);
    link_reset(&servings->aside);
    link_reset(&servings->recalling);
    link_reset(&servings->lingering);
    link_reset(&servings->visits);
}

/* Why not, or NULL. */
static const char *
open_back(struct http *http)
{
    struct http_options *options = &http->servings.options;

    http->servings.back.path = options->back_path;
    if (options->back_path != NULL)
        return door_listen_at_path(options->back_path, &http->servings.back.listener);
    return options->back_host == NULL ? NULL
                                      : door_listen(options->back_host, &options->back_port,
                                            &http->servings.back.listener);
}

struct http *
http_open(const struct http_options *options, char *error, size_t error_size)
{
    struct http *http = calloc(1, sizeof *http);
    struct http_options *ours;
    const char *why;

    if (http == NULL) {
        snprintf(error, error_size, "no memory");
        return NULL;
    }
    servings_open(&http->servings, options);
    ours = &http->servings.options;
    http->wake = http->listener = http->servings.back.listener = -1;
    if ((why = door_listen(ours->host, &ours->port, &http->listener)) != NULL)
        snprintf(error, error_size, "cannot listen on %s, port %u: %s", ours->host, ours->port,
            why);
    else if ((why = open_back(http)) != NULL)
        snprintf(error, error_size, "cannot listen on %s: %s",
            ours->back_path != NULL ? ours->back_path : ours->back_host, why);
    else if (!start_daemon(http))
        snprintf(error, error_size, "cannot serve HTTP%s: %s",
            http->servings.options.tls_cert != NULL ? "S" : "",
            http->complaint[0] != '\0' ? http->complaint : "no reason given");
    else if (!open_loop(http))
        snprintf(error, error_size, "cannot wait for connections: %s", strerror(errno));
    else
        return http;
    http_close(http);
    return NULL;
}

unsigned
http_port(const struct http *http)
{
    return http->servings.options.port;
}

unsigned
http_back_port(const struct http *http)
{
    return http->servings.options.back_port;
}

unsigned
http_connections(const struct http *http)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);

    return info == NULL ? 0 : info->num_connections;
}

/* --- The loop --------------------------------------------------------------------------------- */

static int64_t
earlier(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

/* How long nothing will happen by itself, -1: for ever. */
static int
patience_ms(const struct http *http, int64_t wait_ms)
{
    const struct servings *servings = &http->servings;
    int64_t now_ms = servings->now_ms;
    int64_t until = wait_ms < 0 || wait_ms > INT32_MAX ? INT64_MAX : now_ms + wait_ms;
    const struct deadline *first = deadline_first(&servings->deadlines);
    const struct serving *slowest = OWNER(struct serving, waiting, servings->receiving.next);
    MHD_UNSIGNED_LONG_LONG library_ms;

    if (servings->resumed || !link_is_alone(&servings->recalling))
        return 0;
    if (first != NULL)
        until = earlier(until, first->at_ms);
    if (!link_is_alone(&servings->receiving))
        until = earlier(until, slowest->body_by_ms);
    until = earlier(until, linger_next_ms(&servings->lingering));
    until = earlier(until, visits_next_ms(servings));
    if (servings->stopping)
        until = earlier(until, http->stop_by_ms);
    if (MHD_get_timeout(http->daemon, &library_ms) == MHD_YES && library_ms < INT32_MAX)
        until = earlier(until, now_ms + (int64_t)library_ms);
    if (until == INT64_MAX)
        return -1;
    return (int)earlier(until > now_ms ? until - now_ms : 0, INT32_MAX);
}

/* Those for whom there is no time now have the next turn. */
static void
call_recalled(struct servings *servings, int64_t until_ms)
{
    while (!link_is_alone(&servings->recalling) && http_clock_ms() <= until_ms)
        serving_handle(OWNER(struct serving, waiting, servings->recalling.next));
}

static void
fire_deadlines(struct servings *servings)
{
    struct deadline *first;

    while (
        (first = deadline_first(&servings->deadlines)) != NULL && first->at_ms <= servings->now_ms)
        serving_expire(OWNER(struct serving, deadline, first));
}

/* Bodies have one limit of time, so the first to begin is the first to be late. */
static void
expire_bodies(struct servings *servings)
{
    while (!link_is_alone(&servings->receiving)) {
        struct serving *serving = OWNER(struct serving, waiting, servings->receiving.next);

        if (serving->body_by_ms > servings->now_ms)
            return;
        link_remove(&serving->waiting);
        /* The library reads an end, and completes it. No reply can be queued within a body. */
        shutdown(serving_socket(serving), SHUT_RDWR);
    }
}

/* Who waits for time to pass, or for something to be told, has waited enough. */
static void
begin_stop(struct http *http)
{
    struct servings *servings = &http->servings;
    int listener;

    if (http->servings.back.listener >= 0)
        back_door_ready(&http->servings.back.watch);
    MHD_run(http->daemon); /* accepts who has already connected */
    back_door_close(&http->servings.back);
    servings->stopping = true;
    http->stop_by_ms = servings->now_ms + servings->options.stop_ms;
    listener = MHD_quiesce_daemon(http->daemon);
    if (listener >= 0)
        close(listener);
    http->listener = -1;
    http_recall(http);
    for (struct link *link = servings->all.next; link != &servings->all; link = link->next) {
        struct serving *serving = OWNER(struct serving, all, link);

        if (serving->stream != NULL)
            stream_end(serving->stream);
        serving_hurry(serving);
    }
}

bool
http_poll(struct http *http, int64_t wait_ms)
{
    struct servings *servings = &http->servings;
    struct epoll_event events[64];
    bool late;
    int count;

    servings->now_ms = http_clock_ms();
    if (http->stop_asked && !servings->stopping)
        begin_stop(http);
    count = epoll_wait(servings->epoll, events, 64, patience_ms(http, wait_ms));
    servings->now_ms = http_clock_ms();
    for (int i = 0; i < count; i++) {
        struct watch *watch = events[i].data.ptr;

        watch->ready(watch);
    }
    late = servings->stopping && servings->now_ms >= http->stop_by_ms;
    call_recalled(servings, late ? INT64_MAX : servings->now_ms + RECALL_MS);
    fire_deadlines(servings);
    expire_bodies(servings);
    visits_expire(servings);
    linger_expire(&servings->lingering, servings->now_ms);
    servings->resumed = false; /* who has been has a turn now; others at the next poll */
    if (MHD_run(http->daemon) != MHD_YES)
        return false;
    return !servings->stopping || (!late && !link_is_alone(&servings->all));
}

void
http_recall(struct http *http)
{
    link_append_all(&http->servings.recalling, &http->servings.parked);
}

void
http_bring_back(struct http *http)
{
    link_append_all(&http->servings.recalling, &http->servings.aside);
}

void
http_wake(struct http *http)
{
    int kept = errno; /* a signal handler must not change it */
    uint64_t one = 1;

    (void)!write(http->wake, &one, sizeof one);
    errno = kept;
}

void
http_stop(struct http *http)
{
    http->stop_asked = 1;
    http_wake(http);
}

/* --- Closing ---------------------------------------------------------------------------------- */

/* MHD_stop_daemon() panics when it finds a suspended connection. */
static void
resume_all(struct http *http)
{
    struct servings *servings = &http->servings;

    servings->closing = true;
    for (struct link *link = servings->all.next; link != &servings->all; link = link->next) {
        struct serving *serving = OWNER(struct serving, all, link);

        if (serving->suspended)
            serving_resume(serving);
    }
    MHD_run(http->daemon);
}

void
http_close(struct http *http)
{
    if (http->daemon != NULL) {
        resume_all(http);
        MHD_stop_daemon(http->daemon); /* closes the listening socket, too */
    } else if (http->listener >= 0)
        close(http->listener);
    back_door_close(&http->servings.back);
    linger_expire(&http->servings.lingering, INT64_MAX - 1);
    if (http->servings.epoll >= 0)
        close(http->servings.epoll);
    if (http->wake >= 0)
        close(http->wake);
    tls_forget();
    deadlines_close(&http->servings.deadlines);
    free(http);
}
