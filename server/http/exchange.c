/* What a handler may do with an exchange, and when the end it chose goes out. */
#include <assert.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inside.h"

struct serving *
serving_of(const struct exchange *exchange)
{
    return (struct serving *)(uintptr_t)exchange;
}

/* --- Reading ---------------------------------------------------------------------------------- */

const char *
exchange_header(const struct exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(serving_of(exchange)->connection, MHD_HEADER_KIND, name);
}

struct visit {
    bool (*each)(void *context, const char *name, const char *value);
    void *context;
};

static enum MHD_Result
visit_header(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct visit *visit = context;

    (void)kind;
    return visit->each(visit->context, name, value == NULL ? "" : value) ? MHD_YES : MHD_NO;
}

void
exchange_headers(const struct exchange *exchange,
    bool (*each)(void *context, const char *name, const char *value), void *context)
{
    struct visit visit = { each, context };

    MHD_get_connection_values(serving_of(exchange)->connection, MHD_HEADER_KIND, visit_header,
        &visit);
}

const char *
exchange_argument(const struct exchange *exchange, const char *name)
{
    const char *value = NULL;

    if (MHD_lookup_connection_value_n(serving_of(exchange)->connection, MHD_GET_ARGUMENT_KIND, name,
            strlen(name), &value, NULL) != MHD_YES)
        return NULL;
    return value == NULL ? "" : value;
}

void
exchange_remote(const struct exchange *exchange, char *text, size_t size)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(serving_of(exchange)->connection,
        MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info == NULL ? NULL : info->client_addr;

    if (address == NULL || getnameinfo(address,
                               address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                              : sizeof(struct sockaddr_in),
                               text, (socklen_t)size, NULL, 0, NI_NUMERICHOST) != 0)
        text[0] = '\0';
}

