#include "park.h"

#include "serving.h"

/* One more: the clock's fraction of a millisecond must not make it early. */
static int64_t
from_now(int64_t ms)
{
    return http_clock_ms() + 1 + (ms < INT64_MAX / 2 ? ms : INT64_MAX / 2);
}

void
exchange_delay(struct exchange *exchange, int64_t ms)
{
    if (ms > 0)
        serving_of(exchange)->not_before_ms = from_now(ms);
}

bool
exchange_park(struct exchange *exchange, int64_t ms)
{
    struct serving *serving = serving_of(exchange);
    struct servings *servings = serving->servings;

    if (serving->park_until_ms == 0)
        serving->park_until_ms = from_now(ms);
    if (ms <= 0 || servings->stopping || serving->park_until_ms <= http_clock_ms() ||
        !deadline_set(&servings->deadlines, &serving->deadline, serving->park_until_ms))
        return false;
    serving_wait_in(serving, &servings->parked);
    return true;
}

void
exchange_put_aside(struct exchange *exchange)
{
    struct serving *serving = serving_of(exchange);

    serving_wait_in(serving, &serving->servings->aside);
}
