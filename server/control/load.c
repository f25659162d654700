/*
 * Control of fixtures: worlds that are declared are loaded, and their schema shown.
 *
 * A fixture is one step, however large it is: it is made on a thread, and meanwhile nobody else has
 * the store.
 */

#include <stdlib.h>

#include "../../state/base/memory.h"
#include "../../state/step.h"
#include "../fixture/load.h"
#include "../fixture/schema.h"
#include "../work/job.h"
#include "../call/server.h"
#include "control.h"

struct load {
    struct control control;
    cJSON *fixture;
    struct fixture_count count;
    struct fixture_fault fault;
    bool good, kept;
};

static void
load(void *context)
{
    struct load *load = context;
    struct store *store = load->control.store;

    step_begin(store, "load");
    load->good = fixture_load(store, load->fixture, &load->count, &load->fault);
    load->kept = step_end(store, load->good);
    cJSON_Delete(load->fixture);
}

static void
end_load(void *context)
{
    struct load *load = context;
    struct control *control = &load->control;
    cJSON *json;

    if (!load->kept) {
        control_store_failed(control);
    } else if (!load->good) {
        control_fail(control, load->fault.conflict ? 409 : 400,
            load->fault.conflict ? "NameTaken" : "InvalidFixture", "%s.", load->fault.message);
    } else {
        json = cJSON_CreateObject();
        cJSON_AddNumberToObject(json, "projects", (double)load->count.projects);
        cJSON_AddNumberToObject(json, "versions", (double)load->count.versions);
        control_answer(control, json);
    }
    free(load);
}

void
control_load(struct control *control)
{
    struct load *begun;

    begun = memory_new(sizeof *begun);
    begun->control = control_later(control);
    begun->fixture = control->body;
    control->body = NULL;
    job_add_alone(control->server, load, end_load, begun);
}

void
control_schema_fixture(struct control *control)
{
    control_answer(control, fixture_schema());
}
