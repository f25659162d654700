/*
 * Objects behind a URL: requests to a server of S3, signed, tried again, timed.
 *
 * Who is asked is what the URL says and nobody else: a redirection is an answer.
 */
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "libcurl.h"
#include "address.h"
#include "inside.h"
#include "name.h"
#include "try.h"

#define BACK_OFF_MS 100 /* before the second try; twice that before the third … */
#define BACK_OFF_MAX_MS 3000

/*
 * A server that fails may do better the next time. What was read of the object need not be read
 * again, if it can be told that it is still the same.
 */
static bool
try_again(struct s3_request *request, struct work *work)
{
    int64_t wait = BACK_OFF_MS;

    if (work->refused || work->tries >= request->patience.tries ||
        (work->received > 0 && *request->etag == '\0') ||
        (request->answer.result != S3_UNREACHABLE && request->answer.result != S3_BROKEN))
        return false;
    for (int64_t i = 1; i < work->tries && wait < BACK_OFF_MAX_MS; i++)
        wait *= 2;
    work->next_try_ms = try_now_ms() + wait;
    return true;
}

/* ---- the place --------------------------------------------------------------------------- */

static void
server_give_up(struct place *base, struct s3_request *request)
{
    struct work *work = request->work;

    if (work == NULL)
        return;
    try_end((struct server_place *)base, work);
    free(work->url);
    free(work->host);
    free(work->path);
    free(work);
    request->work = NULL;
}

static bool
begin(const struct server_place *place, struct s3_request *request)
{
    struct work *work = request->work = memory_new(sizeof *work);
    struct address address;

    if (!name_is_bucket(request->bucket))
        return request_say(request, S3_MISNAMED, "no bucket can have that name");
    if (!name_is_key(request->key))
        return request_say(request, S3_MISNAMED, "no object can have that key");
    if (!address_make(place->url, request->region, request->bucket, request->key, request->version,
            &address))
        return request_say(request, S3_MISNAMED, "the name does not make an address");
    work->begun_ms = work->next_try_ms = try_now_ms();
    work->url = address.url;
    work->host = address.host;
    work->path = address.path;
    return true;
}

/* The ms until the server has been silent for too long; at most 0: it has. */
static int64_t
silence_left(struct s3_request *request, struct work *work, int64_t now)
{
    int64_t left = work->alive_ms + request->patience.stall_ms - now;

    if (work->paused && !request_room(request))
        return PLACE_WAITS; /* it is us who are silent */
    if (work->paused) {
        work->paused = false;
        work->alive_ms = now;
        libcurl.easy_pause(work->easy, CURLPAUSE_CONT);
        return 1;
    }
    if (left <= 0)
        request_say(request, S3_UNREACHABLE, "the server was silent for %lld ms",
            (long long)request->patience.stall_ms);
    return left;
}

/* As place.advance, for a request that has not run out of time. */
static int64_t
advance_try(struct server_place *place, struct s3_request *request, struct work *work, int64_t now)
{
    int64_t left;

    if (work->easy == NULL && now < work->next_try_ms)
        return work->next_try_ms - now;
    if (work->easy == NULL) {
        try_start(place, request, work);
        return 0;
    }
    left = work->over ? 0 : silence_left(request, work, now);
    if (left > 0)
        return left;
    if (work->over)
        try_judge(request, work);
    try_end(place, work);
    return request->answer.result != S3_OK && try_again(request, work) ? 0 : PLACE_DONE;
}

static int64_t
server_advance(struct place *base, struct s3_request *request)
{
    struct server_place *place = (struct server_place *)base;
    bool goes_on = request->work != NULL || begin(place, request);
    int64_t total = request->patience.total_ms, now = try_now_ms(), wait = PLACE_DONE, left;

    if (goes_on) {
        left = total == 0 ? PLACE_WAITS : request->work->begun_ms + total - now;
        if (left <= 0)
            request_say(request, S3_UNREACHABLE, "it took longer than %lld ms", (long long)total);
        else
            wait = advance_try(place, request, request->work, now);
        if (wait != PLACE_DONE)
            return wait < left ? wait : left;
    }
    server_give_up(base, request);
    return PLACE_DONE;
}

static void
server_wait(struct place *base, int64_t ms)
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
            request->work->over = true;
            request->work->code = message->data.result;
        }
}

static void
server_wake(struct place *place)
{
    libcurl.multi_wakeup(((struct server_place *)place)->multi);
}

static void
server_close(struct place *base)
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

struct place *
server_open(const char *url, char *why, size_t size)
{
    struct server_place *place;

    if (!libcurl_load(why, size) || !address_fits(url, why, size))
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
        .url = memory_text(url),
        .access_key_id = from_environment("AWS_ACCESS_KEY_ID"),
        .secret = from_environment("AWS_SECRET_ACCESS_KEY"),
        .session_token = from_environment("AWS_SESSION_TOKEN") };
    if (place->access_key_id == NULL || place->secret == NULL)
        place->access_key_id = place->secret = NULL;
    return &place->place;
}
