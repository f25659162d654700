#include "reply.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "park.h"
#include "serving.h"

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

static void
add_headers(const struct serving *serving, struct MHD_Response *response, const struct reply *reply)
{
    if (reply->content_type != NULL)
        MHD_add_response_header(response, "Content-Type", reply->content_type);
    for (size_t i = 0; i < REPLY_HEADERS_MAX && reply->headers[i].name != NULL; i++)
        MHD_add_response_header(response, reply->headers[i].name, reply->headers[i].value);
    serving_add_headers(serving, response);
    if (reply->close || serving->refusing || serving->servings->stopping)
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

static void
nobody_waits(struct watch *peer)
{
    serving_hurry(OWNER(struct serving, peer, peer));
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
        exchange_delay(exchange, serving->servings->options.idle_ms);
        serving_watch_peer(serving, nobody_waits);
    }
    serving_end(serving, NULL, 0, fault);
}
