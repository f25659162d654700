#include "request.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/setting.h"

void
request_list_append(struct request_list *list, struct s3_request *request)
{
    request->next = NULL;
    if (list->first == NULL)
        list->first = request;
    else
        list->last->next = request;
    list->last = request;
}

struct s3_request *
request_list_take(struct request_list *list)
{
    struct s3_request *request = list->first;

    if (request != NULL)
        list->first = request->next;
    return request;
}

/* Under the lock. Whether the loop is to be told. */
static bool
make_ready(struct s3_request *request)
{
    if (request->ready)
        return false;
    request->ready = true;
    request_list_append(&request->traffic->ready, request);
    return true;
}

/* ---- the worker's thread: pieces and ends -------------------------------- */

bool
request_is_wanted(struct s3_request *request)
{
    struct traffic *traffic = request->traffic;
    bool wanted;

    pthread_mutex_lock(&traffic->lock);
    wanted = !request->unwanted && !traffic->closing;
    pthread_mutex_unlock(&traffic->lock);
    return wanted;
}

bool
request_room(struct s3_request *request)
{
    bool room;

    pthread_mutex_lock(&request->traffic->lock);
    room = request->pieces < PIECES_MAX;
    request->starved = !room;
    pthread_mutex_unlock(&request->traffic->lock);
    return room;
}

/* Into the last piece while it has room; under the lock. */
static void
add_bytes(struct s3_request *request, const char *bytes, size_t length)
{
    while (length > 0) {
        struct piece *piece = request->last;
        size_t part;

        if (request->pieces == 0 || piece->length == S3_PIECE_MAX) {
            piece = memory_new(sizeof *piece);
            piece->next = NULL;
            piece->length = 0;
            if (request->pieces++ == 0)
                request->first = piece;
            else
                request->last->next = piece;
            request->last = piece;
        }
        part = S3_PIECE_MAX - piece->length < length ? S3_PIECE_MAX - piece->length : length;
        memcpy(piece->bytes + piece->length, bytes, part);
        piece->length += part;
        bytes += part;
        length -= part;
    }
}

void
request_add(struct s3_request *request, const char *bytes, size_t length)
{
    struct traffic *traffic = request->traffic;
    bool tell;

    pthread_mutex_lock(&traffic->lock);
    add_bytes(request, bytes, length);
    tell = make_ready(request);
    pthread_mutex_unlock(&traffic->lock);
    if (tell)
        traffic->wake(traffic->context);
}

bool
request_say(struct s3_request *request, enum s3_result result, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(request->why, sizeof request->why, format, args);
    va_end(args);
    request->answer.result = result;
    return false;
}

void
request_end(struct s3_request *request)
{
    struct traffic *traffic = request->traffic;
    bool tell;

    pthread_mutex_lock(&traffic->lock);
    request->ended = true;
    tell = make_ready(request);
    pthread_mutex_unlock(&traffic->lock);
    if (tell)
        traffic->wake(traffic->context);
}

/* Here, for the last hold on a large file takes longer to give up than a turn of the loop may. */
void
request_drop_file(struct s3_request *request)
{
    if (request->file != -1)
        close(request->file);
    request->file = -1;
}

int64_t
request_now_ms(void)
{
    return clock_monotonic_us() / 1000;
}

/* ---- the loop's thread ---------------------------------------------------- */

static char *
copy(const char *text)
{
    return memory_text(text == NULL ? "" : text);
}

static int64_t
or_default(int64_t given, enum setting setting)
{
    return given > 0 ? given : (int64_t)setting_rows[setting].defaults[PROFILE_QUICK];
}

struct s3_request *
request_make(struct traffic *traffic, enum s3_verb verb, const struct s3_object *object,
    s3_done *on_done, void *context)
{
    struct s3_request *request = memory_new(sizeof *request);

    request->traffic = traffic;
    request->verb = verb;
    request->region = copy(object->region);
    request->bucket = copy(object->bucket);
    request->key = copy(object->key);
    request->version = copy(object->version);
    request->patience = (struct s3_patience){
        .delay_ms = object->patience.delay_ms,
        .connect_ms = or_default(object->patience.connect_ms, SETTING_S3_CONNECT),
        .stall_ms = or_default(object->patience.stall_ms, SETTING_S3_STALL),
        .total_ms = object->patience.total_ms,
        .tries = or_default(object->patience.tries, SETTING_S3_TRIES),
    };
    request->from = object->from;
    request->most = INT64_MAX;
    request->begin_ms = request_now_ms() + object->patience.delay_ms;
    request->file = -1;
    request->on_done = on_done;
    request->context = context;
    request->answer = (struct s3_answer){ .size = -1, .why = request->why, .etag = request->etag };
    return request;
}

void
request_free(struct s3_request *request)
{
    while (request->first != NULL) {
        struct piece *next = request->first->next;

        free(request->first);
        request->first = next;
    }
    request_drop_file(request); /* of one that was never begun */
    free(request->region);
    free(request->bucket);
    free(request->key);
    free(request->version);
    free(request->content_type);
    free(request->bytes);
    free(request->url);
    free(request->service);
    free(request->account);
    free(request->target);
    free(request);
}

bool
request_line_up(struct s3_request *request)
{
    struct traffic *traffic = request->traffic;
    bool new;

    pthread_mutex_lock(&traffic->lock);
    new = (request->pieces > 0 || request->ended) && make_ready(request);
    pthread_mutex_unlock(&traffic->lock);
    return new;
}
