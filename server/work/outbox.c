#include "outbox.h"

#include <stdlib.h>

#include "../../state/base/memory.h"
#include "../../state/setting.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../call/server.h"
#include "../s3/s3.h"
#include "job.h"
#include "word.h"

#define SENDS_MAX 16

/* A delivery that is on its way, or rests before it is sent again. */
struct send {
    struct outbox *outbox;
    struct line *line;
    int64_t id; /* of its row; 0: none */
    struct s3_request *request;
};

/* Those of a kind. */
struct line {
    enum delivery_kind kind;
    size_t width; /* at once */
    int64_t seen; /* rows up to this id were looked at */
    bool more;    /* there may be others behind it */
    struct send sends[SENDS_MAX];
};

struct outbox {
    struct server *server;
    struct line lines[DELIVERY_KINDS];
    int world;   /* whose rows these are */
    int changes; /* see delivery_may_be_new() */
};

static const size_t widths[DELIVERY_KINDS] = { SENDS_MAX, 1, SENDS_MAX };

/* ---- one delivery ----------------------------------------------------------- */

static void on_done(void *context, const struct s3_answer *answer);

/* How long before the next time, when it was sent so often in vain. */
static int64_t
backoff_ms(struct store *store, int64_t tries)
{
    int64_t most = setting_int(store, SETTING_DELIVERY_BACKOFF_MOST);
    int64_t wait = setting_int(store, SETTING_DELIVERY_BACKOFF);

    for (int64_t i = 1; i < tries && wait < most; i++)
        wait *= 2;
    return wait < most ? wait : most;
}

/* In a step. */
static void
send(struct send *send, struct store *store, const struct delivery *delivery, int64_t delay_ms)
{
    struct s3_patience patience = s3_patience(store);

    patience.tries = 1;
    patience.delay_ms = delay_ms;
    send->id = delivery->id;
    send->request = word_send(send->outbox->server, delivery, &patience, on_done, send);
}

static bool
is_worth_another(enum s3_result result)
{
    return result == S3_UNREACHABLE || result == S3_BROKEN;
}

/* In a step; whether it is to be sent again. */
static bool
note(struct store *store, const struct delivery *delivery, const struct s3_answer *answer)
{
    bool again = is_worth_another(answer->result) &&
                 delivery->tries + 1 < setting_int(store, SETTING_DELIVERY_TRIES);

    if (answer->result == S3_OK)
        delivery_tried(store, delivery->id, "DONE", NULL);
    else
        delivery_tried(store, delivery->id, again ? "WAITING" : "FAILED", answer->why);
    return again;
}

/* What a failed store did not keep is looked for, and sent, again. */
static void
look_again(struct line *line)
{
    line->seen = 0;
    line->more = true;
}

/* Of one whose row is gone, nothing is to be said. */
static void
on_done(void *context, const struct s3_answer *answer)
{
    struct send *done = context;
    struct store *store = done->outbox->server->store;
    struct delivery delivery;
    int64_t id = done->id;

    done->id = 0;
    done->request = NULL;
    done->line->more = true;
    if (done->outbox->world != store_world(store) || answer->result == S3_STOPPED)
        return;
    step_begin(store, "delivery");
    if (delivery_find(store, id, &delivery) && note(store, &delivery, answer))
        send(done, store, &delivery, backoff_ms(store, delivery.tries + 1));
    if (!step_end(store, true))
        look_again(done->line);
}

static void
give_up(struct send *send)
{
    if (send->request != NULL)
        s3_cancel(send->request);
    send->request = NULL;
    send->id = 0;
}

/* ---- all of them ------------------------------------------------------------- */

static bool
is_on_its_way(const struct line *line, int64_t id)
{
    for (size_t i = 0; i < line->width; i++)
        if (line->sends[i].id == id)
            return true;
    return false;
}

static struct send *
free_send(struct line *line)
{
    for (size_t i = 0; i < line->width; i++)
        if (line->sends[i].id == 0)
            return &line->sends[i];
    return NULL;
}

/* In a step: as many as there is room for. */
static void
fill(struct line *line, struct store *store)
{
    struct delivery delivery;
    struct send *idle;

    while (line->more && (idle = free_send(line)) != NULL) {
        line->more = delivery_to_send(store, line->kind, &line->seen, &delivery);
        if (line->more && !is_on_its_way(line, delivery.id))
            send(idle, store, &delivery, 0);
    }
}

static bool
has_room(const struct outbox *outbox, struct line *line)
{
    return line->more && word_has_server(outbox->server, line->kind) && free_send(line) != NULL;
}

static void
begin_again(struct outbox *outbox)
{
    for (size_t i = 0; i < DELIVERY_KINDS; i++) {
        for (size_t j = 0; j < SENDS_MAX; j++)
            give_up(&outbox->lines[i].sends[j]);
        look_again(&outbox->lines[i]);
    }
}

static void
look_for_rows(struct outbox *outbox)
{
    struct store *store = outbox->server->store;
    bool new = delivery_may_be_new(store, &outbox->changes);

    if (outbox->world != store_world(store)) {
        outbox->world = store_world(store);
        begin_again(outbox);
    }
    for (size_t i = 0; i < DELIVERY_KINDS; i++)
        outbox->lines[i].more |= new;
}

static bool
work(void *context)
{
    struct outbox *outbox = context;
    struct store *store = outbox->server->store;

    job_wait(outbox->server);
    look_for_rows(outbox);
    for (size_t i = 0; i < DELIVERY_KINDS; i++) {
        struct line *line = &outbox->lines[i];

        if (!has_room(outbox, line))
            continue;
        step_begin(store, "delivery");
        fill(line, store);
        if (!step_end(store, true))
            look_again(line);
    }
    return true;
}

struct outbox *
outbox_open(struct server *server)
{
    struct outbox *outbox = memory_new(sizeof *outbox);

    outbox->server = server;
    outbox->world = store_world(server->store);
    for (size_t i = 0; i < DELIVERY_KINDS; i++) {
        struct line *line = &outbox->lines[i];

        *line = (struct line){ .kind = (enum delivery_kind)i, .width = widths[i], .more = true };
        for (size_t j = 0; j < SENDS_MAX; j++)
            line->sends[j] = (struct send){ .outbox = outbox, .line = line };
    }
    job_add(server, work, NULL, outbox); /* outbox_close() frees it */
    return outbox;
}

void
outbox_close(struct outbox *outbox)
{
    for (size_t i = 0; i < DELIVERY_KINDS; i++)
        for (size_t j = 0; j < SENDS_MAX; j++)
            give_up(&outbox->lines[i].sends[j]);
    free(outbox);
}
