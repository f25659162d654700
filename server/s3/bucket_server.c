/*
 * Objects behind a URL, and calls of other services: requests to a server, signed, tried again, timed.
 *
 * Who is asked is what the URL says and nobody else: a redirection is an answer.
 */
#include "bucket_server.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "libcurl.h"
#include "address.h"
#include "name.h"
#include "try.h"

#define BACK_OFF_MS 100 /* before the second try; twice that before the third … */
#define BACK_OFF_MAX_MS 3000

/*
 * A server that fails may do better the next time. What was read of the object need not be read
 * again, if it can be told that it is still the same.
 */
static bool
try_again(struct s3_request *request, struct transfer *transfer)
{
    int64_t wait = BACK_OFF_MS;

    if (transfer->refused || transfer->tries >= request->patience.tries ||
        (transfer->received > request->from && *request->etag == '\0') ||
        (request->answer.result != S3_UNREACHABLE && request->answer.result != S3_BROKEN))
        return false;
    for (int64_t i = 1; i < transfer->tries && wait < BACK_OFF_MAX_MS; i++)
        wait *= 2;
    transfer->next_try_ms = request_now_ms() + wait;
    return true;
}

/* ---- the place --------------------------------------------------------------------------- */

static void
server_give_up(struct s3_place *base, struct s3_request *request)
{
    struct transfer *transfer = request->transfer;

    if (transfer == NULL)
        return;
    try_end((struct server_place *)base, transfer);
    free(transfer->url);
    free(transfer->host);
    free(transfer->path);
    free(transfer);
    request->transfer = NULL;
}

static bool
begin(const struct server_place *place, struct s3_request *request)
{
    struct transfer *transfer = request->transfer = memory_new(sizeof *transfer);
    bool is_object = request->verb != S3_CALL;
    struct address address;

    if (is_object && !name_is_bucket(request->bucket))
        return request_say(request, S3_MISNAMED, "no bucket can have that name");
    if (is_object && !name_is_key(request->key))
        return request_say(request, S3_MISNAMED, "no object can have that key");
    if (!address_make(is_object ? place->url : request->url, request->region, request->bucket,
            request->key, request->version, &address))
        return request_say(request, S3_MISNAMED, "the name does not make an address");
    transfer->begun_ms = transfer->next_try_ms = request_now_ms();
    transfer->received = request->from;
    transfer->url = address.url;
    transfer->host = address.host;
    transfer->path = address.path;
    return true;
}

/* The ms until the server has been silent for too long; at most 0: it has. */
static int64_t
silence_left(struct s3_request *request, struct transfer *transfer, int64_t now)
{
    int64_t left = transfer->alive_ms + request->patience.stall_ms - now;

    if (transfer->paused && !request_room(request))
        return PLACE_WAITS; /* it is us who are silent */
    if (transfer->paused) {
        transfer->paused = false;
        transfer->alive_ms = now;
        libcurl.easy_pause(transfer->easy, CURLPAUSE_CONT);
        return 1;
    }
    if (left <= 0)
        request_say(request, S3_UNREACHABLE, "the server was silent for %lld ms",
            (long long)request->patience.stall_ms);
    return left;
}

/* As place.advance, for a request that has not run out of time. */
static int64_t
advance_try(struct server_place *place, struct s3_request *request, struct transfer *transfer,
    int64_t now)
{
    int64_t left;

    if (transfer->easy == NULL && now < transfer->next_try_ms)
        return transfer->next_try_ms - now;
    if (transfer->easy == NULL) {
        try_start(place, request, transfer);
        return 0;
    }
    left = transfer->over ? 0 : silence_left(request, transfer, now);
    if (left > 0)
        return left;
    if (transfer->over)
        try_judge(request, transfer);
    try_end(place, transfer);
    return request->answer.result != S3_OK && try_again(request, transfer) ? 0 : PLACE_DONE;
}

static int64_t
server_advance(struct s3_place *base, struct s3_request *request)
{
    struct server_place *place = (struct server_place *)base;
    bool goes_on = request->transfer != NULL || begin(place, request);
    int64_t total = request->patience.total_ms, now = request_now_ms(), wait = PLACE_DONE, left;

    if (goes_on) {
        left = total == 0 ? PLACE_WAITS : request->transfer->begun_ms + total - now;
        if (left <= 0)
            request_say(request, S3_UNREACHABLE, "it took longer than %lld ms", (long long)total);
        else
            wait = advance_try(place, request, request->transfer, now);
        if (wait != PLACE_DONE)
            return wait < left ? wait : left;
    }
    server_give_up(base, request);
    return PLACE_DONE;
}

static void
server_wait(struct s3_place *base, int64_t ms)
{
    struct server_place *place = (struct server_place *)base;
    struct CURLMsg *message;
    struct s3_request *request;
    int running, left;

    libcurl.multi_poll(place->multi, NULL, 0, ms > 60000 ? 60000 : (int)ms, NULL);
    libcurl.multi_perform(place->multi, &running);
    while ((message = libcurl.multi_info_read(place->multi, &left)) != NULL)
        if (message->msg == CURLMSG_DONE) {
            libcurl.easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&request);
            request->transfer->over = true;
            request->transfer->code = message->data.result;
        }
}

static void
server_wake(struct s3_place *place)
{
    libcurl.multi_wakeup(((struct server_place *)place)->multi);
}

static void
server_close(struct s3_place *base)
{
    struct server_place *place = (struct server_place *)base;

    libcurl.multi_cleanup(place->multi);
    libcurl.global_cleanup();
    free(place->url);
    free(place);
}

static const char *
from_environment(const char *name)
{
    const char *value = getenv(name);

    return value == NULL || *value == '\0' ? NULL : value;
}

struct s3_place *
server_open(const char *url, char *why, size_t size)
{
    struct server_place *place;

    if (!libcurl_load(why, size) || (url != NULL && !address_fits(url, why, size)))
        return NULL;
    place = memory_new(sizeof *place);
    if (libcurl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        abort();
    *place = (struct server_place){ .place = { .advance = server_advance,
                                        .give_up = server_give_up,
                                        .wait = server_wait,
                                        .wake = server_wake,
                                        .close = server_close },
        .multi = memory_made(libcurl.multi_init()),
        .url = url == NULL ? NULL : memory_text(url),
        .access_key_id = from_environment("AWS_ACCESS_KEY_ID"),
        .secret = from_environment("AWS_SECRET_ACCESS_KEY"),
        .session_token = from_environment("AWS_SESSION_TOKEN") };
    if (place->access_key_id == NULL || place->secret == NULL)
        place->access_key_id = place->secret = NULL;
    return &place->place;
}
