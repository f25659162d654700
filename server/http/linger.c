#include "linger.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "watch.h"

#define LINGER_MS 2000
#define LINGER_BYTES (256 * 1024 * 1024)

struct lingering {
    struct watch watch;
    struct link link; /* the oldest first */
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

static void
discard(struct watch *watch)
{
    struct lingering *linger = OWNER(struct lingering, watch, watch);
    char waste[64 * 1024];
    ssize_t got = recv(linger->socket, waste, sizeof waste, MSG_DONTWAIT);

    linger->left -= got;
    /* Woken for nothing (EAGAIN) is not distinguished from an error: it does not happen at level
       trigger. */
    if (got <= 0 || linger->left < 0)
        linger_end(linger);
}

void
linger_begin(struct link *lingering, int epoll, int socket, int64_t now_ms)
{
    struct lingering *linger = calloc(1, sizeof *linger);

    shutdown(socket, SHUT_WR);
    if (linger == NULL ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, socket,
            &(struct epoll_event){ .events = EPOLLIN, .data.ptr = &linger->watch }) != 0) {
        free(linger);
        close(socket);
        return;
    }
    linger->watch.ready = discard;
    linger->socket = socket;
    linger->until_ms = now_ms + LINGER_MS;
    linger->left = LINGER_BYTES;
    link_append(lingering, &linger->link);
}

void
linger_expire(struct link *lingering, int64_t now_ms)
{
    struct link *next;

    for (struct link *at = lingering->next; at != lingering; at = next) {
        struct lingering *oldest = OWNER(struct lingering, link, at);

        if (oldest->until_ms > now_ms)
            break;
        next = at->next;
        linger_end(oldest);
    }
}

int64_t
linger_next_ms(const struct link *lingering)
{
    return link_is_alone(lingering) ? INT64_MAX
                                    : OWNER(struct lingering, link, lingering->next)->until_ms;
}
