#include "events.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/arn.h"
#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/base/digest.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../record/feed.h"
#include "../call/hold.h"
#include "../http/http.h"
#include "../record/journal.h"
#include "../record/metrics.h"
#include "../call/server.h"
#include "control.h"
#include "report.h"

#define LISTENERS_MAX 1024
#define SILENCE_US 15000000 /* a proxy would end a connection on which nothing is said */

/* What one turn of the loop may take: time to read, and text, for one reader and for all. */
#define TURN_US 5000
#define READER_BYTES (128 * 1024)
#define TURN_BYTES (4 * 1024 * 1024)

/* What a move is as text, about. */
#define MOVE_BYTES 320

/* Beyond this, of a call only the length of input and output is told: journal has the rest. */
#define CALL_BYTES (32 * 1024)

#define RUN_SIZE 9
#define ID_SIZE (2 * 20 + 2 + RUN_SIZE)

struct listener {
    struct events *events;
    struct stream *stream;
    bool live;               /* it has heard everything: it is told with all the others */
    struct feed_place place; /* what it has heard, until it is live */
    bool moves, calls;       /* what it wants to hear of */
    struct scope scope;      /* "" for any */
    char arn[2049];          /* likewise */
};

struct events {
    struct listener *listeners[LISTENERS_MAX];
    size_t count, turn; /* whose turn it is to catch up */
    struct feed_place place;
    int64_t mark;            /* of the world, when there were no more moves to tell */
    int64_t spoken_us;       /* when it was last made sure that nobody hears only silence */
    char run[RUN_SIZE];      /* of the program: the calls of another are not in its journal */
    struct feed_item *items; /* of this turn, in the memory of its step */
    size_t item_count;
    int64_t items_mark; /* of the world, when they were all there are; else -1 */
};

struct events *
events_open(struct store *store)
{
    struct events *events = memory_new(sizeof *events);
    unsigned char bytes[(RUN_SIZE - 1) / 2];

    step_look(store);
    events->place.move = history_last(store);
    events->mark = step_mark(store);
    step_looked(store);
    random_bytes(bytes, sizeof bytes);
    hex_encode(bytes, sizeof bytes, events->run);
    return events;
}

void
events_close(struct events *events)
{
    free(events);
}

/* ---- items as text ------------------------------------------------------ */

/* The id of an event is the place behind it, so that whoever heard it can go on from there. */
static void
print_id(const struct events *events, const struct feed_place *place, char id[ID_SIZE])
{
    snprintf(id, ID_SIZE, "%" PRId64 ".%" PRId64 ".%s", place->move, place->call, events->run);
}

static void
cut_member(cJSON *json, const char *member, const char *text)
{
    char note[64];

    if (text == NULL || strlen(text) <= CALL_BYTES / 2)
        return;
    snprintf(note, sizeof note, "(%zu bytes of JSON)", strlen(text));
    cJSON_ReplaceItemInObjectCaseSensitive(json, member, cJSON_CreateString(note));
}

static cJSON *
describe_call(const struct journal_entry *call)
{
    cJSON *json = report_request(call, false);

    if (call->weight > CALL_BYTES) {
        cut_member(json, "input", call->input);
        cut_member(json, "output", call->output);
    }
    return json;
}

/* From malloc; its length is *length. */
static char *
print_item(const struct events *events, const struct feed_item *item, size_t *length)
{
    cJSON *json = item->call != NULL ? describe_call(item->call) : report_event(&item->move, true);
    char *data = memory_made(cJSON_PrintUnformatted(json)), *text, id[ID_SIZE];
    FILE *out = memory_made(open_memstream(&text, length));

    if (item->forgotten > 0)
        fprintf(out, ": %" PRId64 " before this are kept no longer\n", item->forgotten);
    print_id(events, &item->place, id);
    fprintf(out, "id: %s\nevent: %s\ndata: %s\n\n", id,
        item->call != NULL ? "request" : "transition", data);
    if (fclose(out) != 0)
        abort();
    cJSON_free(data);
    cJSON_Delete(json);
    return text;
}

/* ---- who hears what ----------------------------------------------------- */

static bool
is_in(const struct scope *wanted, const char *account, const char *region)
{
    return (*wanted->account == '\0' || strcmp(wanted->account, account) == 0) &&
           (*wanted->region == '\0' || strcmp(wanted->region, region) == 0);
}

static bool
wants_call(const struct listener *listener, const struct journal_entry *call)
{
    struct journal_filter filter = { .account = control_any(listener->scope.account),
        .region = control_any(listener->scope.region),
        .arn = control_any(listener->arn) };

    return listener->calls && journal_matches(call, &filter);
}

