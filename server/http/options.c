#include "options.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>

struct http_options
http_options_complete(struct http_options options)
{
    if (options.host == NULL)
        options.host = "127.0.0.1";
    if (options.arguments_max == 0)
        options.arguments_max = 100;
    if (options.body_max == 0)
        options.body_max = 16 * 1024 * 1024;
    if (options.bodies_max == 0)
        options.bodies_max = 512 * 1024 * 1024;
    if (options.upload_max == 0)
        options.upload_max = 1024 * 1024 * 1024;
    if (options.body_ms == 0)
        options.body_ms = 60 * 1000;
    if (options.idle_ms == 0)
        options.idle_ms = 180 * 1000;
    if (options.stop_ms == 0)
        options.stop_ms = 700;
    if (options.connections_max == 0)
        options.connections_max = 16384;
    if (options.connection_bytes == 0)
        options.connection_bytes = 32 * 1024;
    if (options.stream_max == 0)
        options.stream_max = 256 * 1024;
    return options;
}

bool
address_is_loopback(const char *host)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    struct addrinfo *found = NULL;
    bool loopback = getaddrinfo(host, NULL, &hints, &found) == 0;

    for (const struct addrinfo *one = found; one != NULL; one = one->ai_next) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)one->ai_addr;
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)one->ai_addr;

        loopback = loopback && (one->ai_family == AF_INET ? ntohl(v4->sin_addr.s_addr) >> 24 == 127
                                                          : IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr));
    }
    freeaddrinfo(found);
    return loopback;
}
