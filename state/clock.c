#include "clock.h"

#include <math.h>
#include <time.h>

#include "query.h"
#include "store.h"

int64_t
clock_wall_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
clock_monotonic_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct clock
clock_get(struct store *store)
{
    struct clock clock = { .scale = 1, .base_ms = 0 };
    struct query q = query(store, SQL_CLOCK_GET);

    if (query_row(&q)) {
        clock.frozen = query_column_int(&q, 0) != 0;
        clock.base_ms = query_column_int(&q, 1);
        clock.wall_ms = query_column_int(&q, 2);
        clock.scale = query_column_number(&q, 3);
        query_done(&q);
    }
    return clock;
}

int64_t
clock_now(const struct clock *clock)
{
    int64_t passed;

    if (clock->frozen)
        return clock->base_ms;
    passed = clock_wall_ms() - clock->wall_ms;
    if (passed < 0) /* the wall clock was set back: the world waits for it */
        passed = 0;
    if (clock->scale != 1)
        passed = (int64_t)fmin((double)passed * clock->scale, (double)CLOCK_END_MS);
    return passed < CLOCK_END_MS - clock->base_ms ? clock->base_ms + passed : CLOCK_END_MS;
}

bool
clock_set(struct store *store, bool frozen, double scale, int64_t now_ms)
{
    struct query q;

    if (now_ms < store_now(store) || now_ms > CLOCK_END_MS)
        return false;
    q = query(store, SQL_CLOCK_SET);
    query_text(&q, ":mode", frozen ? "frozen" : "real");
    query_int(&q, ":base_ms", now_ms);
    query_int(&q, ":wall_ms", clock_wall_ms());
    query_number(&q, ":scale", scale);
    query_run(&q);
    return true;
}

int64_t
clock_wait(const struct clock *clock, int64_t due_ms)
{
    int64_t now = clock_now(clock);

    if (due_ms <= now)
        return 0;
    if (clock->frozen)
        return INT64_MAX;
    return (int64_t)ceil((double)(due_ms - now) / clock->scale);
}