void
exchange_add_header(struct exchange *exchange, const char *name, const char *value)
{
    struct reply_header *headers = serving_of(exchange)->headers;
    size_t i = 0;

    while (headers[i].name != NULL && strcmp(headers[i].name, name) != 0)
        i++;
    assert(i < EXCHANGE_HEADERS_MAX - 1);
    headers[i] = (struct reply_header){ name, value };
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

/* The library calls on_request() again at the next MHD_run(). */
void
serving_resume(struct serving *serving)
{
    deadline_clear(&serving->http->deadlines, serving);
    serving->suspended = false;
    serving->http->resumed = true;
    MHD_resume_connection(serving->connection);
}

static bool
is_due(const struct serving *serving)
{
    return serving->not_before_ms <= serving->http->now_ms || serving->http->stopping;
}

/* Chooses the end. It goes out from on_request(): the one we are in, or the one that resuming
   brings about. */
void
serving_end(struct serving *serving, struct MHD_Response *response, unsigned status,
    enum wire_fault fault)
{
    assert(!serving->ended);
    serving_unpark(serving);
    serving->ended = true;
    serving->response = response;
    serving->status = status;
    serving->fault = fault;
    /* Without memory for the deadline it goes out too early, rather than never. */
    if (!is_due(serving) &&
        deadline_set(&serving->http->deadlines, serving, serving->not_before_ms))
        return;
    serving->not_before_ms = 0;
    if (serving->suspended)
        serving_resume(serving);
}

/* One more: the clock's fraction of a millisecond must not make it early. */
static int64_t
from_now(int64_t ms)
{
    return http_clock_ms() + 1 + (ms < INT64_MAX / 2 ? ms : INT64_MAX / 2);
}

void
exchange_delay(struct exchange *exchange, int64_t ms)
{
    if (ms > 0)
        serving_of(exchange)->not_before_ms = from_now(ms);
}

bool
exchange_park(struct exchange *exchange, int64_t ms)
{
    struct serving *serving = serving_of(exchange);
    struct http *http = serving->http;

    assert(!serving->ended && !serving->parked);
    if (serving->park_until_ms == 0)
        serving->park_until_ms = from_now(ms);
    if (ms <= 0 || http->stopping || serving->park_until_ms <= http_clock_ms() ||
        !deadline_set(&http->deadlines, serving, serving->park_until_ms))
        return false;
    serving->parked = true;
    link_append(&http->parked, &serving->waiting);
    return true;
}

void
serving_unpark(struct serving *serving)
{
    if (!serving->parked)
        return;
    serving->parked = false;
    link_remove(&serving->waiting);
    deadline_clear(&serving->http->deadlines, serving);
}

void
serving_handle(struct serving *serving)
{
    struct http *http = serving->http;

    http->options.handle(http->options.context, &serving->exchange);
}

/* A suspended connection does not hear its client leave, so we listen for the end of it ourselves,
   where no end of our own may ever come. A client that only closed its writing half is taken for
   gone: readers of streams do not. */
void
serving_watch_peer(struct serving *serving)
{
    struct epoll_event event = { .events = EPOLLRDHUP | EPOLLET, .data.ptr = &serving->peer };

    serving->peer.kind = WATCH_PEER;
    serving->watched =
        epoll_ctl(serving->http->epoll, EPOLL_CTL_ADD, serving_socket(serving), &event) == 0;
}

void
serving_peer_gone(struct serving *serving)
{
    if (serving->stream != NULL)
        stream_peer_gone(serving->stream);
    serving->not_before_ms = 0;
    if (serving->place != 0)
        serving_resume(serving);
}

/* --- Ends ------------------------------------------------------------------------------------- */

void
serving_add_headers(const struct serving *serving, struct MHD_Response *response)
{
    for (const struct reply_header *header = serving->headers; header->name != NULL; header++)
        MHD_add_response_header(response, header->name, header->value);
}

static void
add_headers(const struct serving *serving, struct MHD_Response *response, const struct reply *reply)
{
    if (reply->content_type != NULL)
        MHD_add_response_header(response, "Content-Type", reply->content_type);
    for (size_t i = 0; i < REPLY_HEADERS_MAX && reply->headers[i].name != NULL; i++)
        MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    serving_add_headers(serving, response);
    if (reply->close || serving->refusing || serving->http->stopping)
        MHD_add_response_header(response, "Connection", "close");
}

static void
end_with(struct serving *serving, struct MHD_Response *response, const struct reply *reply)
{
    if (response == NULL) {
        serving_end(serving, NULL, 0, WIRE_EMPTY);
        return;
    }
    add_headers(serving, response, reply);
    serving_end(serving, response, reply->status, WIRE_NONE);
}

void
exchange_reply(struct exchange *exchange, struct reply reply)
{
    /* The library does not write to a persistent buffer, it only forgot to say so. */
    void *bytes = reply.body != NULL ? reply.body : (void *)(uintptr_t)reply.fixed;
    struct MHD_Response *response = MHD_create_response_from_buffer(reply.length, bytes,
        reply.body != NULL ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);

    if (response == NULL)
        free(reply.body);
    end_with(serving_of(exchange), response, &reply);
}

void
exchange_reply_file(struct exchange *exchange, struct reply reply, int file)
{
    struct MHD_Response *response = MHD_create_response_from_fd64(reply.length, file);

    if (response == NULL)
        close(file);
    end_with(serving_of(exchange), response, &reply);
}

#define TORN_BODY "{\"Message\":\"this body stops in the middle of a sentence\"}"

/* The first half of a body, and what to free after it. */
struct torn {
    char *body;
    const char *text;
    size_t half;
};

static ssize_t
read_torn(void *context, uint64_t position, char *out, size_t room)
{
    struct torn *torn = context;
    size_t size = torn->half - (size_t)position;

    if (size == 0)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (size > room)
        size = room;
    memcpy(out, torn->text + position, size);
    return (ssize_t)size;
}

static void
free_torn(void *context)
{
    struct torn *torn = context;

    free(torn->body);
    free(torn);
}

void
exchange_truncate(struct exchange *exchange, struct reply reply)
{
    struct torn *torn = malloc(sizeof *torn);
    const char *text = reply.body != NULL ? reply.body : reply.fixed;
    struct MHD_Response *response = NULL;

    if (reply.length < 2) { /* no half of it would be a beginning */
        text = TORN_BODY;
        reply.length = strlen(TORN_BODY);
    }
    if (torn != NULL) {
        *torn = (struct torn){ reply.body, text, reply.length / 2 };
        response = MHD_create_response_from_callback(reply.length, reply.length, read_torn, torn,
            free_torn);
    }
    if (response == NULL) {
        free(torn);
        free(reply.body);
    }
    end_with(serving_of(exchange), response, &reply);
}

void
exchange_break(struct exchange *exchange, enum wire_fault fault)
{
    struct serving *serving = serving_of(exchange);

    if (fault == WIRE_TRUNCATE) {
        exchange_truncate(exchange,
            (struct reply){ .status = MHD_HTTP_OK, .content_type = "application/x-amz-json-1.1" });
        return;
    }
    if (fault == WIRE_HANG) {
        exchange_delay(exchange, serving->http->options.idle_ms);
        serving_watch_peer(serving);
    }
    serving_end(serving, NULL, 0, fault);
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
