/* Control of what there is: every resource, in the form of a fixture, and the digest of it all. */

#include <stdlib.h>

#include "../../state/step.h"
#include "../../state/store.h"
#include "../world_text.h"
#include "control.h"
#include "report.h"

static bool
write_state(struct report *report)
{
    struct world_text *text = report_context(report);
    struct store *store = report_store(report);

    text->out = report_text(report);
    step_begin(store, "state");
    while (world_text_write(text, store, 0))
        ;
    step_end(store, true);
    return false;
}

void
control_state(struct control *control)
{
    static const char *const arguments[] = { "account", "region", NULL }, *const members[] = {
        NULL
    };
    struct world_text *text;
    struct scope scope;

    if (!control_arguments(control, arguments) || !control_members(control, members) ||
        !control_scope(control, &scope))
        return;
    text = calloc(1, sizeof *text);
    if (text == NULL)
        abort();
    text->scope = scope;
    report_begin(control, write_state, text);
}
