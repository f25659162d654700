#include "usage.h"

#include <stdio.h>
#include <string.h>

#include "clocks.h"
#include "query.h"
#include "setting.h"
#include "store.h"

#define HOUR_MS 3600000.0

/* The rest is rows; only the piece since units last changed depends on the moment. */
static void
read_row(struct store *store, struct query *q, struct usage *usage)
{
    int64_t piece_ms = 0, now = clocks_now(store, query_column_text(q, COLUMN_USAGE_ACCOUNT));

    *usage = (struct usage){ .id = query_column_int(q, COLUMN_USAGE_ID),
        .arn = query_column_text(q, COLUMN_USAGE_ARN),
        .units = query_column_int(q, COLUMN_USAGE_UNITS),
        .status = query_column_text(q, COLUMN_USAGE_STATUS),
        .entered_ms = query_column_int(q, COLUMN_USAGE_ENTERED_MS) };
    if (usage->units > 0 && now > query_column_int(q, COLUMN_USAGE_SINCE_MS))
        piece_ms = now - query_column_int(q, COLUMN_USAGE_SINCE_MS);
    snprintf(usage->scope.account, ACCOUNT_SIZE, "%s", query_column_text(q, COLUMN_USAGE_ACCOUNT));
    snprintf(usage->scope.region, REGION_SIZE, "%s", query_column_text(q, COLUMN_USAGE_REGION));
    usage->running_ms = query_column_int(q, COLUMN_USAGE_RUNNING_MS) + piece_ms;
    usage->unit_ms = query_column_int(q, COLUMN_USAGE_UNIT_MS) + piece_ms * usage->units;
    usage->training_ms = query_column_int(q, COLUMN_USAGE_TRAINING_MS);
    usage->calls = query_column_int(q, COLUMN_USAGE_CALLS);
    usage->throttled_calls = query_column_int(q, COLUMN_USAGE_THROTTLED_CALLS);
}

bool
usage_next(struct store *store, const char *arn, int64_t *after, struct usage *usage)
{
    struct query q = query(store, arn == NULL ? SQL_USAGE_NEXT : SQL_USAGE_NEXT_OF_ARN);

    query_int(&q, ":after", *after);
    if (arn != NULL)
        query_text(&q, ":arn", arn);
    if (!query_row(&q))
        return false;
    read_row(store, &q, usage);
    query_done(&q);
    *after = usage->id;
    return true;
}

void
usage_sum(struct usage *total, const struct usage *usage)
{
    total->running_ms += usage->running_ms;
    total->unit_ms += usage->unit_ms;
    total->training_ms += usage->training_ms;
    total->calls += usage->calls;
    total->throttled_calls += usage->throttled_calls;
    total->units += usage->units;
}

bool
usage_is_on(const struct usage *usage)
{
    return usage->status != NULL &&
           (strcmp(usage->status, "STARTING") == 0 || strcmp(usage->status, "RUNNING") == 0 ||
               strcmp(usage->status, "STOPPING") == 0);
}

struct prices
usage_prices(struct store *store)
{
    return (struct prices){ .unit_hour = setting_number(store, SETTING_PRICE_UNIT_HOUR),
        .training_hour = setting_number(store, SETTING_PRICE_TRAINING_HOUR) };
}

double
usage_cost(const struct usage *usage, const struct prices *prices)
{
    return (double)usage->unit_ms / HOUR_MS * prices->unit_hour +
           (double)usage->training_ms / HOUR_MS * prices->training_hour;
}

void
usage_count_call(struct store *store, const char *arn, bool throttled)
{
    struct query q = query(store, SQL_USAGE_CALL);

    query_text(&q, ":arn", arn);
    query_int(&q, ":throttled", throttled);
    query_run(&q);
}
