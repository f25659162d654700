#include "body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "head.h"
#include "serving.h"

/* What is reserved on the word of a Content-Length alone. */
#define RESERVE_MAX (64 * 1024)
#define ROOM_MIN 4096

void
body_drop(struct serving *serving)
{
    if (serving->body_room > 0)
        free((char *)(uintptr_t)serving->exchange.body);
    serving->servings->bodies -= serving->body_room;
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
    size_t others = serving->servings->bodies - serving->body_room;
    char *body;

    if (others + room > serving->servings->options.bodies_max)
        return false;
    body = realloc(serving->body_room > 0 ? (char *)(uintptr_t)serving->exchange.body : NULL,
        room + 1);
    if (body == NULL)
        return false;
    serving->servings->bodies += room - serving->body_room;
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

bool
body_take(struct serving *serving, const char *data, size_t size)
{
    struct exchange *exchange = &serving->exchange;

    if (serving->refused == 0 && (int64_t)(exchange->length + size) > serving->body_limit)
        refuse_later(serving, MHD_HTTP_CONTENT_TOO_LARGE, "The body is too large");
    else if (serving->refused == 0 &&
             !(exchange->body_file >= 0 ? body_spool : body_keep)(serving, data, size))
        refuse_later(serving, MHD_HTTP_INTERNAL_SERVER_ERROR, "No room for the body");
    exchange->length += size;
    return (int64_t)exchange->length <= serving->body_limit + BODY_DISCARD_MAX;
}

void
body_begin(struct serving *serving, const struct framing *framing)
{
    struct servings *servings = serving->servings;

    serving->body_by_ms = servings->now_ms + servings->options.body_ms;
    link_append(&servings->receiving, &serving->waiting);
    if ((int64_t)framing->length > serving->body_limit)
        refuse_later(serving, MHD_HTTP_CONTENT_TOO_LARGE, "The body is too large");
    else if (serving->spooled && (serving->exchange.body_file = open_spool()) < 0)
        refuse_later(serving, MHD_HTTP_INTERNAL_SERVER_ERROR, "No temporary file for the body");
    else if (!serving->spooled && framing->length > 0)
        body_reserve(serving, framing->length < RESERVE_MAX ? framing->length : RESERVE_MAX);
}
