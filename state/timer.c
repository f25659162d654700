#include "timer.h"

#include <string.h>

#include "clock.h"
#include "clocks.h"
#include "query.h"
#include "store.h"

static void
add_row(struct store *store, const struct timer *timer)
{
    struct own_clock *own = clocks_of_arn(store, timer->arn);
    struct query q = query(store, SQL_TIMER_ARM);

    query_text(&q, ":kind", timer->kind);
    query_text(&q, ":arn", timer->arn);
    query_text(&q, ":event", timer->event);
    query_text(&q, ":message", timer->message);
    query_int(&q, ":begun_ms", timer->begun_ms);
    query_int(&q, ":due_ms", timer->due_ms < CLOCK_END_MS ? timer->due_ms : CLOCK_END_MS);
    query_text(&q, ":clock", own->account);
    query_int(&q, ":polls", timer->polls);
    query_run(&q);
    clocks_touch(store, own);
}

/* ---- due at once -------------------------------------------------------- */

void
timer_write_down(struct store *store)
{
    struct quiet *quiet = store_quiet(store);
    const struct timer *timer = quiet->at_once;

    quiet->at_once = NULL;
    if (timer != NULL)
        add_row(store, timer);
}

static bool
is_at_once(struct store *store, const struct timer *timer)
{
    return timer->polls == 0 && timer->due_ms <= store_now(store) &&
           strcmp(clocks_of_arn(store, timer->arn)->account, store_clock(store)) == 0;
}

void
timer_arm_new(struct store *store, const struct timer *timer)
{
    struct timer *kept;

    timer_write_down(store);
    if (!is_at_once(store, timer)) {
        add_row(store, timer);
        return;
    }
    kept = store_alloc(store, sizeof *kept);
    *kept = *timer;
    kept->arn = store_keep(store, timer->arn);
    store_quiet(store)->at_once = kept;
}

/* Takes it back, if it is the one. */
static bool
forget_at_once(struct store *store, const char *kind, const char *arn)
{
    struct quiet *quiet = store_quiet(store);

    if (quiet->at_once == NULL || strcmp(quiet->at_once->arn, arn) != 0 ||
        strcmp(quiet->at_once->kind, kind) != 0)
        return false;
    quiet->at_once = NULL;
    return true;
}

/* ---- rows --------------------------------------------------------------- */

void
timer_arm(struct store *store, const struct timer *timer)
{
    timer_write_down(store);
    add_row(store, timer);
}

void
timer_disarm(struct store *store, const char *kind, const char *arn)
{
    struct query q;

    if (forget_at_once(store, kind, arn))
        return;
    q = query(store, SQL_TIMER_DISARM);
    query_text(&q, ":kind", kind);
    query_text(&q, ":arn", arn);
    query_run(&q);
    clocks_touch(store, clocks_of_arn(store, arn));
}

/* Of a statement that sees the rows of all timers. */
static struct query
query_after_all(struct store *store, enum sql id)
{
    timer_write_down(store);
    return query(store, id);
}

void
timer_await(struct store *store, const char *kind, const char *arn, bool awaits)
{
    struct query q = query_after_all(store, SQL_TIMER_AWAIT);

    query_text(&q, ":kind", kind);
    query_text(&q, ":arn", arn);
    query_int(&q, ":awaits", awaits);
    query_run(&q);
    clocks_touch(store, clocks_of_arn(store, arn));
}

static struct query
query_of(struct store *store, enum sql id, const char *kind, const char *arn)
{
    struct query q = query_after_all(store, id);

    query_text(&q, ":kind", kind);
    query_text(&q, ":arn", arn);
    return q;
}

void
timer_hold(struct store *store, const char *kind, const char *arn, int64_t breakpoint)
{
    struct query q = query_of(store, SQL_TIMER_HOLD, kind, arn);

    query_int(&q, ":breakpoint", breakpoint);
    query_run(&q);
    clocks_touch(store, clocks_of_arn(store, arn));
}

void
timer_release(struct store *store, const char *kind, const char *arn)
{
    struct query q = query_of(store, SQL_TIMER_RELEASE, kind, arn);

    query_int(&q, ":now", clocks_now_at(store, arn));
    query_run(&q);
    clocks_touch(store, clocks_of_arn(store, arn));
}

static bool
read_row(struct query *q, struct timer *timer)
{
    if (!query_row(q))
        return false;
    timer->kind = query_column_text(q, COLUMN_TIMER_KIND);
    timer->arn = query_column_text(q, COLUMN_TIMER_ARN);
    timer->event = query_column_text(q, COLUMN_TIMER_EVENT);
    timer->message = query_column_text(q, COLUMN_TIMER_MESSAGE);
    timer->begun_ms = query_column_int(q, COLUMN_TIMER_BEGUN_MS);
    timer->due_ms = query_column_int(q, COLUMN_TIMER_DUE_MS);
    timer->clock = query_column_text(q, COLUMN_TIMER_CLOCK);
    timer->breakpoint = query_column_int(q, COLUMN_TIMER_BREAKPOINT);
    timer->polls = query_column_int(q, COLUMN_TIMER_POLLS);
    query_done(q);
    return true;
}

bool
timer_next(struct store *store, struct timer *timer)
{
    const struct timer *at_once = store_quiet(store)->at_once;
    struct query q;

    if (at_once != NULL) {
        *timer = *at_once;
        return true;
    }
    q = query(store, SQL_TIMER_NEXT);
    query_text(&q, ":clock", store_clock(store));
    return read_row(&q, timer);
}

int64_t
timer_next_end(struct store *store)
{
    struct query q = query(store, SQL_TIMER_NEXT_END);

    query_text(&q, ":clock", store_clock(store));
    return query_int_value(&q, INT64_MAX);
}

bool
timer_after(struct store *store, const struct timer *before, struct timer *timer)
{
    struct query q = query_after_all(store, SQL_TIMER_AFTER);

    query_text(&q, ":clock", before->clock);
    query_int(&q, ":due_ms", before->due_ms);
    query_text(&q, ":kind", before->kind);
    query_text(&q, ":arn", before->arn);
    return read_row(&q, timer);
}

bool
timer_find(struct store *store, const char *kind, const char *arn, struct timer *timer)
{
    struct query q = query_after_all(store, SQL_TIMER_FIND);

    query_text(&q, ":kind", kind);
    query_text(&q, ":arn", arn);
    return read_row(&q, timer);
}

bool
timer_held(struct store *store, int64_t breakpoint, const struct timer *after, struct timer *timer)
{
    struct query q = query_of(store, SQL_TIMER_HELD, after->kind, after->arn);

    query_int(&q, ":breakpoint", breakpoint);
    return read_row(&q, timer);
}

void
timer_poll(struct store *store, const char *kind, const char *arn)
{
    struct query q = query_of(store, SQL_TIMER_POLL, kind, arn);

    query_int(&q, ":now", clocks_now_at(store, arn));
    if (query_run(&q) > 0)
        clocks_touch(store, clocks_of_arn(store, arn));
}

bool
timer_that_polls(struct store *store, const struct timer *after, struct timer *timer)
{
    struct query q = query_of(store, SQL_TIMER_THAT_POLLS, after->kind, after->arn);

    return read_row(&q, timer);
}

int64_t
timer_count(struct store *store)
{
    struct query q = query_after_all(store, SQL_TIMER_COUNT);

    return query_int_value(&q, 0);
}
