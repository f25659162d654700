/* A request as the library tells it: the target, the headers, the body in pieces, its end, the end
   of it all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "inside.h"

/* How much more than its limit a body may have and still be read (and thrown away) to its end
   before it is refused: most clients look for the answer only when they have sent everything. */
#define DISCARD_MAX (64 * 1024 * 1024)
/* What is reserved on the word of a Content-Length alone. */
#define RESERVE_MAX (16 * 1024 * 1024)
#define ROOM_MIN 4096

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

/* The earliest moment of a request, and the only one where its target is as received. */
void *
on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct http *http = context;
    size_t size = strlen(target) + 1;
    /* Two copies: the target as it is, and one that is cut in two at the '?'. */
    struct serving *serving = malloc(sizeof *serving + 2 * size);
    char *path, *query;

    if (serving == NULL)
        return NULL;
    *serving = (struct serving){ .http = http, .connection = connection, .linger = -1 };
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
        .body_file = -1 };
    link_append(&http->servings, &serving->all);
    link_reset(&serving->waiting);
    return serving;
}

/* --- Refusals --------------------------------------------------------------------------------- */

static enum MHD_Result
refuse(struct serving *serving, unsigned status, const char *why)
{
    const struct http_options *options = &serving->http->options;

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

/* --- The body --------------------------------------------------------------------------------- */

static void
body_drop(struct serving *serving)
{
    if (serving->body_room > 0)
        free((char *)(uintptr_t)serving->exchange.body);
    serving->body_room = 0;
    serving->exchange.body = "";
    serving->exchange.length = 0;
    if (serving->exchange.body_file >= 0)
        close(serving->exchange.body_file);
    serving->exchange.body_file = -1;
}

/* Reads on, for nothing: a reply can be queued at the headers and at the end only. */
static void
refuse_later(struct serving *serving, unsigned status, const char *why)
{
    body_drop(serving);
    serving->refused = status;
    serving->refused_why = why;
}

static bool
body_reserve(struct serving *serving, size_t room)
{
    char *body = realloc(serving->body_room > 0 ? (char *)(uintptr_t)serving->exchange.body : NULL,
        room + 1);

    if (body == NULL)
        return false;
    serving->exchange.body = body;
    serving->body_room = room;
    return true;
}

static bool
body_keep(struct serving *serving, const char *data, size_t size)
{
    struct exchange *exchange = &serving->exchange;
    size_t need = exchange->length + size;
    size_t room = 2 * serving->body_room > need ? 2 * serving->body_room : need;

    if (need > serving->body_room && !body_reserve(serving, room < ROOM_MIN ? ROOM_MIN : room))
        return false;
    memcpy((char *)(uintptr_t)exchange->body + exchange->length, data, size);
    ((char *)(uintptr_t)exchange->body)[need] = '\0';
    return true;
}

static bool
body_spool(struct serving *serving, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t written = write(serving->exchange.body_file, data, size);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        data += written;
        size -= (size_t)written;
    }
    return true;
}

static int
open_spool(void)
{
    const char *directory = getenv("TMPDIR");
    char name[4096];
    int file;

    snprintf(name, sizeof name, "%s/http-body-XXXXXX", directory == NULL ? "/tmp" : directory);
    file = mkstemp(name);
    if (file >= 0) {
        unlink(name);
        fcntl(file, F_SETFD, FD_CLOEXEC);
    }
    return file;
}

/* False: enough of a body that is refused anyway. */
static bool
body_take(struct serving *serving, const char *data, size_t size)
{
    struct exchange *exchange = &serving->exchange;

    if (serving->refused == 0 && (int64_t)(exchange->length + size) > serving->body_limit)
        refuse_later(serving, MHD_HTTP_CONTENT_TOO_LARGE, "The body is too large");
    else if (serving->refused == 0 &&
             !(exchange->body_file >= 0 ? body_spool : body_keep)(serving, data, size))
        refuse_later(serving, MHD_HTTP_INTERNAL_SERVER_ERROR, "No room for the body");
    exchange->length += size;
    return (int64_t)exchange->length <= serving->body_limit + DISCARD_MAX;
}

static void
body_begin(struct serving *serving, const struct framing *framing)
{
    struct http *http = serving->http;

    serving->body_by_ms = http->now_ms + http->options.body_ms;
    link_append(&http->receiving, &serving->waiting);
    if ((int64_t)framing->length > serving->body_limit)
        refuse_later(serving, MHD_HTTP_CONTENT_TOO_LARGE, "The body is too large");
    else if (serving->spooled && (serving->exchange.body_file = open_spool()) < 0)
        refuse_later(serving, MHD_HTTP_INTERNAL_SERVER_ERROR, "No temporary file for the body");
    else if (!serving->spooled && framing->length > 0)
        body_reserve(serving, framing->length < RESERVE_MAX ? framing->length : RESERVE_MAX);
}

/* --- The library's callbacks ------------------------------------------------------------------ */

static enum MHD_Result
begin(struct serving *serving, const char *method, const char *version)
{
    const struct http_options *options = &serving->http->options;
    struct framing framing;
    const char *why = check_head(serving, version, &framing);

    serving->begun = true;
    serving->exchange.method = method;
    if (why != NULL)
        return refuse_early(serving, MHD_HTTP_BAD_REQUEST, why);
    if (framing.length == 0 && !framing.chunked)
        return MHD_YES;
    serving->spooled =
        options->spools != NULL && options->spools(options->context, &serving->exchange);
    serving->body_limit = serving->spooled ? options->upload_max : (int64_t)options->body_max;
    if (framing.length > (uint64_t)serving->body_limit &&
        (framing.expects || framing.length > (uint64_t)serving->body_limit + DISCARD_MAX))
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
    struct http *http = context;
    struct serving *serving = *slot;
    size_t arrived = *size;

    (void)connection, (void)url;
    if (serving == NULL || http->closing)
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
    struct http *http = context;
    struct serving *serving = *slot;

    (void)connection, (void)code;
    if (serving == NULL)
        return;
    *slot = NULL;
    link_remove(&serving->all);
    link_remove(&serving->waiting);
    deadline_clear(&http->deadlines, serving);
    if (serving->watched)
        epoll_ctl(http->epoll, EPOLL_CTL_DEL, serving_socket(serving), NULL);
    if (serving->linger >= 0)
        linger_begin(http, serving->linger);
    if (serving->response != NULL)
        MHD_destroy_response(serving->response);
    if (serving->stream != NULL)
        stream_closed(serving->stream);
    body_drop(serving);
    free(serving);
}
