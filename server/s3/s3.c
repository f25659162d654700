#include "s3.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/setting.h"
#include "inside.h"

#define PIECES_MAX 8  /* queued for one reader: half a megabyte */
#define ACTIVE_MAX 64 /* requests at work at once; others wait in the inbox */
#define TURN_US 4000  /* what outbound_run() takes of a turn of the loop */

struct list {
    struct s3_request *first, *last;
};

struct outbound {
    struct place *place;
    struct outbound_options options;
    pthread_t thread;

    pthread_mutex_t lock;
    struct list inbox, ready; /* under the lock */
    bool closing;             /* likewise */

    struct s3_request *all; /* the loop's */
    size_t pending;         /* likewise */
};

static void
append(struct list *list, struct s3_request *request)
{
    request->next = NULL;
    if (list->first == NULL)
        list->first = request;
    else
        list->last->next = request;
    list->last = request;
}

static struct s3_request *
take_first(struct list *list)
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
    append(&request->outbound->ready, request);
    return true;
}

/* ---- the worker's thread: pieces and ends -------------------------------- */

static bool
request_wanted(struct s3_request *request)
{
    struct outbound *outbound = request->outbound;
    bool wanted;

    pthread_mutex_lock(&outbound->lock);
    wanted = !request->unwanted && !outbound->closing;
    pthread_mutex_unlock(&outbound->lock);
    return wanted;
}

