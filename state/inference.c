#include "inference.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "history.h"
#include "query.h"
#include "setting.h"
#include "store.h"
#include "timer.h"

/* Rates below one call a second are kept over a window that is long enough for one. */
static int64_t
window_ms(double calls_per_second)
{
    return calls_per_second >= 1 ? 1000 : (int64_t)ceil(1000 / calls_per_second);
}

static void
follow_later(struct store *store, const char *arn)
{
    timer_arm(store, &(struct timer){ .kind = INFERENCE_TIMER,
                         .arn = arn,
                         .event = "scale",
                         .begun_ms = store_now(store),
                         .due_ms = store_now(store) + setting_int(store, SETTING_SCALE_INTERVAL) });
}

static bool
will_follow(struct store *store, const char *arn)
{
    struct timer timer;

    return timer_find(store, INFERENCE_TIMER, arn, &timer);
}

bool
inference_demand(struct store *store, const char *arn, struct demand *demand)
{
    struct timer timer;
    struct query q;

    if (!timer_find(store, INFERENCE_TIMER, arn, &timer))
        return false;
    demand->due_ms = timer.due_ms;
    q = query(store, SQL_DEMAND_PEAK);
    query_text(&q, ":arn", arn);
    demand->peak = query_int_value(&q, 0);
    return true;
}

enum result
inference_serve(struct store *store, const char *arn, int64_t units)
{
    double rate = setting_number(store, SETTING_TPS_PER_UNIT) * (double)units;
    int64_t window, calls;
    struct query q;

    if (rate == 0)
        return RESULT_OK;
    window = window_ms(rate);
    q = query(store, SQL_DEMAND_ADD);
    query_text(&q, ":arn", arn);
    query_int(&q, ":window", store_now(store) / window);
    calls = query_int_value(&q, 0);
    if (!will_follow(store, arn))
        follow_later(store, arn);
    store_savepoint(store);
    if ((double)calls <= floor(rate * (double)window / 1000))
        return RESULT_OK;
    return refuse_limit(store, RESULT_RATE, SETTING_TPS_PER_UNIT,
        "call %" PRId64 " of this second, %" PRId64 " units in service", calls, units);
}

static int64_t
clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

void
inference_follow_demand(struct store *store, const char *arn)
{
    double per_unit = setting_number(store, SETTING_TPS_PER_UNIT);
    int64_t units, least, most, peak, needed;
    struct query q = query(store, SQL_DEMAND_OF_RUNNING);

    query_text(&q, ":arn", arn);
    if (!query_row(&q))
        return; /* it was stopped meanwhile */
    units = query_column_int(&q, 0);
    least = query_column_int(&q, 1);
    most = query_column_int(&q, 2);
    peak = query_column_int(&q, 3);
    query_done(&q);

    needed = per_unit == 0 ? least : clamp((int64_t)ceil((double)peak / per_unit), least, most);
    if (needed != units) {
        history_add(store, &(struct event){ .kind = INFERENCE_TIMER,
                               .arn = arn,
                               .event = "scale",
                               .from = store_format(store, "%" PRId64, units),
                               .to = store_format(store, "%" PRId64, needed) });
        q = query(store, SQL_PROJECT_VERSION_SCALE);
        query_text(&q, ":arn", arn);
        query_int(&q, ":units", needed);
        query_run(&q);
    }
    q = query(store, SQL_DEMAND_FORGET);
    query_text(&q, ":arn", arn);
    query_run(&q);
    if (needed > least)
        follow_later(store, arn);
}
