#include "lifecycle_work.h"

#include <stddef.h>

#include "lifecycle_table.h"
#include "store.h"
#include "timer.h"
#include "work.h"

static bool
is_told(const struct timer *timer)
{
    return lifecycle_find_step(timer->kind, timer->event) == NULL;
}

/* What is past stays as it was: one that was due meanwhile fires now. */
static void
release(struct store *store, struct timer *timer)
{
    if (timer->due_ms < store_now(store))
        timer->due_ms = store_now(store);
    timer_arm(store, timer);
    timer_await(store, timer->kind, timer->arn, false);
}

/* The step ends as the timer says: it awaits that what was done, or begun, is taken back. */
static void
end_badly(struct store *store, const struct work *work, struct timer *timer)
{
    if (work->undo == NULL) {
        work_done(store, timer->kind, timer->arn);
        release(store, timer);
        return;
    }
    timer_arm(store, timer);
    timer_await(store, timer->kind, timer->arn, true);
    work_undo(store, timer->kind, timer->arn);
}

static void
end_well(struct store *store, struct timer *timer, const char *message)
{
    timer->message = message;
    work_done(store, timer->kind, timer->arn);
    release(store, timer);
}

static void
fail(struct timer *timer, const char *message)
{
    timer->event = lifecycle_find_step(timer->kind, timer->event)->otherwise;
    timer->message = message;
}

static bool
find(struct store *store, const char *kind, const char *arn, struct timer *timer, struct work *work)
{
    return arn != NULL && timer_find(store, kind, arn, timer) && work_find(store, kind, arn, work);
}

/* ---- of one step, or of two that are one --------------------------------- */

void
lifecycle_await(struct store *store, const struct work *work)
{
    struct timer timer, other;
    struct work partner;

    timer_await(store, work->kind, work->arn, true);
    work_add(store, work);
    if (!find(store, work->kind, work->partner, &other, &partner) ||
        !timer_find(store, work->kind, work->arn, &timer))
        return; /* it has no partner, or that has not begun yet */
    if (is_told(&timer) && !is_told(&other)) {
        fail(&other, timer.message);
        timer_arm(store, &other);
    } else if (is_told(&other) && !is_told(&timer)) {
        fail(&timer, other.message);
        timer_arm(store, &timer);
    }
}

void
lifecycle_work_done(struct store *store, const char *kind, const char *arn, const char *message)
{
    struct timer timer;
    struct work work;

    for (const char *of = arn; find(store, kind, of, &timer, &work);) {
        if (is_told(&timer))
            end_badly(store, &work, &timer);
        else
            end_well(store, &timer, message);
        of = of == arn ? work.partner : NULL;
    }
}

void
lifecycle_work_failed(struct store *store, const char *kind, const char *arn, const char *message)
{
    struct timer timer;
    struct work work;

    for (const char *of = arn; find(store, kind, of, &timer, &work);) {
        if (!is_told(&timer))
            fail(&timer, message);
        end_badly(store, &work, &timer);
        of = of == arn ? work.partner : NULL;
    }
}

void
lifecycle_work_undone(struct store *store, const char *kind, const char *arn)
{
    struct timer timer;
    struct work work;

    for (const char *of = arn; find(store, kind, of, &timer, &work);) {
        work_done(store, kind, of);
        release(store, &timer);
        of = of == arn ? work.partner : NULL;
    }
}

void
lifecycle_place_work(struct store *store, const struct work *placed)
{
    struct work work = *placed;

    if (lifecycle_is_told_to_fail(store, work.kind, work.arn)) {
        work.task = work.undo;
        work.undo = NULL;
        lifecycle_await(store, &work);
    } else {
        work_add(store, &work);
    }
}

bool
lifecycle_is_told_to_fail(struct store *store, const char *kind, const char *arn)
{
    struct timer timer;

    return timer_find(store, kind, arn, &timer) && is_told(&timer);
}

/* Work that goes on sees it when it looks next; what was done is taken back. */
static void
tell(struct store *store, struct timer *timer, const struct work *work)
{
    if (work->task == NULL)
        end_badly(store, work, timer);
    else
        timer_arm(store, timer);
}

void
lifecycle_tell(struct store *store, const struct timer *told)
{
    struct timer timer = *told, other;
    struct work work;

    if (!work_find(store, told->kind, told->arn, &work)) {
        timer_arm(store, told);
        return;
    }
    tell(store, &timer, &work);
    if (!find(store, told->kind, work.partner, &other, &work) || is_told(&other))
        return;
    fail(&other, told->message);
    other.due_ms = told->due_ms;
    tell(store, &other, &work);
}