static bool
wants_move(const struct listener *listener, const struct event *move)
{
    struct scope scope = { "", "" };

    arn_read(move->arn, &scope);
    return listener->moves && is_in(&listener->scope, scope.account, scope.region) &&
           (*listener->arn == '\0' || strcmp(listener->arn, move->arn) == 0);
}

static bool
wants(const struct listener *listener, const struct feed_item *item)
{
    return item->call != NULL ? wants_call(listener, item->call)
                              : wants_move(listener, &item->move);
}

/* ---- reading ------------------------------------------------------------ */

static size_t
weight(const struct feed_item *item)
{
    return item->call == NULL ? 256 : item->call->weight;
}

/*
 * Reads what comes behind `place`, up to so many bytes and as much time as there is, and moves it
 * on. False when the store failed: then nothing was read.
 */
static bool
read_items(struct server *server, struct feed_place *place, size_t bytes_max, int64_t until_us)
{
    struct events *events = server->events;
    struct feed_place begun = *place;
    struct feed_item item;
    size_t bytes = 0;
    bool more = true;

    step_look(server->store);
    events->items = NULL;
    events->item_count = 0;
    while (bytes < bytes_max && (bytes == 0 || clock_monotonic_us() < until_us) &&
           (more = feed_next(server->store, server->journal, place, &item))) {
        events->items = store_more(server->store, events->items, events->item_count, sizeof item);
        events->items[events->item_count++] = item;
        bytes += weight(&item);
    }
    events->items_mark = more ? -1 : step_mark(server->store);
    if (step_looked(server->store))
        return true;
    events->item_count = 0;
    *place = begun;
    return false;
}

/* ---- telling ------------------------------------------------------------ */

static void
tell_everyone(struct events *events, const struct feed_item *item)
{
    char *text = NULL;
    size_t length = 0;

    for (size_t i = 0; i < events->count; i++) {
        struct listener *listener = events->listeners[i];

        if (!listener->live || !wants(listener, item))
            continue;
        if (text == NULL)
            text = print_item(events, item, &length);
        stream_write(listener->stream, text, length);
    }
    free(text);
}

static void
pass_on(struct server *server, const struct feed_item *item)
{
    tell_everyone(server->events, item);
    if (item->call != NULL)
        return;
    metrics_transition(server->metrics, &item->move);
    holds_moved(server->holds, server->http, item->move.arn);
}

/* Whether everything was told to those who are live. */
static bool
is_quiet(const struct server *server)
{
    const struct events *events = server->events;

    return step_mark(server->store) == events->mark &&
           events->place.call == journal_last(server->journal);
}

bool
events_are_behind(const struct events *events)
{
    return events->mark == -1;
}

/* Tells those who have heard everything what is new. True when there is more. */
static bool
tell_news(struct server *server)
{
    struct events *events = server->events;
    size_t share = TURN_BYTES / (events->count + 1);

    if (events->count == 0) {
        events->place.call = journal_last(server->journal); /* nobody wants to know */
        share = SIZE_MAX;
    } else if (share > READER_BYTES) {
        share = READER_BYTES;
    }
    if (is_quiet(server) ||
        !read_items(server, &events->place, share, clock_monotonic_us() + TURN_US))
        return false;
    events->mark = events->items_mark;
    for (size_t i = 0; i < events->item_count; i++)
        pass_on(server, &events->items[i]);
    return events_are_behind(events);
}

static void
tell(struct listener *listener, const struct feed_item *item)
{
    size_t length;
    char *text;

    if (!wants(listener, item))
        return;
    text = print_item(listener->events, item, &length);
    stream_write(listener->stream, text, length);
    free(text);
}

/* Tells one listener some of what it missed. True when it could be told more at once. */
static bool
catch_up(struct server *server, struct listener *listener, int64_t until_us)
{
    struct events *events = server->events;
    size_t behind = stream_behind(listener->stream);

    if (behind >= READER_BYTES ||
        !read_items(server, &listener->place, READER_BYTES - behind, until_us))
        return false;
    for (size_t i = 0; i < events->item_count; i++)
        tell(listener, &events->items[i]);
    listener->live = events->items_mark != -1 && is_quiet(server);
    return !listener->live;
}

/* Gives those who are behind a turn, one after another, as long as there is time. */
static bool
tell_missed(struct server *server)
{
    struct events *events = server->events;
    int64_t until_us = clock_monotonic_us() + TURN_US;
    bool more = false;

    for (size_t i = 0; i < events->count && clock_monotonic_us() < until_us; i++) {
        struct listener *listener = events->listeners[events->turn++ % events->count];

        if (!listener->live)
            more = catch_up(server, listener, until_us) || more;
    }
    return more;
}

static void
break_silence(struct events *events)
{
    int64_t now_us = clock_monotonic_us();

    if (events->count == 0 || now_us < events->spoken_us + SILENCE_US)
        return;
    events->spoken_us = now_us;
    for (size_t i = 0; i < events->count; i++)
        if (stream_behind(events->listeners[i]->stream) == 0)
            stream_write(events->listeners[i]->stream, ":\n\n", 3);
}

