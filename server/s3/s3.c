#include "s3.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/setting.h"
#include "bucket_server.h"
#include "directory.h"
#include "request.h"

#define ACTIVE_MAX 64 /* requests at work at once; others wait in the inbox */
#define TURN_US 4000  /* what outbound_run() takes of a turn of the loop */

struct outbound {
    struct traffic traffic;
    struct s3_place *place;
    pthread_t thread;
    struct s3_request *all; /* the loop's */
    size_t pending;         /* likewise */
};

/* ---- the worker's thread: its loop --------------------------------------- */

/* Moves what is new to the active ones; false when the program ends. */
static bool
take_inbox(struct outbound *outbound, struct s3_request **active, size_t *count)
{
    struct s3_request *request;
    bool closing;

    pthread_mutex_lock(&outbound->traffic.lock);
    closing = outbound->traffic.closing;
    while ((closing || *count < ACTIVE_MAX) &&
           (request = request_list_take(&outbound->traffic.inbox)) != NULL) {
        request->active_next = *active;
        *active = request;
        ++*count;
    }
    pthread_mutex_unlock(&outbound->traffic.lock);
    return !closing;
}

/* Gives each active request a turn; returns the ms until one of them wants another. */
static int64_t
advance(struct s3_place *place, struct s3_request **link, size_t *count)
{
    int64_t least = PLACE_WAITS, now = request_now_ms();

    while (*link != NULL) {
        struct s3_request *request = *link;
        int64_t wait = PLACE_DONE;

        if (request_is_wanted(request)) {
            wait =
                now < request->begin_ms ? request->begin_ms - now : place->advance(place, request);
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
            request_drop_file(request);
            request_end(request);
            least = 0; /* one from the inbox may have its place */
        }
    }
    return least;
}

static void *
work(void *context)
{
    struct outbound *outbound = context;
    struct s3_place *place = outbound->place;
    struct s3_request *active = NULL;
    size_t count = 0;

    while (take_inbox(outbound, &active, &count))
        place->wait(place, advance(place, &active, &count));
    advance(place, &active, &count); /* nobody wants anything any more */
    return NULL;
}

/* ---- the loop's thread: requests ------------------------------------------ */

struct s3_patience
s3_patience(struct store *store)
{
    return (struct s3_patience){ .connect_ms = setting_int(store, SETTING_S3_CONNECT),
        .stall_ms = setting_int(store, SETTING_S3_STALL),
        .tries = setting_int(store, SETTING_S3_TRIES) };
}

static struct s3_request *
request_start(struct outbound *outbound, struct s3_request *request)
{
    request->outbound = outbound;
    outbound->pending++;
    request->all_next = outbound->all;
    if (outbound->all != NULL)
        outbound->all->all_before = request;
    outbound->all = request;
    pthread_mutex_lock(&outbound->traffic.lock);
    request_list_append(&outbound->traffic.inbox, request);
    pthread_mutex_unlock(&outbound->traffic.lock);
    outbound->place->wake(outbound->place);
    return request;
}

struct s3_request *
s3_head(struct outbound *outbound, const struct s3_object *object, s3_done *on_done, void *context)
{
    return request_start(outbound,
        request_make(&outbound->traffic, S3_HEAD, object, on_done, context));
}

struct s3_request *
s3_get(struct outbound *outbound, const struct s3_object *object, int64_t most, s3_piece *on_piece,
    s3_done *on_done, void *context)
{
    struct s3_request *request = request_make(&outbound->traffic, S3_GET, object, on_done, context);

    request->most = most;
    request->on_piece = on_piece;
    return request_start(outbound, request);
}

struct s3_request *
s3_put(struct outbound *outbound, const struct s3_object *object, const struct s3_body *body,
    s3_done *on_done, void *context)
{
    struct s3_request *request = request_make(&outbound->traffic, S3_PUT, object, on_done, context);

    request->content_type = memory_text(body->content_type == NULL ? "" : body->content_type);
    request->bytes = body->bytes;
    request->length = body->length;
    request->file = body->bytes == NULL ? body->file : -1;
    return request_start(outbound, request);
}

