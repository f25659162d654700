/*
 * Requests for objects and what comes of them, for the tests of both kinds of places. Nothing
 * sleeps: a wait ends when the worker wakes it.
 */
#ifndef TESTS_SERVER_OUTBOUND_TALK_H
#define TESTS_SERVER_OUTBOUND_TALK_H

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/s3/s3.h"

#define GIVE_UP_MS 20000

/* What came of a request. */
struct outcome {
    int done, pieces;
    enum s3_result result;
    char why[300], etag[200];
    int64_t size;
    char *bytes;
    size_t length, room, stop_at; /* stop_at: the piece to stop at, 0 for none */
};

static struct outbound *outbound;
static int wakes[2]; /* a pipe */

static inline void
wake(void *context)
{
    assert_true(write(wakes[1], context, 1) == 1);
}

static inline void
open_outbound(const char *where)
{
    char why[300];

    assert_int_equal(pipe(wakes), 0);
    outbound =
        outbound_open(&(struct outbound_options){ .s3 = where, .wake = wake, .context = "!" }, why,
            sizeof why);
    if (outbound == NULL)
        fail_msg("%s", why);
}

static inline void
close_outbound(void)
{
    outbound_close(outbound);
    outbound = NULL;
    close(wakes[0]);
    close(wakes[1]);
}

/* One turn of a loop, which sleeps while there is nothing. */
static inline void
turn(void)
{
    struct pollfd woken = { .fd = wakes[0], .events = POLLIN };
    char byte;

    if (outbound_run(outbound))
        return;
    assert_int_equal(poll(&woken, 1, GIVE_UP_MS), 1);
    assert_int_equal(read(wakes[0], &byte, 1), 1);
    outbound_run(outbound);
}

static inline bool
on_piece(void *context, const char *bytes, size_t length)
{
    struct outcome *outcome = context;

    assert_true(length > 0 && length <= S3_PIECE_MAX);
    if (outcome->length + length > outcome->room) {
        outcome->room = 2 * (outcome->length + length);
        outcome->bytes = realloc(outcome->bytes, outcome->room);
    }
    memcpy(outcome->bytes + outcome->length, bytes, length);
    outcome->length += length;
    outcome->pieces++;
    return outcome->stop_at == 0 || outcome->pieces < (int)outcome->stop_at;
}

static inline void
on_done(void *context, const struct s3_answer *answer)
{
    struct outcome *outcome = context;

    outcome->done++;
    outcome->result = answer->result;
    outcome->size = answer->size;
    snprintf(outcome->why, sizeof outcome->why, "%s", answer->why);
    snprintf(outcome->etag, sizeof outcome->etag, "%s", answer->etag);
}

static inline struct outcome
outcome_wait(struct outcome *outcome)
{
    while (outcome->done == 0)
        turn();
    assert_int_equal(outcome->done, 1);
    assert_true((outcome->result == S3_OK) == (outcome->why[0] == '\0'));
    assert_int_equal(outbound_pending(outbound), 0);
    return *outcome;
}

static inline struct s3_object
object_of(const char *bucket, const char *key)
{
    return (struct s3_object){ .region = "eu-central-1", .bucket = bucket, .key = key };
}

static inline struct outcome
get(const struct s3_object *object, int64_t most)
{
    struct outcome outcome = { 0 };

    s3_get(outbound, object, most, on_piece, on_done, &outcome);
    return outcome_wait(&outcome);
}

static inline struct outcome
get_key(const char *key)
{
    struct s3_object object = object_of("bucket", key);

    return get(&object, INT64_MAX);
}

static inline struct outcome
head_key(const char *key)
{
    struct s3_object object = object_of("bucket", key);
    struct outcome outcome = { 0 };

    s3_head(outbound, &object, on_done, &outcome);
    return outcome_wait(&outcome);
}

static inline struct outcome
put(const char *bucket, const char *key, const char *text)
{
    struct s3_object object = object_of(bucket, key);
    struct s3_body body = { .content_type = "text/plain",
        .bytes = strdup(text),
        .length = strlen(text) };
    struct outcome outcome = { 0 };

    s3_put(outbound, &object, &body, on_done, &outcome);
    return outcome_wait(&outcome);
}

static inline void
assert_bytes(struct outcome outcome, const char *text)
{
    assert_string_equal(outcome.why, "");
    assert_int_equal(outcome.result, S3_OK);
    assert_int_equal(outcome.length, strlen(text));
    assert_memory_equal(outcome.length == 0 ? "" : outcome.bytes, text, outcome.length);
    free(outcome.bytes);
}

#endif
