/*
 * Control of what there is: every resource, in the form of a fixture, and the digest of it all.
 *
 * A world that is told within one turn of the loop is told at once. Of a larger one a private
 * snapshot is taken and told, both a piece at a time: what is told is always the world of one
 * moment, and nobody waits.
 */

#include "../../state/base/memory.h"
#include "../../state/clock.h"
#include "../../state/snapshot.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/work.h"
#include "../fixture/dump.h"
#include "control.h"
#include "report.h"

#define TURN_US 20000 /* what one turn of the loop gives to it */

struct telling {
    struct world_text text;
    struct snapshot *snapshot; /* of a large world */
    bool taken;
};

static bool
tell(struct report *report, struct telling *telling, struct store *store, int64_t until_us)
{
    bool more;

    telling->text.out = report_text(report);
    step_begin(store, "state");
    more = world_text_write(&telling->text, store, until_us);
    if (step_end(store, true))
        return more;
    report_fail(report, "The store failed; see the log.");
    return false;
}

static bool
tell_snapshot(struct report *report, struct telling *telling, int64_t until_us)
{
    struct store *store = snapshot_store(telling->snapshot);

    if (!step_is_caught_up(store))
        return true; /* its timers come first, as everywhere */
    if (tell(report, telling, store, until_us))
        return true;
    snapshot_end(telling->snapshot);
    return false;
}

static void
drop_snapshot(void *context)
{
    struct telling *telling = context;

    snapshot_end(telling->snapshot);
}

/* It is larger than one turn has time for. */
static bool
begin_again(struct report *report, struct telling *telling)
{
    char why[256];

    report_again(report);
    telling->text =
        (struct world_text){ .scope = telling->text.scope, .in_brief = telling->text.in_brief };
    telling->snapshot = snapshot_begin(report_store(report), NULL, why, sizeof why);
    if (telling->snapshot == NULL)
        report_fail(report, why);
    else
        report_on_give_up(report, drop_snapshot);
    return telling->snapshot != NULL;
}

/* Between two states of the world there is none to tell: what is being done now is done first. */
static bool
something_is_done(struct store *store)
{
    struct work work;
    bool found;

    step_begin(store, "state");
    found = work_next(store, 0, &work);
    return step_end(store, true) && found; /* a store that failed says so when it is told */
}

static bool
write_state(struct report *report)
{
    struct telling *telling = report_context(report);
    int64_t until_us = clock_monotonic_us() + TURN_US;

    if (telling->taken)
        return tell_snapshot(report, telling, until_us);
    if (telling->snapshot == NULL) {
        if (!step_is_caught_up(report_store(report)))
            return true;
        if (something_is_done(report_store(report))) {
            report_wait(report);
            return true;
        }
        return tell(report, telling, report_store(report), until_us) &&
               begin_again(report, telling);
    }
    switch (snapshot_go_on(telling->snapshot, until_us)) {
    case SNAPSHOT_TAKEN:
        telling->taken = true;
        break;
    case SNAPSHOT_FAILED:
        snapshot_end(telling->snapshot);
        report_fail(report, "there is no room for a copy of the world");
        return false;
    case SNAPSHOT_GOES_ON:
        break;
    }
    return true;
}

void
control_state(struct control *control)
{
    struct telling *telling;
    struct scope scope;
    int64_t in_brief = 0;

    if (!control_scope(control, &scope) ||
        !control_argument_integer(control, "brief", 0, 1, &in_brief))
        return;
    telling = memory_new(sizeof *telling);
    telling->text.scope = scope;
    telling->text.in_brief = in_brief == 1;
    report_begin(control, write_state, telling);
}
