#include "door.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "link.h"

static int
listen_at(int family, const struct sockaddr *address, socklen_t size)
{
    int one = 1;
    int listener = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (listener < 0)
        return -1;
    if (family != AF_UNIX) {
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        /* Accepted sockets inherit it, on Linux. */
        setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    if (bind(listener, address, size) == 0 && listen(listener, SOMAXCONN) == 0)
        return listener;
    close(listener);
    return -1;
}

const char *
door_listen(const char *host, unsigned *number, int *listener)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
    struct addrinfo *found;
    struct sockaddr_storage bound = { 0 };
    socklen_t size = sizeof bound;
    char port[16], service[8];
    int failed;

    if (*number > UINT16_MAX)
        return "ports end at 65535";
    snprintf(port, sizeof port, "%u", *number);
    if ((failed = getaddrinfo(host, port, &hints, &found)) != 0)
        return gai_strerror(failed);
    for (const struct addrinfo *one = found; one != NULL && *listener < 0; one = one->ai_next)
        *listener = listen_at(one->ai_family, one->ai_addr, one->ai_addrlen);
    freeaddrinfo(found);
    if (*listener < 0)
        return strerror(errno);
    if (getsockname(*listener, (struct sockaddr *)&bound, &size) != 0 ||
        getnameinfo((struct sockaddr *)&bound, size, NULL, 0, service, sizeof service,
            NI_NUMERICSERV) != 0)
        return "its port is unknown";
    *number = (unsigned)strtoul(service, NULL, 10);
    return NULL;
}

/* A socket that nobody listens at any more was left by a server that was killed. */
static void
clear_socket(const struct sockaddr_un *address)
{
    struct stat found;
    int caller = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (caller >= 0 && stat(address->sun_path, &found) == 0 && S_ISSOCK(found.st_mode) &&
        connect(caller, (const struct sockaddr *)address, sizeof *address) != 0 &&
        errno == ECONNREFUSED)
        unlink(address->sun_path);
    if (caller >= 0)
        close(caller);
}

const char *
door_listen_at_path(const char *path, int *listener)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    mode_t mask;

    if (strlen(path) >= sizeof address.sun_path)
        return "the path is too long for a socket";
    memcpy(address.sun_path, path, strlen(path) + 1);
    clear_socket(&address);
    mask = umask(S_IRWXG | S_IRWXO); /* for whoever runs the server, nobody else */
    *listener = listen_at(AF_UNIX, (const struct sockaddr *)&address, sizeof address);
    umask(mask);
    return *listener < 0 ? strerror(errno) : NULL;
}

void
back_door_ready(struct watch *watch)
{
    struct back_door *door = OWNER(struct back_door, watch, watch);
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    int socket = accept(door->listener, (struct sockaddr *)&address, &size);

    if (socket < 0)
        return;
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    fcntl(socket, F_SETFL, O_NONBLOCK);
    door->handing_over = true;
    MHD_add_connection(door->daemon, socket, (struct sockaddr *)&address, size); /* or closes it */
    door->handing_over = false;
}

void
back_door_close(struct back_door *door)
{
    if (door->listener < 0)
        return;
    close(door->listener);
    door->listener = -1;
    if (door->path != NULL)
        unlink(door->path);
}