static char *
copy(const char *text)
{
    return text == NULL ? NULL : memory_text(text);
}

struct s3_request *
outbound_call(struct outbound *outbound, const struct outbound_call *call, s3_done *on_done,
    void *context)
{
    struct s3_request *request = request_make(&outbound->traffic, S3_CALL,
        &(struct s3_object){ .region = call->region, .patience = call->patience }, on_done,
        context);

    request->url = copy(call->url);
    request->service = copy(call->service);
    request->account = copy(call->account);
    request->target = copy(call->target);
    request->content_type = copy(call->content_type);
    request->bytes = copy(call->body);
    request->length = strlen(call->body);
    return request_start(outbound, request);
}

/* ---- the loop's thread: flow ---------------------------------------------- */

void
s3_hold(struct s3_request *request)
{
    request->held = true;
}

void
s3_release(struct s3_request *request)
{
    struct outbound *outbound = request->outbound;

    request->held = false;
    if (request_line_up(request))
        outbound->traffic.wake(outbound->traffic.context);
}

/* No more pieces, nor, if it is cancelled, an end; the worker hears of it. */
static void
give_up(struct s3_request *request, bool cancelled)
{
    struct outbound *outbound = request->outbound;

    pthread_mutex_lock(&outbound->traffic.lock);
    request->unwanted = true;
    request->cancelled = cancelled;
    pthread_mutex_unlock(&outbound->traffic.lock);
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

    pthread_mutex_lock(&outbound->traffic.lock);
    request = delivery.request = request_list_take(&outbound->traffic.ready);
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
    pthread_mutex_unlock(&outbound->traffic.lock);
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
        request_line_up(request);
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
    pthread_mutex_lock(&outbound->traffic.lock);
    more = outbound->traffic.ready.first != NULL;
    pthread_mutex_unlock(&outbound->traffic.lock);
    return more;
}

size_t
outbound_pending(const struct outbound *outbound)
{
    return outbound == NULL ? 0 : outbound->pending;
}

/* ---- life ----------------------------------------------------------------- */

#define DIRECTORY "dir:"

static struct s3_place *
place_open(const char *where, char *why, size_t size)
{
    if (where != NULL && strncmp(where, DIRECTORY, strlen(DIRECTORY)) == 0)
        return directory_open(where + strlen(DIRECTORY), why, size);
    return server_open(where, why, size);
}

bool
s3_where_fits(const char *where, char *why, size_t size)
{
    struct s3_place *place = place_open(where, why, size);

    if (place != NULL)
        place->close(place);
    return place != NULL;
}

bool
outbound_url_fits(const char *url, char *why, size_t size)
{
    struct s3_place *place = NULL;

    if (strncmp(url, DIRECTORY, strlen(DIRECTORY)) != 0 && strstr(url, "{bucket}") == NULL)
        place = server_open(url, why, size);
    if (place != NULL)
        place->close(place);
    else
        snprintf(why, size, "the URL of a server, such as http://127.0.0.1:5000");
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
    struct s3_place *place = place_open(options->s3, why, size);
    struct outbound *outbound;

    if (place == NULL)
        return NULL;
    outbound = memory_new(sizeof *outbound);
    outbound->place = place;
    outbound->traffic.wake = options->wake;
    outbound->traffic.context = options->context;
    pthread_mutex_init(&outbound->traffic.lock, NULL);
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
    pthread_mutex_lock(&outbound->traffic.lock);
    outbound->traffic.closing = true;
    pthread_mutex_unlock(&outbound->traffic.lock);
    outbound->place->wake(outbound->place);
    pthread_join(outbound->thread, NULL);
    while (outbound->all != NULL) { /* an end may begin another request, which ends here too */
        assert(outbound->all->all_before == NULL);
        outbound->all->unwanted = true;
        finish(outbound, outbound->all);
    }
    outbound->place->close(outbound->place);
    pthread_mutex_destroy(&outbound->traffic.lock);
    free(outbound);
}
