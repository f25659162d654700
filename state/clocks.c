#include "clocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "clock.h"
#include "query.h"

/* ---- rows --------------------------------------------------------------- */

static struct clock
read_row(struct query *q)
{
    struct clock clock = { .frozen = query_column_int(q, 0) != 0,
        .base_ms = query_column_int(q, 1),
        .wall_ms = query_column_int(q, 2),
        .scale = query_column_number(q, 3) };

    clock.paused = clock.wall_ms == 0;
    return clock;
}

static void
read_world(struct store *store, struct clocks *clocks)
{
    struct query q = query(store, SQL_CLOCK_GET);

    clocks->world = (struct own_clock){ .clock = { .scale = 1 }, .due_ms = INT64_MAX };
    if (query_row(&q)) {
        clocks->world.clock = read_row(&q);
        query_done(&q);
    }
}

static void
read_own(struct store *store, struct clocks *clocks)
{
    struct query q = query(store, SQL_ACCOUNT_CLOCK_COUNT);

    clocks->count = (size_t)query_int_value(&q, 0);
    free(clocks->own);
    clocks->own = clocks->count == 0 ? NULL : memory_new(clocks->count * sizeof *clocks->own);
    q = query(store, SQL_ACCOUNT_CLOCK_ALL);
    for (size_t i = 0; i < clocks->count && query_row(&q); i++) {
        clocks->own[i] = (struct own_clock){ .clock = read_row(&q), .due_ms = INT64_MAX };
        snprintf(clocks->own[i].account, ACCOUNT_SIZE, "%s", query_column_text(&q, 4));
    }
    query_done(&q);
}

void
clocks_read(struct store *store)
{
    struct clocks *clocks = store_clocks(store);

    if (clocks->known)
        return;
    read_world(store, clocks);
    read_own(store, clocks);
    clocks->known = !store_failed(store);
    clocks->written = false;
    clocks->first = &clocks->world;
    clocks_touch_all(store);
}

void
clocks_write(struct store *store, struct own_clock *own, const struct clock *clock)
{
    bool is_world = *own->account == '\0';
    struct query q = query(store, is_world ? SQL_CLOCK_SET : SQL_ACCOUNT_CLOCK_SET);

    store_clocks(store)->written = true;
    own->clock = *clock;
    own->clock.paused = clock->wall_ms == 0;
    clocks_touch(store, own);
    if (!is_world)
        query_text(&q, ":account", own->account);
    query_text(&q, ":mode", clock->frozen ? "frozen" : "real");
    query_int(&q, ":base_ms", clock->base_ms);
    query_int(&q, ":wall_ms", clock->wall_ms);
    query_number(&q, ":scale", clock->scale);
    query_run(&q);
}

/* Whatever is pending in the account is due by another clock from now on. */
static void
give_timers(struct store *store, const char *account, const char *clock)
{
    struct query q = query(store, SQL_TIMER_SET_CLOCK);

    query_text(&q, ":account", account);
    query_text(&q, ":clock", clock);
    query_run(&q);
    store_clocks(store)->known = false;
    clocks_read(store);
    store_clocks(store)->written = true;
}

struct own_clock *
clocks_add(struct store *store, const char *account)
{
    struct own_clock own = { .due_ms = INT64_MAX };

    clocks_read(store);
    if (clocks_has_own(store, account))
        return clocks_of(store, account);
    snprintf(own.account, sizeof own.account, "%s", account);
    clocks_write(store, &own, &store_clocks(store)->world.clock);
    give_timers(store, account, account);
    return clocks_of(store, account);
}

void
clocks_remove(struct store *store, const char *account)
{
    struct query q = query(store, SQL_ACCOUNT_CLOCK_REMOVE);

    query_text(&q, ":account", account);
    query_run(&q);
    give_timers(store, account, "");
}

/* ---- whose -------------------------------------------------------------- */

static int
compare(const void *account, const void *own)
{
    return strcmp(account, ((const struct own_clock *)own)->account);
}

struct own_clock *
clocks_of(struct store *store, const char *account)
{
    struct clocks *clocks = store_clocks(store);
    struct own_clock *own =
        clocks->count == 0 || *account == '\0'
            ? NULL
            : bsearch(account, clocks->own, clocks->count, sizeof *clocks->own, compare);

    return own == NULL ? &clocks->world : own;
}

struct own_clock *
clocks_of_arn(struct store *store, const char *arn)
{
    struct scope scope = { "", "" };

    if (store_clocks(store)->count > 0)
        arn_read(arn, &scope);
    return clocks_of(store, scope.account);
}

bool
clocks_has_own(struct store *store, const char *account)
{
    return clocks_of(store, account) != &store_clocks(store)->world;
}

static int64_t
now_by(const struct store *store, const struct own_clock *own)
{
    return strcmp(own->account, store_clock(store)) == 0 ? store_now(store)
                                                         : clock_now(&own->clock);
}

int64_t
clocks_now(struct store *store, const char *account)
{
    return now_by(store, clocks_of(store, account));
}

int64_t
clocks_now_at(struct store *store, const char *arn)
{
    return now_by(store, clocks_of_arn(store, arn));
}

/* ---- when --------------------------------------------------------------- */

void
clocks_touch(struct store *store, struct own_clock *own)
{
    own->stale = true;
    store_clocks(store)->stale = true;
}

void
clocks_touch_all(struct store *store)
{
    struct clocks *clocks = store_clocks(store);

    clocks_touch(store, &clocks->world);
    for (size_t i = 0; i < clocks->count; i++)
        clocks_touch(store, &clocks->own[i]);
}

static int64_t
first_due(struct store *store, const char *account)
{
    struct query q = query(store, SQL_TIMER_FIRST_DUE);

    query_text(&q, ":clock", account);
    return query_int_value(&q, INT64_MAX);
}

static void
set_due(struct store *store, struct own_clock *own, int64_t due_ms)
{
    int64_t wait = due_ms == INT64_MAX ? INT64_MAX : clock_wait(&own->clock, due_ms);

    own->due_ms = due_ms;
    own->real_ms = wait == INT64_MAX ? INT64_MAX : clock_real_ms() + wait;
    own->stale = store_failed(store);
}

void
clocks_settle(struct store *store, int64_t due_ms)
{
    struct clocks *clocks = store_clocks(store);

    set_due(store, clocks_of(store, store_clock(store)), due_ms);
    if (clocks->world.stale)
        set_due(store, &clocks->world, first_due(store, ""));
    clocks->first = &clocks->world;
    for (size_t i = 0; i < clocks->count; i++) {
        struct own_clock *own = &clocks->own[i];

        if (own->stale)
            set_due(store, own, first_due(store, own->account));
        if (own->real_ms < clocks->first->real_ms)
            clocks->first = own;
    }
    clocks->stale = store_failed(store);
}

int64_t
clocks_wait(struct store *store, char account[ACCOUNT_SIZE])
{
    const struct own_clock *first = store_clocks(store)->first;
    int64_t now;

    memcpy(account, first->account, ACCOUNT_SIZE);
    if (first->real_ms == INT64_MAX)
        return INT64_MAX;
    now = clock_real_ms();
    return first->real_ms > now ? first->real_ms - now : 0;
}
