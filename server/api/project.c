/* Operations on projects. */

#include <string.h>

#include "../../state/resource/dataset.h"
#include "../../state/resource/project.h"
#include "../../state/store.h"
#include "../call/paging.h"
#include "../call/tags.h"
#include "../call/handlers.h"
#include "../call/shown.h"
#include "../json/tree.h"

static const char default_feature[] = "CUSTOM_LABELS"; /* API Reference, CreateProject */

bool
create_project(struct call *call)
{
    const char *feature = input_text(call, "Feature");
    const char *auto_update = input_text(call, "AutoUpdate");
    struct project project = { .scope = call->scope,
        .name = input_text(call, "ProjectName"),
        .feature = feature == NULL ? default_feature : feature,
        .auto_update = auto_update == NULL ? "DISABLED" : auto_update };

    if (auto_update == NULL && strcmp(project.feature, default_feature) != 0)
        return invalid_parameter(call, DOCUMENTED, "API Reference, CreateProject",
            "AutoUpdate is required for CONTENT_MODERATION");
    if (!granted(call, project_create(call->store, &project)) ||
        !tags_set(call, project.arn, input_member(call, "Tags")))
        return false;
    set_text(call->output, "ProjectArn", project.arn);
    return true;
}

/* SDK example of DescribeProjects: the test dataset comes before the training dataset. */
static void
describe_datasets(struct call *call, struct part list, const struct project *project)
{
    struct dataset datasets[2];
    size_t count = dataset_list(call->store, project->id, datasets);

    for (size_t i = 0; i < count; i++) {
        struct part metadata = add_object(list);

        set_time(metadata, "CreationTimestamp", datasets[i].created_ms);
        set_text(metadata, "DatasetType", datasets[i].type);
        set_text(metadata, "DatasetArn", datasets[i].arn);
        shown_add(call, "dataset", datasets[i].arn, datasets[i].status);
        set_text(metadata, "Status", datasets[i].status);
        set_text(metadata, "StatusMessage", datasets[i].status_message);
        set_text(metadata, "StatusMessageCode", dataset_message_code(&datasets[i]));
    }
}

/* Feature and AutoUpdate are left out where they say the usual: seen by infrastructure tools. */
static void
describe(struct call *call, struct part list, const struct project *project)
{
    struct part description = add_object(list);

    set_text(description, "ProjectArn", project->arn);
    set_time(description, "CreationTimestamp", project->created_ms);
    shown_add(call, "project", project->arn, project->status);
    set_text(description, "Status", project->status);
    describe_datasets(call, set_list(description, "Datasets"), project);
    if (strcmp(project->feature, default_feature) != 0)
        set_text(description, "Feature", project->feature);
    if (strcmp(project->auto_update, "ENABLED") == 0)
        set_text(description, "AutoUpdate", project->auto_update);
}

bool
describe_projects(struct call *call)
{
    const char *features = input_json(call, "Features");
    struct part list = set_list(call->output, "ProjectDescriptions");
    struct project *projects;
    struct paging paging;
    size_t count;

    if (!paging_open(call, &paging))
        return false;
    /* API Reference, DescribeProjects: without Features, "CUSTOM_LABELS is used as a default". */
    projects = project_list(call->store, &call->scope, input_json(call, "ProjectNames"),
        features == NULL ? "[\"CUSTOM_LABELS\"]" : features, &paging.page, &count);
    for (size_t i = 0; i < count; i++)
        describe(call, list, &projects[i]);
    if (count > 0)
        paging_close(call, &paging, projects[count - 1].created_ms, projects[count - 1].id);
    return true;
}

bool
delete_project(struct call *call)
{
    if (!granted(call, project_delete(call->store, call->fetched)))
        return false;
    set_text(call->output, "Status", "DELETING");
    return true;
}
