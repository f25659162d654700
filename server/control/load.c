/*
 * Control of fixtures: worlds that are declared are loaded, and their schema shown.
 *
 * A fixture is one step, however large it is: the step is made a piece at a time, and meanwhile
 * nobody else has the store.
 */

#include <stdlib.h>

#include "../../state/clock.h"
#include "../../state/step.h"
#include "../fixture.h"
#include "../job.h"
#include "../server.h"
#include "control.h"

#define TURN_US 20000 /* what one turn of the loop gives to it */

static const char *const nothing[] = { NULL };

struct load {
    struct control control;
    struct loading *loading;
};

static void
answer(struct load *load, bool good, bool kept)
{
    const struct fixture_fault *fault = fixture_fault_of(load->loading);
    struct fixture_count count = fixture_count_of(load->loading);
    struct control *control = &load->control;
    cJSON *json;

    if (!kept) {
        control_fail(control, 500, "StoreFailed", "The store failed; nothing was changed.");
    } else if (!good) {
        control_fail(control, fault->conflict ? 409 : 400,
            fault->conflict ? "NameTaken" : "InvalidFixture", "%s.", fault->message);
    } else {
        json = cJSON_CreateObject();
        cJSON_AddNumberToObject(json, "projects", (double)count.projects);
        cJSON_AddNumberToObject(json, "versions", (double)count.versions);
        control_answer(control, json);
    }
}

static bool
go_on(void *context)
{
    struct load *load = context;
    enum fixture_progress progress = fixture_go_on(load->loading, clock_monotonic_us() + TURN_US);

    if (progress == FIXTURE_GOES_ON)
        return true;
    answer(load, progress == FIXTURE_LOADED,
        step_end(load->control.store, progress == FIXTURE_LOADED));
    fixture_end(load->loading);
    free(load);
    return false;
}

void
control_load(struct control *control)
{
    struct load *load;

    if (!control_arguments(control, nothing))
        return;
    load = calloc(1, sizeof *load);
    if (load == NULL)
        abort();
    load->control = *control;
    step_begin(control->store, "load");
    load->loading = fixture_begin(control->store, control->body);
    control->body = NULL;
    control->ended = true;
    if (go_on(load))
        job_add_alone(control->server, go_on, load);
}

void
control_schema_fixture(struct control *control)
{
    if (control_arguments(control, nothing) && control_members(control, nothing))
        control_answer(control, fixture_schema());
}
