#include "explain.h"

#include <assert.h>

#include "call.h"
#include "setting_text.h"
#include "../json/tree.h"

static void
add_limit(cJSON *json, const struct call *call)
{
    cJSON *limit = set_object(json, "limit");

    set_text(limit, "setting", call->limit);
    cJSON_AddItemToObjectCS(limit, "value",
        setting_json(setting_find(call->limit), call->limit_value));
}

cJSON *
explain(const struct call *call)
{
    cJSON *json;

    assert(call->error == NO_ERROR || (call->rule != NULL && call->source != NULL));
    if (call->rule == NULL)
        return NULL;
    json = cJSON_CreateObject();
    set_text(json, "rule", call->rule);
    set_text(json, "found", call->found);
    if (call->limit != NULL)
        add_limit(json, call);
    if (call->findings.violations != NULL)
        cJSON_AddItemReferenceToObject(json, "violations", call->findings.violations);
    set_text(json, "evidence", evidence_name(call->evidence));
    set_text(json, "source", call->source);
    return json;
}
