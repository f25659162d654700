#include "adapter.h"

#include <string.h>

#include "../../state/resource/project_version.h"
#include "call.h"
#include "fetch.h"

/*
 * Developer Guide, Managing adapters: an adapter that has expired is not used; the base model
 * answers, and ProjectVersion is left out.
 */
bool
adapter_fetch(struct call *call, const char *arn, const struct project_version **used)
{
    const struct project_version *adapter;

    *used = NULL;
    if (arn == NULL)
        return true;
    adapter = fetch_resource(call, RESOURCE_project_version, arn);
    if (adapter == NULL)
        return false;
    if (!project_version_is_adapter(adapter))
        return invalid_parameter(call, GUESSED, "as DetectCustomLabels of an adapter",
            "the version is no adapter");
    if (!granted(call, project_version_moderate(call->store, adapter)))
        return false;
    if (strcmp(adapter->status, "EXPIRED") != 0)
        *used = adapter;
    return true;
}
