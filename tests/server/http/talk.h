/*
 * A server of server/http and its clients, for the tests of both halves of it. Server and client
 * share one thread: step() lets the server work, then reads what came. Nothing sleeps: a wait is a
 * poll of the server, which returns as soon as there is something to do.
 */
#ifndef TESTS_SERVER_HTTP_TALK_H
#define TESTS_SERVER_HTTP_TALK_H

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/http/http.h"

#define GIVE_UP_MS 10000
#define BODY_MAX 100000
#define UPLOAD_MAX 3000000
#define STREAM_MAX 20000

struct client {
    int socket;
    char *got;
    size_t length, room;
    bool over, reset; /* the server's end was seen; it was a reset */
};

static struct http *http;
static struct http_options options;
static struct exchange *kept;
static struct stream *stream;
static int handled, streams_closed, refusals;
static bool hold; /* /park parks while it is set */
static bool busy; /* /park and /aside are put aside while it is set */

static inline int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- The server's side ------------------------------------------------------------------------ */

static inline void
reply_text(struct exchange *exchange, const char *text)
{
    exchange_reply(exchange, (struct reply){ .status = 200,
                                 .content_type = "text/plain",
                                 .body = strdup(text),
                                 .length = strlen(text),
                                 .headers = { { "X-Test", "yes" } } });
}

static inline bool
append_header(void *context, const char *name, const char *value)
{
    char *text = context;

    sprintf(text + strlen(text), "%s=%s|", name, value);
    return strcmp(name, "X-Last") != 0;
}

static inline void
reply_echo(struct exchange *exchange)
{
    char *text = malloc(exchange->length + 3 * strlen(exchange->target) + 100);

    sprintf(text, "%s %s %s ?%s #%zu %.*s", exchange->method, exchange->target, exchange->path,
        exchange->query, exchange->length, (int)exchange->length, exchange->body);
    reply_text(exchange, text);
    free(text);
}

static inline void
reply_upload(struct exchange *exchange)
{
    char text[100], first[4] = "";
    ssize_t got = read(exchange->body_file, first, 3);

    sprintf(text, "spooled %zu, %zd: %s", exchange->length, got, first);
    reply_text(exchange, text);
}

static inline void
reply_headers(struct exchange *exchange)
{
    char text[1000] = "", remote[64];
    const char *argument = exchange_argument(exchange, "a");
    const char *none = exchange_argument(exchange, "b");

    exchange_headers(exchange, append_header, text);
    exchange_remote(exchange, remote, sizeof remote);
    sprintf(text + strlen(text), "first=%s a=%s b=%s from %s", exchange_header(exchange, "x-TWICE"),
        argument ? argument : "none", none ? none : "none", remote);
    reply_text(exchange, text);
}

static inline void
reply_file(struct exchange *exchange)
{
    FILE *file = tmpfile();

    fputs("from a file", file);
    fflush(file);
    exchange_reply_file(exchange, (struct reply){ .status = 200, .length = 11 }, dup(fileno(file)));
    fclose(file);
}

static inline void
on_stream_closed(void *context, struct stream *closed)
{
    assert_ptr_equal(context, &stream);
    assert_ptr_equal(closed, stream);
    streams_closed++;
}

static inline void
handle(void *context, struct exchange *exchange)
{
    static const char *const faults[] = { "", "reset", "empty", "garbage", "truncate", "hang" };

    assert_ptr_equal(context, &handled);
    handled++;
    if (strncmp(exchange->path, "/late", 5) == 0)
        exchange_delay(exchange, exchange->query[0] == '\0' ? 30 : atoi(exchange->query));
    for (int fault = WIRE_RESET; fault <= WIRE_HANG; fault++)
        if (strstr(exchange->path, faults[fault]) != NULL) {
            exchange_break(exchange, fault);
            return;
        }
    if (strcmp(exchange->path, "/keep") == 0)
        kept = exchange;
    else if (busy &&
             (strcmp(exchange->path, "/park") == 0 || strcmp(exchange->path, "/aside") == 0))
        exchange_put_aside(exchange);
    else if (strcmp(exchange->path, "/park") == 0 && hold &&
             exchange_park(exchange, atoi(exchange->query)))
        exchange->state = &hold;
    else if (strcmp(exchange->path, "/park") == 0)
        reply_text(exchange, exchange->state == &hold ? "was parked" : "was not parked");
    else if (strcmp(exchange->path, "/stream") == 0)
        stream = exchange_stream(exchange, "text/event-stream", on_stream_closed, &stream);
    else if (strcmp(exchange->path, "/upload") == 0)
        reply_upload(exchange);
    else if (strcmp(exchange->path, "/headers") == 0)
        reply_headers(exchange);
    else if (strcmp(exchange->path, "/file") == 0)
        reply_file(exchange);
    else if (strcmp(exchange->path, "/torn") == 0)
        exchange_truncate(exchange,
            (struct reply){ .status = 201, .body = strdup("0123456789"), .length = 10 });
    else if (strcmp(exchange->path, "/fixed") == 0)
        exchange_reply(exchange,
            (struct reply){ .status = 202, .fixed = "fixed", .length = 5, .close = true });
    else
        reply_echo(exchange);
}

