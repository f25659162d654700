#include "shown.h"

#include <stdlib.h>

#include "../../state/base/array.h"
#include "../../state/base/memory.h"
#include "../../state/lifecycle.h"
#include "../../state/step.h"
#include "../../state/timer.h"
#include "call.h"

/* A step that waits for answers. */
struct shown {
    const char *kind;
    char *arn;
};

void
shown_add(struct call *call, const char *kind, const char *arn, const char *status)
{
    struct timer timer;

    if (lifecycle_lasts(kind, status))
        return;
    if (!timer_find(call->store, kind, arn, &timer) || timer.polls == 0) {
        if (lifecycle_is_under_way(kind, status))
            call->in_progress = arn;
        return;
    }
    call->shown =
        array_room(call->shown, call->shown_count, &call->shown_room, sizeof *call->shown);
    call->shown[call->shown_count++] = (struct shown){ .kind = kind, .arn = memory_text(arn) };
}

void
shown_forget(struct call *call)
{
    for (size_t i = 0; i < call->shown_count; i++)
        free(call->shown[i].arn);
    free(call->shown);
    call->shown = NULL;
    call->shown_count = call->shown_room = 0;
}

void
shown_count(struct call *call)
{
    if (call->shown_count == 0 || call->error != NO_ERROR)
        return;
    step_begin_of(call->store, "polls", call->scope.account);
    for (size_t i = 0; i < call->shown_count; i++)
        timer_poll(call->store, call->shown[i].kind, call->shown[i].arn);
    step_end(call->store, true);
}
