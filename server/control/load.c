/* Control of fixtures: worlds that are declared are loaded, and their schema shown. */

#include "../../state/step.h"
#include "../fixture.h"
#include "control.h"

static const char *const nothing[] = { NULL };

void
control_load(struct control *control)
{
    struct fixture_count count;
    struct fixture_fault fault;
    bool good, kept;
    cJSON *json;

    if (!control_arguments(control, nothing))
        return;
    step_begin(control->store, "load");
    good = fixture_load(control->store, control->body, &count, &fault);
    kept = step_end(control->store, good);
    if (!kept) {
        control_fail(control, 500, "StoreFailed", "The store failed; nothing was changed.");
    } else if (!good) {
        control_fail(control, fault.conflict ? 409 : 400,
            fault.conflict ? "NameTaken" : "InvalidFixture", "%s.", fault.message);
    } else {
        json = cJSON_CreateObject();
        cJSON_AddNumberToObject(json, "projects", (double)count.projects);
        cJSON_AddNumberToObject(json, "versions", (double)count.versions);
        control_answer(control, json);
    }
}

void
control_schema_fixture(struct control *control)
{
    if (control_arguments(control, nothing) && control_members(control, nothing))
        control_answer(control, fixture_schema());
}
