/* A stream is suspended while there is nothing to say. */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "reply.h"
#include "serving.h"

#define STREAM_BLOCK (16 * 1024)
#define LAST_WORDS ": dropped, the reader is too slow\n\n"

struct stream {
    struct serving *serving;
    void (*on_closed)(void *context, struct stream *);
    void *context;
    char *text; /* what the reader has not got yet is text[start .. end) */
    size_t start, end, room;
    bool idle;   /* suspended for want of text */
    bool ending; /* when the text is out */
    bool gone;   /* nobody reads */
};

static ssize_t
read_stream(void *context, uint64_t position, char *out, size_t room)
{
    struct stream *stream = context;
    size_t size = stream->end - stream->start;

    (void)position;
    if (stream->gone || stream->serving->servings->closing)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (size == 0 && stream->ending)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (size == 0) {
        stream->idle = true;
        serving_suspend(stream->serving);
        return 0;
    }
    if (size > room)
        size = room;
    memcpy(out, stream->text + stream->start, size);
    stream->start += size;
    return (ssize_t)size;
}

static void
wake(struct stream *stream)
{
    if (!stream->idle)
        return;
    stream->idle = false;
    serving_resume(stream->serving);
}

static void
nobody_reads(struct watch *peer)
{
    struct serving *serving = OWNER(struct serving, peer, peer);

    serving->stream->gone = true;
    wake(serving->stream);
    serving_hurry(serving);
}

struct stream *
exchange_stream(struct exchange *exchange, const char *content_type,
    void (*on_closed)(void *context, struct stream *), void *context)
{
    struct serving *serving = serving_of(exchange);
    struct stream *stream = calloc(1, sizeof *stream);
    struct MHD_Response *response = NULL;

    if (stream != NULL)
        response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream,
            stream, NULL);
    if (response == NULL) {
        free(stream);
        exchange_break(exchange, WIRE_EMPTY);
        return NULL;
    }
    *stream = (struct stream){ .serving = serving,
        .on_closed = on_closed,
        .context = context,
        .ending = serving->servings->stopping };
    MHD_add_response_header(response, "Content-Type", content_type);
    MHD_add_response_header(response, "Cache-Control", "no-cache");
    serving_add_headers(serving, response);
    serving->stream = stream;
    serving_watch_peer(serving, nobody_reads);
    serving_end(serving, response, MHD_HTTP_OK, WIRE_NONE);
    return stream;
}

/* Makes room for `length` more bytes, and always for the last words after them. */
static bool
make_room(struct stream *stream, size_t length)
{
    size_t size = stream->end - stream->start, need = size + length + sizeof LAST_WORDS;
    size_t room = 2 * stream->room > need ? 2 * stream->room : need;
    char *text;

    if (length > stream->serving->servings->options.stream_max - size)
        return false;
    if (stream->end + length + sizeof LAST_WORDS <= stream->room)
        return true;
    if (stream->start > 0)
        memmove(stream->text, stream->text + stream->start, size);
    stream->start = 0;
    stream->end = size;
    if (need <= stream->room)
        return true;
    if ((text = realloc(stream->text, room)) == NULL)
        return false;
    stream->text = text;
    stream->room = room;
    return true;
}

static void
append(struct stream *stream, const char *text, size_t length)
{
    memcpy(stream->text + stream->end, text, length);
    stream->end += length;
}

bool
stream_write(struct stream *stream, const char *text, size_t length)
{
    if (stream->ending || stream->gone)
        return false;
    if (make_room(stream, length))
        append(stream, text, length);
    else {
        if (stream->text != NULL)
            append(stream, LAST_WORDS, strlen(LAST_WORDS));
        stream->ending = true;
    }
    wake(stream);
    return !stream->ending;
}

size_t
stream_behind(const struct stream *stream)
{
    return stream->end - stream->start;
}

void
stream_end(struct stream *stream)
{
    stream->ending = true;
    wake(stream);
}

void
stream_closed(struct stream *stream)
{
    if (stream->on_closed != NULL)
        stream->on_closed(stream->context, stream);
    free(stream->text);
    free(stream);
}
