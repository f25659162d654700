/*
 * The lingering close. A reply to a request that has not been read to its end is lost more often
 * than not: closing a socket with unread bytes resets it, and the reset overtakes the reply. So a
 * second descriptor keeps the socket open while we throw away what the client still sends, until it
 * has seen our end, or for a bounded time and size.
 */
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inside.h"

#define LINGER_MS 2000
#define LINGER_BYTES (256 * 1024 * 1024)

struct lingering {
    struct watch watch; /* first */
    struct link link;   /* in http->lingering, the oldest first */
    int socket;
    int64_t until_ms;
    ssize_t left;
};

static void
linger_end(struct lingering *linger)
{
    link_remove(&linger->link);
    close(linger->socket);
    free(linger);
}

void
linger_begin(struct http *http, int socket)
{
    struct lingering *linger = calloc(1, sizeof *linger);

    shutdown(socket, SHUT_WR);
    if (linger == NULL ||
        epoll_ctl(http->epoll, EPOLL_CTL_ADD, socket,
            &(struct epoll_event){ .events = EPOLLIN, .data.ptr = &linger->watch }) != 0) {
        free(linger);
        close(socket);
        return;
    }
    linger->watch.kind = WATCH_LINGER;
    linger->socket = socket;
    linger->until_ms = http->now_ms + LINGER_MS;
    linger->left = LINGER_BYTES;
    link_append(&http->lingering, &linger->link);
}

void
linger_ready(struct http *http, struct watch *watch)
{
    struct lingering *linger = LINK_OWNER(struct lingering, watch, watch);
    char waste[64 * 1024];
    ssize_t got = recv(linger->socket, waste, sizeof waste, MSG_DONTWAIT);

    (void)http;
    linger->left -= got;
    /* Woken for nothing (EAGAIN) is not distinguished from an error: it does not happen at level
       trigger. */
    if (got <= 0 || linger->left < 0)
        linger_end(linger);
}

void
linger_expire(struct http *http, int64_t now_ms)
{
    struct link *next;

    for (struct link *at = http->lingering.next; at != &http->lingering; at = next) {
        struct lingering *oldest = LINK_OWNER(struct lingering, link, at);

        if (oldest->until_ms > now_ms)
            break;
        next = at->next;
        linger_end(oldest);
    }
}

int64_t
linger_next_ms(const struct http *http)
{
    return link_is_alone(&http->lingering)
               ? INT64_MAX
               : LINK_OWNER(struct lingering, link, http->lingering.next)->until_ms;
}
