#include "inference.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "../history.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"
#include "../timer.h"
#include "../usage.h"

/* Forgives what doubles do to numbers such as 0.1. */
#define NEARLY 1e-9

/* How many calls a unit serves, in each window of the world's clock. */
struct pace {
    double calls; /* 0: any number */
    int64_t window_ms;
};

/* A second; where that is too short for a single call, as long as one takes. */
static struct pace
read_pace(struct store *store)
{
    double tps = setting_number(store, SETTING_TPS_PER_UNIT);
    int64_t window_ms = tps >= 1 || tps == 0 ? 1000 : (int64_t)ceil(1000 / tps - NEARLY);

    return (struct pace){ .calls = tps * (double)window_ms / 1000, .window_ms = window_ms };
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

void
inference_place_demand(struct store *store, const char *arn, const struct demand *demand)
{
    struct query q = query(store, SQL_DEMAND_PLACE);

    query_text(&q, ":arn", arn);
    query_int(&q, ":peak", demand->peak);
    query_run(&q);
    timer_arm(store, &(struct timer){ .kind = INFERENCE_TIMER,
                         .arn = arn,
                         .event = "scale",
                         .begun_ms = store_now(store),
                         .due_ms = demand->due_ms });
}

enum result
inference_serve(struct store *store, const char *arn, int64_t units, bool scales)
{
    struct pace pace = read_pace(store);
    int64_t calls, most = (int64_t)floor(pace.calls * (double)units + NEARLY);
    struct query q;

    if (pace.calls == 0) {
        usage_count_call(store, arn, false);
        return RESULT_OK;
    }
    q = query(store, SQL_DEMAND_ADD);
    query_text(&q, ":arn", arn);
    query_int(&q, ":window", store_now(store) / pace.window_ms);
    calls = query_int_value(&q, 0);
    if (scales && !will_follow(store, arn))
        follow_later(store, arn);
    if (calls > most) {
        usage_count_call(store, arn, true);
        store_savepoint(store);
        return refuse_limit(store, RESULT_RATE, SETTING_TPS_PER_UNIT,
            "call %" PRId64 " of a window of %" PRId64 " ms, in which %" PRId64
            " units in service serve %" PRId64,
            calls, pace.window_ms, units, most);
    }
    store_savepoint(store);
    usage_count_call(store, arn, false);
    return RESULT_OK;
}

static int64_t
clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

void
inference_follow_demand(struct store *store, const char *arn)
{
    struct pace pace = read_pace(store);
    int64_t units, least, most, peak, needed;
    struct query q = query(store, SQL_DEMAND_OF_RUNNING);

    query_text(&q, ":arn", arn);
    if (!query_row(&q))
        return; /* no units are in service */
    units = query_column_int(&q, 0);
    least = query_column_int(&q, 1);
    most = query_column_int(&q, 2);
    peak = query_column_int(&q, 3);
    query_done(&q);

    needed = pace.calls == 0
                 ? least
                 : clamp((int64_t)ceil((double)peak / pace.calls - NEARLY), least, most);
    if (needed != units) {
        history_add(store, &(struct event){ .kind = INFERENCE_TIMER,
                               .arn = arn,
                               .event = "scale",
                               .from = store_format(store, "%" PRId64, units),
                               .to = store_format(store, "%" PRId64, needed) });
        q = query(store, SQL_PROJECT_VERSION_SCALE);
        query_text(&q, ":arn", arn);
        query_int(&q, ":units", needed);
        query_int(&q, ":now", store_now(store));
        query_run(&q);
    }
    q = query(store, SQL_DEMAND_FORGET);
    query_text(&q, ":arn", arn);
    query_run(&q);
    if (needed > least)
        follow_later(store, arn);
}
