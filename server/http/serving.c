#include "serving.h"

#include <assert.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

int64_t
http_clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct serving *
serving_of(const struct exchange *exchange)
{
    return OWNER(struct serving, exchange, (uintptr_t)exchange);
}

int
serving_socket(const struct serving *serving)
{
    return MHD_get_connection_info(serving->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
        ->connect_fd;
}

/* --- Waiting ---------------------------------------------------------------------------------- */

void
serving_suspend(struct serving *serving)
{
    MHD_suspend_connection(serving->connection);
    serving->suspended = true;
}

void
serving_resume(struct serving *serving)
{
    deadline_clear(&serving->servings->deadlines, &serving->deadline);
    serving->suspended = false;
    serving->servings->resumed = true;
    MHD_resume_connection(serving->connection);
}

void
serving_wait_in(struct serving *serving, struct link *list)
{
    assert(!serving->ended && !serving->called_again);
    serving->called_again = true;
    link_append(list, &serving->waiting);
}

static void
wait_no_longer(struct serving *serving)
{
    if (!serving->called_again)
        return;
    serving->called_again = false;
    link_remove(&serving->waiting);
    deadline_clear(&serving->servings->deadlines, &serving->deadline);
}

void
serving_handle(struct serving *serving)
{
    const struct http_options *options = &serving->servings->options;

    wait_no_longer(serving);
    options->handle(options->context, &serving->exchange);
}

void
serving_expire(struct serving *serving)
{
    if (serving->called_again)
        serving_handle(serving);
    else
        serving_resume(serving);
}

void
serving_hurry(struct serving *serving)
{
    serving->not_before_ms = 0;
    if (serving->ended && deadline_is_set(&serving->deadline))
        serving_resume(serving);
}

void
serving_watch_peer(struct serving *serving, void (*gone)(struct watch *))
{
    struct epoll_event event = { .events = EPOLLRDHUP | EPOLLET, .data.ptr = &serving->peer };

    serving->peer.ready = gone;
    serving->watched =
        epoll_ctl(serving->servings->epoll, EPOLL_CTL_ADD, serving_socket(serving), &event) == 0;
}

void
serving_unwatch_peer(struct serving *serving)
{
    if (serving->watched)
        epoll_ctl(serving->servings->epoll, EPOLL_CTL_DEL, serving_socket(serving), NULL);
    serving->watched = false;
}

/* --- The end ---------------------------------------------------------------------------------- */

void
serving_add_headers(const struct serving *serving, struct MHD_Response *response)
{
    for (const struct reply_header *header = serving->headers; header->name != NULL; header++)
        MHD_add_response_header(response, header->name, header->value);
}

static bool
is_due(const struct serving *serving)
{
    return serving->not_before_ms <= serving->servings->now_ms || serving->servings->stopping;
}

void
serving_end(struct serving *serving, struct MHD_Response *response, unsigned status,
    enum wire_fault fault)
{
    assert(!serving->ended);
    wait_no_longer(serving);
    serving->ended = true;
    serving->response = response;
    serving->status = status;
    serving->fault = fault;
    /* Without memory for the deadline it goes out too early, rather than never. */
    if (!is_due(serving) &&
        deadline_set(&serving->servings->deadlines, &serving->deadline, serving->not_before_ms))
        return;
    serving->not_before_ms = 0;
    if (serving->suspended)
        serving_resume(serving);
}

static void
reset_connection(int socket)
{
    struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    struct sockaddr none = { .sa_family = AF_UNSPEC };

    setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    /* The library calls shutdown() before close(): the client would see an orderly end, and only
       then the reset. Dissolving the association resets at once. */
    (void)connect(socket, &none, sizeof none);
}

static enum MHD_Result
send_end(struct serving *serving)
{
    enum MHD_Result sent;

    if (serving->response == NULL) {
        if (serving->fault == WIRE_RESET)
            reset_connection(serving_socket(serving));
        if (serving->fault == WIRE_GARBAGE)
            (void)!send(serving_socket(serving), "\x16\x03\0garbage\xff\n\n", 13, MSG_NOSIGNAL);
        return MHD_NO; /* closes */
    }
    sent = MHD_queue_response(serving->connection, serving->status, serving->response);
    MHD_destroy_response(serving->response); /* our reference */
    serving->response = NULL;
    return sent;
}

enum MHD_Result
serving_conclude(struct serving *serving)
{
    if (serving->ended && is_due(serving))
        return send_end(serving);
    serving_suspend(serving);
    return MHD_YES;
}
