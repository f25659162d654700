/* Operations on project policies: who may copy from a project. */

#include "../../state/resource/project.h"
#include "../../state/resource/project_policy.h"
#include "../../state/store.h"
#include "../call/paging.h"
#include "../access/policy_check.h"
#include "../call/handlers.h"
#include "../json/tree.h"

bool
put_project_policy(struct call *call)
{
    const struct project *project = call->fetched;
    struct project_policy policy = { .name = input_text(call, "PolicyName"),
        .revision = input_text(call, "PolicyRevisionId"),
        .document = input_text(call, "PolicyDocument") };
    char why[256];

    if (!policy_is_well_formed(policy.document, project->arn, why, sizeof why)) {
        fail(call, MalformedPolicyDocumentException, DOCUMENTED,
            "API Reference, MalformedPolicyDocumentException; its wording on the wire is not "
            "public",
            "The format of the project policy document that you supplied to PutProjectPolicy is "
            "incorrect.");
        call->rule = "POLICY_DOCUMENT";
        call->found = store_keep(call->store, why);
        return false;
    }
    if (!granted(call, project_accepts(call->store, project)) ||
        !granted(call, project_policy_put(call->store, project->id, &policy)))
        return false;
    set_text(call->output, "PolicyRevisionId", policy.revision);
    return true;
}

static void
describe(struct part list, const struct project *project, const struct project_policy *policy)
{
    struct part item = add_object(list);

    set_text(item, "ProjectArn", project->arn);
    set_text(item, "PolicyName", policy->name);
    set_text(item, "PolicyRevisionId", policy->revision);
    set_text(item, "PolicyDocument", policy->document);
    set_time(item, "CreationTimestamp", policy->created_ms);
    set_time(item, "LastUpdatedTimestamp", policy->updated_ms);
}

bool
list_project_policies(struct call *call)
{
    const struct project *project = call->fetched;
    struct part list = set_list(call->output, "ProjectPolicies");
    struct project_policy *policies;
    struct paging paging;
    size_t count;

    if (!paging_open(call, &paging))
        return false;
    policies = project_policy_list(call->store, project->id, &paging.page, &count);
    for (size_t i = 0; i < count; i++)
        describe(list, project, &policies[i]);
    if (count > 0)
        paging_close(call, &paging, policies[count - 1].created_ms, policies[count - 1].id);
    return true;
}

bool
delete_project_policy(struct call *call)
{
    const struct project *project = call->fetched;

    return granted(call, project_policy_delete(call->store, project->id,
                             input_text(call, "PolicyName"), input_text(call, "PolicyRevisionId")));
}
