/* Streams: replies without an end, as for server-sent events. */
#ifndef SERVER_HTTP_STREAM_H
#define SERVER_HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;
struct stream;

/* Ends the exchange with a 200 of unbounded length, for server-sent events. `on_closed` is called
   exactly once, when the stream is over for whatever reason (client gone, reader too slow,
   stream_end(), server closed); the stream may not be touched after it. NULL: no memory; the
   exchange has then been broken off. */
struct stream *exchange_stream(struct exchange *, const char *content_type,
    void (*on_closed)(void *context, struct stream *), void *context);
/* All or nothing. False: nothing more can be written, because the reader was too slow for a bounded
   buffer (it is told so in a last comment) or the stream is ending; on_closed follows, at a poll,
   never from here. */
bool stream_write(struct stream *, const char *text, size_t length);
size_t stream_behind(const struct stream *); /* bytes that its reader has not taken yet */
void stream_end(struct stream *);            /* what was written is still sent */

/* For server/http only: the exchange is over, and the stream with it. */
void stream_closed(struct stream *);

#endif