static inline void
refuse(void *context, struct exchange *exchange, unsigned status, const char *why)
{
    assert_ptr_equal(context, &handled);
    assert_non_null(exchange->path);
    refusals++;
    if (status == 413)
        exchange_reply(exchange, (struct reply){ .status = status });
    else
        exchange_reply(exchange,
            (struct reply){ .status = status, .body = strdup(why), .length = strlen(why) });
}

static inline bool
spools(void *context, const struct exchange *exchange)
{
    (void)context;
    return strcmp(exchange->path, "/upload") == 0;
}

static inline void
open_server(void)
{
    char error[200];

    http = http_open(&options, error, sizeof error);
    if (http == NULL)
        fail_msg("%s", error);
}

/* With options that the test has changed. */
static inline void
reopen_server(void)
{
    http_close(http);
    open_server();
}

static inline int
set_up(void **state)
{
    (void)state;
    handled = streams_closed = refusals = 0;
    hold = true;
    busy = false;
    kept = NULL;
    stream = NULL;
    options = (struct http_options){ .context = &handled,
        .handle = handle,
        .refuse = refuse,
        .spools = spools,
        .body_max = BODY_MAX,
        .upload_max = UPLOAD_MAX,
        .stop_ms = GIVE_UP_MS,
        .stream_max = STREAM_MAX };
    open_server();
    return 0;
}

static inline int
tear_down(void **state)
{
    (void)state;
    if (http != NULL)
        http_close(http);
    http = NULL;
    return 0;
}

/* --- The client's side ------------------------------------------------------------------------ */

static inline bool
connects(int socket)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
        .sin_port = htons((uint16_t)http_port(http)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    return connect(socket, (struct sockaddr *)&address, sizeof address) == 0;
}

static inline struct client
client_open(void)
{
    struct client client = { .socket = socket(AF_INET, SOCK_STREAM, 0) };

    assert_true(connects(client.socket));
    fcntl(client.socket, F_SETFL, O_NONBLOCK);
    return client;
}

static inline void
client_close(struct client *client)
{
    close(client->socket);
    free(client->got);
}

/* Reads what is there. */
static inline void
client_read(struct client *client)
{
    ssize_t got;

    while (!client->over) {
        if (client->room < client->length + 65536) {
            client->room = 2 * client->length + 65536;
            client->got = realloc(client->got, client->room + 1);
            client->got[client->length] = '\0';
        }
        got = recv(client->socket, client->got + client->length, 65536, 0);
        if (got < 0 && errno == EAGAIN)
            return;
        client->over = got <= 0;
        client->reset = got < 0;
        client->length += got > 0 ? (size_t)got : 0;
        client->got[client->length] = '\0';
    }
}

static inline void
client_send(struct client *client, const char *bytes, size_t length)
{
    int64_t give_up = now_ms() + GIVE_UP_MS;

    while (length > 0) {
        ssize_t sent = send(client->socket, bytes, length, MSG_NOSIGNAL);

        if (sent < 0 && errno != EAGAIN)
            return; /* the server hung up; what it said is judged elsewhere */
        bytes += sent > 0 ? sent : 0;
        length -= sent > 0 ? (size_t)sent : 0;
        http_poll(http, 0);
        assert_true(now_ms() < give_up);
    }
}

static inline void
client_say(struct client *client, const char *text)
{
    client_send(client, text, strlen(text));
}

static inline void
step(struct client *client, int64_t give_up)
{
    http_poll(http, 20);
    client_read(client);
    if (now_ms() >= give_up)
        fail_msg("nothing came of it; so far: %s", client->got);
}

static inline void
client_expect(struct client *client, const char *text)
{
    int64_t give_up = now_ms() + GIVE_UP_MS;

    while (client->got == NULL || strstr(client->got, text) == NULL) {
        if (client->over)
            fail_msg("it ended without '%s': %s", text, client->got);
        step(client, give_up);
    }
}

static inline void
client_expect_end(struct client *client)
{
    int64_t give_up = now_ms() + GIVE_UP_MS;

    while (!client->over)
        step(client, give_up);
}

/* Until the handler has been called so often. */
static inline void
expect_handled(int times)
{
    int64_t give_up = now_ms() + GIVE_UP_MS;

    while (handled < times) {
        http_poll(http, 20);
        assert_true(now_ms() < give_up);
    }
}

static inline struct client
client_asks(const char *text)
{
    struct client client = client_open();

    client_say(&client, text);
    return client;
}

static inline void
expect_reply(const char *request, const char *reply)
{
    struct client client = client_asks(request);

    client_expect(&client, reply);
    client_close(&client);
}

static inline int
count(const char *text, const char *word)
{
    int times = 0;

    while ((text = strstr(text, word)) != NULL) {
        times++;
        text++;
    }
    return times;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: h\r\n\r\n"

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

#endif