bool
request_room(struct s3_request *request)
{
    bool room;

    pthread_mutex_lock(&request->outbound->lock);
    room = request->pieces < PIECES_MAX;
    request->starved = !room;
    pthread_mutex_unlock(&request->outbound->lock);
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
    struct outbound *outbound = request->outbound;
    bool tell;

    pthread_mutex_lock(&outbound->lock);
    add_bytes(request, bytes, length);
    tell = make_ready(request);
    pthread_mutex_unlock(&outbound->lock);
    if (tell)
        outbound->options.wake(outbound->options.context);
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

/* Hands the request back to the loop. */
static void
end(struct s3_request *request)
{
    struct outbound *outbound = request->outbound;
    bool tell;

    pthread_mutex_lock(&outbound->lock);
    request->ended = true;
    tell = make_ready(request);
    pthread_mutex_unlock(&outbound->lock);
    if (tell)
        outbound->options.wake(outbound->options.context);
}

/* ---- the worker's thread: its loop --------------------------------------- */

/* Moves what is new to the active ones; false when the program ends. */
static bool
take_inbox(struct outbound *outbound, struct s3_request **active, size_t *count)
{
    struct s3_request *request;
    bool closing;

    pthread_mutex_lock(&outbound->lock);
    closing = outbound->closing;
    while ((closing || *count < ACTIVE_MAX) && (request = take_first(&outbound->inbox)) != NULL) {
        request->active_next = *active;
        *active = request;
        ++*count;
    }
    pthread_mutex_unlock(&outbound->lock);
    return !closing;
}

/* Here, for the last hold on a large file takes longer to give up than a turn of the loop may. */
static void
drop_file(struct s3_request *request)
{
    if (request->file != -1)
        close(request->file);
    request->file = -1;
}

/* Gives each active request a turn; returns the ms until one of them wants another. */
static int64_t
advance(struct place *place, struct s3_request **link, size_t *count)
{
    int64_t least = PLACE_WAITS;

    while (*link != NULL) {
        struct s3_request *request = *link;
        int64_t wait = PLACE_DONE;

        if (request_wanted(request)) {
            wait = place->advance(place, request);
        } else {
            place->give_up(place, request);
            request_say(request, S3_STOPPED, "it was not wanted any more");
        }
        if (wait != PLACE_DONE) {
            least = wait < least ? wait : least;
            link = &request->active_next;
        } else {
            *link = request->active_next;
            --*count;
            drop_file(request);
            end(request);
            least = 0; /* one from the inbox may have its place */
        }
    }
    return least;
}

static void *
work(void *context)
{
    struct outbound *outbound = context;
    struct place *place = outbound->place;
    struct s3_request *active = NULL;
    size_t count = 0;

    while (take_inbox(outbound, &active, &count))
        place->wait(place, advance(place, &active, &count));
    advance(place, &active, &count); /* nobody wants anything any more */
    return NULL;
}

/* ---- the loop's thread: requests ------------------------------------------ */

static char *
copy(const char *text)
{
    return memory_text(text == NULL ? "" : text);
}

struct s3_patience
s3_patience(struct store *store)
{
    return (struct s3_patience){ .connect_ms = setting_int(store, SETTING_S3_CONNECT),
        .stall_ms = setting_int(store, SETTING_S3_STALL),
        .tries = setting_int(store, SETTING_S3_TRIES) };
}

static int64_t
or_default(int64_t given, enum setting setting)
{
    return given > 0 ? given : (int64_t)setting_rows[setting].defaults[PROFILE_QUICK];
}

static struct s3_request *
request_make(struct outbound *outbound, enum s3_verb verb, const struct s3_object *object,
    s3_done *on_done, void *context)
{
    struct s3_request *request = memory_new(sizeof *request);

    request->outbound = outbound;
    request->verb = verb;
    request->region = copy(object->region);
    request->bucket = copy(object->bucket);
    request->key = copy(object->key);
    request->version = copy(object->version);
    request->patience = (struct s3_patience){
        .connect_ms = or_default(object->patience.connect_ms, SETTING_S3_CONNECT),
        .stall_ms = or_default(object->patience.stall_ms, SETTING_S3_STALL),
        .total_ms = object->patience.total_ms,
        .tries = or_default(object->patience.tries, SETTING_S3_TRIES),
    };
    request->most = INT64_MAX;
    request->file = -1;
    request->on_done = on_done;
    request->context = context;
    request->answer = (struct s3_answer){ .size = -1, .why = request->why, .etag = request->etag };
    return request;
}

static void
request_free(struct s3_request *request)
{
    while (request->first != NULL) {
        struct piece *next = request->first->next;

        free(request->first);
        request->first = next;
    }
    drop_file(request); /* of one that was never begun */
    free(request->region);
    free(request->bucket);
    free(request->key);
    free(request->version);
    free(request->content_type);
    free(request->bytes);
    free(request);
}

static struct s3_request *
request_start(struct s3_request *request)
{
    struct outbound *outbound = request->outbound;

    outbound->pending++;
    request->all_next = outbound->all;
    if (outbound->all != NULL)
        outbound->all->all_before = request;
    outbound->all = request;
    pthread_mutex_lock(&outbound->lock);
    append(&outbound->inbox, request);
    pthread_mutex_unlock(&outbound->lock);
    outbound->place->wake(outbound->place);
    return request;
}

struct s3_request *
s3_head(struct outbound *outbound, const struct s3_object *object, s3_done *on_done, void *context)
{
    return request_start(request_make(outbound, S3_HEAD, object, on_done, context));
}

struct s3_request *
s3_get(struct outbound *outbound, const struct s3_object *object, int64_t most, s3_piece *on_piece,
    s3_done *on_done, void *context)
{
    struct s3_request *request = request_make(outbound, S3_GET, object, on_done, context);

    request->most = most;
    request->on_piece = on_piece;
    return request_start(request);
}

struct s3_request *
s3_put(struct outbound *outbound, const struct s3_object *object, const struct s3_body *body,
    s3_done *on_done, void *context)
{
    struct s3_request *request = request_make(outbound, S3_PUT, object, on_done, context);

    request->content_type = copy(body->content_type);
    request->bytes = body->bytes;
    request->length = body->length;
    request->file = body->bytes == NULL ? body->file : -1;
    return request_start(request);
}

/* ---- the loop's thread: flow ---------------------------------------------- */

void
s3_hold(struct s3_request *request)
{
    request->held = true;
}

/* Puts it in line, behind the others, if there is something of it; whether it was not yet. */
static bool
line_up(struct s3_request *request)
{
    struct outbound *outbound = request->outbound;
    bool new;

    pthread_mutex_lock(&outbound->lock);
    new = (request->pieces > 0 || request->ended) && make_ready(request);
    pthread_mutex_unlock(&outbound->lock);
    return new;
}

void
s3_release(struct s3_request *request)
{
    struct outbound *outbound = request->outbound;

    request->held = false;
    if (line_up(request))
        outbound->options.wake(outbound->options.context);
}

/* No more pieces, nor, if it is cancelled, an end; the worker hears of it. */
static void
give_up(struct s3_request *request, bool cancelled)
{
    struct outbound *outbound = request->outbound;

    pthread_mutex_lock(&outbound->lock);
    request->unwanted = true;
    request->cancelled = cancelled;
    pthread_mutex_unlock(&outbound->lock);
    s3_release(request);
    outbound->place->wake(outbound->place);
}

void
s3_cancel(struct s3_request *request)
{
    give_up(request, true);
}

/* ---- the loop's thread: handing back --------------------------------------- */

/* What is there of the first request that is ready: a piece, or its end. */
struct delivery {
    struct s3_request *request; /* NULL: nothing */
    struct piece *piece;
    bool ended, feed; /* the worker waits for room */
};

static struct delivery
next_delivery(struct outbound *outbound)
{
    struct delivery delivery = { .request = NULL };
    struct s3_request *request;

    pthread_mutex_lock(&outbound->lock);
    request = delivery.request = take_first(&outbound->ready);
    if (request != NULL) {
        request->ready = false;
        if (!request->held && !request->unwanted && request->pieces > 0) {
            delivery.piece = request->first;
            request->first = delivery.piece->next;
            request->pieces--;
            delivery.feed = request->starved && request->pieces <= PIECES_MAX / 2;
            request->starved = request->starved && !delivery.feed;
        }
        delivery.ended = delivery.piece == NULL && request->ended && !request->held;
    }
    pthread_mutex_unlock(&outbound->lock);
    return delivery;
}

static void
finish(struct outbound *outbound, struct s3_request *request)
{
    if (request->all_before == NULL)
        outbound->all = request->all_next;
    else
        request->all_before->all_next = request->all_next;
    if (request->all_next != NULL)
        request->all_next->all_before = request->all_before;
    outbound->pending--;
    if (!request->cancelled) {
        if (request->unwanted)
            request_say(request, S3_STOPPED, "it was not wanted any more");
        request->on_done(request->context, &request->answer);
    }
    request_free(request);
}

static void
deliver(const struct delivery *delivery)
{
    struct s3_request *request = delivery->request;

    if (delivery->ended) {
        finish(request->outbound, request);
        return;
    }
    if (delivery->piece == NULL)
        return;
    if (delivery->feed)
        request->outbound->place->wake(request->outbound->place);
    if (!request->on_piece(request->context, delivery->piece->bytes, delivery->piece->length) &&
        !request->cancelled)
        give_up(request, false);
    free(delivery->piece);
    if (!request->held)
        line_up(request);
}

bool
outbound_run(struct outbound *outbound)
{
    int64_t end_us;
    bool more;

    if (outbound == NULL)
        return false;
    end_us = clock_monotonic_us() + TURN_US;
    do {
        struct delivery delivery = next_delivery(outbound);

        if (delivery.request == NULL)
            return false;
        deliver(&delivery);
    } while (clock_monotonic_us() < end_us);
    pthread_mutex_lock(&outbound->lock);
    more = outbound->ready.first != NULL;
    pthread_mutex_unlock(&outbound->lock);
    return more;
}

size_t
outbound_pending(const struct outbound *outbound)
{
    return outbound == NULL ? 0 : outbound->pending;
}

/* ---- life ----------------------------------------------------------------- */

#define DIRECTORY "dir:"

static struct place *
place_open(const char *where, char *why, size_t size)
{
    if (strncmp(where, DIRECTORY, strlen(DIRECTORY)) == 0)
        return directory_open(where + strlen(DIRECTORY), why, size);
    return server_open(where, why, size);
}

bool
s3_where_fits(const char *where, char *why, size_t size)
{
    struct place *place = place_open(where, why, size);

    if (place != NULL)
        place->close(place);
    return place != NULL;
}

/* Signals are for the loop's thread. */
static bool
start_thread(struct outbound *outbound)
{
    sigset_t all, before;
    bool started;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_create(&outbound->thread, NULL, work, outbound) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

struct outbound *
outbound_open(const struct outbound_options *options, char *why, size_t size)
{
    struct place *place = place_open(options->s3, why, size);
    struct outbound *outbound;

    if (place == NULL)
        return NULL;
    outbound = memory_new(sizeof *outbound);
    outbound->place = place;
    outbound->options = *options;
    pthread_mutex_init(&outbound->lock, NULL);
    if (start_thread(outbound))
        return outbound;
    snprintf(why, size, "--s3: a thread cannot be started");
    place->close(place);
    free(outbound);
    return NULL;
}

void
outbound_close(struct outbound *outbound)
{
    if (outbound == NULL)
        return;
    pthread_mutex_lock(&outbound->lock);
    outbound->closing = true;
    pthread_mutex_unlock(&outbound->lock);
    outbound->place->wake(outbound->place);
    pthread_join(outbound->thread, NULL);
    while (outbound->all != NULL) { /* an end may begin another request, which ends here too */
        assert(outbound->all->all_before == NULL);
        outbound->all->unwanted = true;
        finish(outbound, outbound->all);
    }
    outbound->place->close(outbound->place);
    pthread_mutex_destroy(&outbound->lock);
    free(outbound);
}
