#include "request.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "body.h"
#include "head.h"
#include "linger.h"
#include "reply.h"
#include "serving.h"
#include "stream.h"
#include "visit.h"

/* Of "http://host/path?query" and "/path?query": where the path starts. */
static char *
find_path(char *target)
{
    char *scheme = strstr(target, "://");
    char *slash;

    if (target[0] == '/' || scheme == NULL)
        return target;
    slash = strchr(scheme + 3, '/');
    return slash == NULL ? target + strlen(target) : slash;
}

static size_t
count_arguments(const char *query)
{
    size_t count = *query != '\0';

    for (; (query = strchr(query, '&')) != NULL; query++)
        count++;
    return count;
}

/*
 * Each argument takes of the memory that the library has for a connection, and 0.9.75 lets a
 * request hang for ever when there is not enough of it. The target is in its own buffer, and not
 * yet looked at: it gets a query that is empty.
 */
static void
hide_query(const char *target)
{
    char *query = strchr((char *)(uintptr_t)target, '?');

    if (query != NULL)
        query[1] = '\0';
}

/* The earliest moment of a request, and the only one where its target is as received. */
void *
on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct servings *servings = context;
    size_t size = strlen(target) + 1;
    /* Two copies: the target as it is, and one that is cut in two at the '?'. */
    struct serving *serving = malloc(sizeof *serving + 2 * size);
    char *path, *query;

    if (serving == NULL)
        return NULL;
    *serving = (struct serving){ .servings = servings, .connection = connection, .linger = -1 };
    memcpy(serving->target, target, size);
    memcpy(serving->target + size, target, size);
    path = find_path(serving->target + size);
    query = strchr(path, '?');
    if (query != NULL)
        *query++ = '\0';
    serving->exchange = (struct exchange){ .target = serving->target,
        .path = path,
        .query = query == NULL ? "" : query,
        .body = "",
        .body_file = -1,
        .at_back = visit_is_at_back(connection) };
    serving->received = target;
    serving->has_many_arguments =
        count_arguments(serving->exchange.query) > servings->options.arguments_max;
    if (serving->has_many_arguments)
        hide_query(target);
    link_append(&servings->all, &serving->all);
    link_reset(&serving->waiting);
    return serving;
}

/* --- Refusals --------------------------------------------------------------------------------- */

static enum MHD_Result
refuse(struct serving *serving, unsigned status, const char *why)
{
    const struct http_options *options = &serving->servings->options;

    serving->refusing = true;
    if (options->refuse != NULL)
        options->refuse(options->context, &serving->exchange, status, why);
    if (!serving->ended)
        exchange_reply(&serving->exchange, (struct reply){ .status = status });
    return serving_conclude(serving);
}

/* Before the body has been read, which it will not be: the library closes after the reply. */
static enum MHD_Result
refuse_early(struct serving *serving, unsigned status, const char *why)
{
    serving->whole = true;
    serving->linger = fcntl(serving_socket(serving), F_DUPFD_CLOEXEC, 0);
    return refuse(serving, status, why);
}

/* --- The library's callbacks ------------------------------------------------------------------ */

static enum MHD_Result
begin(struct serving *serving, const char *method, const char *version)
{
    const struct http_options *options = &serving->servings->options;
    struct request_line line = { method, serving->target, serving->received, version };
    struct framing framing;
    const char *why = head_check(serving->connection, &line, &framing, &serving->heard);

    visit_pause(serving->connection);
    serving->begun = true;
    serving->exchange.method = method;
    if (why != NULL)
        return refuse_early(serving, MHD_HTTP_BAD_REQUEST, why);
    if (serving->has_many_arguments)
        return refuse_early(serving, MHD_HTTP_BAD_REQUEST, "The query has too many arguments");
    if (framing.length == 0 && !framing.chunked)
        return MHD_YES;
    serving->spooled =
        options->spools != NULL && options->spools(options->context, &serving->exchange);
    serving->body_limit = serving->spooled ? options->upload_max : (int64_t)options->body_max;
    if (framing.length > (uint64_t)serving->body_limit &&
        (framing.expects || framing.length > (uint64_t)serving->body_limit + BODY_DISCARD_MAX))
        return refuse_early(serving, MHD_HTTP_CONTENT_TOO_LARGE, "The body is too large");
    body_begin(serving, &framing);
    return MHD_YES;
}

static enum MHD_Result
finish(struct serving *serving)
{
    serving->whole = true;
    link_remove(&serving->waiting);
    if (serving->refused != 0) {
        body_drop(serving);
        return refuse(serving, serving->refused, serving->refused_why);
    }
    if (serving->exchange.body_file >= 0)
        lseek(serving->exchange.body_file, 0, SEEK_SET);
    serving_handle(serving);
    return serving_conclude(serving);
}

/* Called for the headers, for every piece of the body, for its end, and again when resumed. */
enum MHD_Result
on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **slot)
{
    struct servings *servings = context;
    struct serving *serving = *slot;
    size_t arrived = *size;

    (void)connection, (void)url;
    if (serving == NULL || servings->closing)
        return MHD_NO;
    if (!serving->begun)
        return begin(serving, method, version);
    if (arrived > 0) {
        *size = 0;
        return body_take(serving, data, arrived) ? MHD_YES : MHD_NO;
    }
    return serving->whole ? serving_conclude(serving) : finish(serving);
}

void
on_completed(void *context, struct MHD_Connection *connection, void **slot,
    enum MHD_RequestTerminationCode code)
{
    struct servings *servings = context;
    struct serving *serving = *slot;

    (void)code;
    if (serving == NULL)
        return;
    visit_resume(servings, connection);
    *slot = NULL;
    link_remove(&serving->all);
    link_remove(&serving->waiting);
    deadline_clear(&servings->deadlines, &serving->deadline);
    serving_unwatch_peer(serving);
    if (serving->linger >= 0)
        linger_begin(&servings->lingering, servings->epoll, serving->linger, servings->now_ms);
    if (serving->response != NULL)
        MHD_destroy_response(serving->response);
    if (serving->stream != NULL)
        stream_closed(serving->stream);
    body_drop(serving);
    free(serving);
}