bool
events_run(struct server *server)
{
    bool more = tell_news(server);

    break_silence(server->events);
    return tell_missed(server) || more;
}

int64_t
events_wait(const struct events *events)
{
    int64_t left_us = events->spoken_us + SILENCE_US - clock_monotonic_us();

    if (events->count == 0)
        return INT64_MAX;
    return left_us > 0 ? left_us / 1000 + 1 : 0;
}

/* ---- listening ---------------------------------------------------------- */

static void
on_closed(void *context, struct stream *stream)
{
    struct listener *listener = context;
    struct events *events = listener->events;
    size_t i = 0;

    (void)stream;
    while (events->listeners[i] != listener)
        i++;
    events->listeners[i] = events->listeners[--events->count];
    free(listener);
}

/*
 * An id of an event, or only its first number. What the journal of another run had is gone; all
 * that is in this one's came later.
 */
static bool
read_place(struct control *control, const char *id, struct feed_place *place)
{
    char run[RUN_SIZE] = "";
    int end = 0;

    *place = (struct feed_place){ .move = 0 };
    if (sscanf(id, "%18" SCNd64 "%n", &place->move, &end) == 1 && place->move >= 0 &&
        id[end] == '\0')
        return true;
    if (sscanf(id, "%18" SCNd64 ".%18" SCNd64 ".%8[0-9a-f]%n", &place->move, &place->call, run,
            &end) != 3 ||
        place->move < 0 || place->call < 0 || id[end] != '\0')
        return control_fail(control, 400, "InvalidValue",
            "Go on after the id of an event, or after 0 for everything that is kept.");
    if (strcmp(run, control->server->events->run) != 0)
        place->call = 0;
    return true;
}

static bool
read_type(struct control *control, struct listener *listener)
{
    const char *type = exchange_argument(control->exchange, "type");

    listener->moves = type == NULL || strcmp(type, "transition") == 0;
    listener->calls = type == NULL || strcmp(type, "request") == 0;
    return listener->moves || listener->calls ||
           control_fail(control, 400, "InvalidValue", "'type' must be transition or request.");
}

/* Where the listener goes on; `resumes` is false for one who wants to hear only what comes. */
static bool
read_resume(struct control *control, struct listener *listener, bool *resumes)
{
    const char *after = exchange_header(control->exchange, "Last-Event-ID");

    if (after == NULL || *after == '\0')
        after = exchange_argument(control->exchange, "after");
    *resumes = after != NULL;
    return after == NULL || read_place(control, after, &listener->place);
}

/* True when the place is one that an event can have had: else it is now that of the end. */
static bool
find_place(struct server *server, struct listener *listener, bool resumes)
{
    struct feed_place end;
    bool good;

    step_look(server->store);
    end = feed_end(server->store, server->journal);
    step_looked(server->store);
    good = listener->place.move <= end.move && listener->place.call <= end.call;
    if (!resumes || !good)
        listener->place = end;
    return good;
}

/*
 * What has an id and no data is no event; it tells a client where it is, should it have to come
 * back before the first.
 */
static void
greet(struct listener *listener, bool found)
{
    char id[ID_SIZE], text[ID_SIZE + 128];
    int length;

    print_id(listener->events, &listener->place, id);
    length = snprintf(text, sizeof text, ": %s\nretry: 1000\nid: %s\n\n",
        found ? "listening" : "that id is of another world: what was missed is not known", id);
    stream_write(listener->stream, text, (size_t)length);
}

static void
begin_listening(struct control *control, struct listener *listener, bool resumes)
{
    bool found = find_place(control->server, listener, resumes);
    struct events *events = control->server->events;

    control->ended = true;
    listener->events = events;
    listener->stream = exchange_stream(control->exchange, "text/event-stream", on_closed, listener);
    if (listener->stream == NULL) {
        free(listener);
        return;
    }
    if (events->count == 0)
        events->spoken_us = clock_monotonic_us();
    events->listeners[events->count++] = listener;
    greet(listener, found);
}

void
control_events(struct control *control)
{
    struct listener *listener = memory_new(sizeof *listener);
    bool resumes = false;

    if (!control_scope(control, &listener->scope) || !read_type(control, listener) ||
        !control_argument_arn(control, listener->arn, sizeof listener->arn) ||
        !read_resume(control, listener, &resumes)) {
        free(listener);
        return;
    }
    if (control->server->events->count == LISTENERS_MAX) {
        control_fail(control, 409, "TooManyListeners", "There are %d listeners already.",
            LISTENERS_MAX);
        free(listener);
        return;
    }
    begin_listening(control, listener, resumes);
}
