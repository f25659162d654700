/*
 * The least a libmicrohttpd server can do: every request is answered with the bytes of a file, in
 * one thread. What the real server reaches beside it says what everything above HTTP costs.
 *
 *     bare_http FILE      prints its port; ends when standard input does
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char answer[65536];
static size_t answer_length;

static enum MHD_Result
on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **slot)
{
    static int seen;
    struct MHD_Response *response;
    enum MHD_Result queued;

    (void)context, (void)url, (void)method, (void)version, (void)data;
    if (*slot == NULL) {
        *slot = &seen;
        return MHD_YES;
    }
    if (*size > 0) {
        *size = 0;
        return MHD_YES;
    }
    response = MHD_create_response_from_buffer(answer_length, answer, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/x-amz-json-1.1");
    MHD_add_response_header(response, "x-amzn-RequestId", "6c36b3e3-efc4-4e93-b52b-a302b77e71e7");
    queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

int
main(int argc, char **argv)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct MHD_Daemon *daemon;
    struct pollfd polled[2] = { { .fd = 0, .events = POLLIN }, { .events = POLLIN } };
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;

    if (file == NULL)
        return 1;
    answer_length = fread(answer, 1, sizeof answer, file);
    fclose(file);
    daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, NULL, MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)&address, MHD_OPTION_END);
    if (daemon == NULL)
        return 1;
    printf("%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    polled[1].fd = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    while (polled[0].revents == 0) {
        MHD_UNSIGNED_LONG_LONG wait = 1000;

        MHD_get_timeout(daemon, &wait);
        poll(polled, 2, (int)wait);
        MHD_run(daemon);
    }
    MHD_stop_daemon(daemon);
    return 0;
}
