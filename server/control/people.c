/* Control of people: who in images is a celebrity, or looks like another. */

#include "../../state/resource/person.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../json/tree.h"
#include "../scene/declared.h"
#include "control.h"
#include "rule.h"

void
control_people_post(struct control *control)
{
    struct declared_fault fault;
    struct person person;

    if (!declared_person(control->body, &person, &fault)) {
        control_fail(control, 400, "InvalidValue", "%s.", fault.message);
        return;
    }
    step_begin(control->store, "people");
    rule_added(control, person_add(control->store, &person));
    cJSON_free((void *)person.celebrity);
    cJSON_free((void *)person.resembles);
}

static cJSON *
next(struct store *store, int64_t *after)
{
    struct person person;
    cJSON *json;

    if (!person_next(store, after, &person))
        return NULL;
    json = cJSON_CreateObject();
    control_set_id(json, person.id);
    tree_set_text(json, "name", person.name);
    tree_set_json(json, "celebrity", person.celebrity);
    tree_set_json(json, "resembles", person.resembles);
    return json;
}

static const struct rule_kind people = { .one = "person",
    .all = "people",
    .next = next,
    .remove = person_remove,
    .remove_all = person_remove_all };

void
control_people(struct control *control)
{
    rules_list(control, &people);
}

void
control_people_delete(struct control *control)
{
    rules_delete(control, &people);
}

void
control_person(struct control *control)
{
    rule_get(control, &people);
}

void
control_person_delete(struct control *control)
{
    rule_delete(control, &people);
}
