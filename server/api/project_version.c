/* Operations on project versions: models, and adapters for content moderation. */

#include <string.h>

#include "../../state/lifecycle.h"
#include "../../state/resource/project.h"
#include "../../state/resource/project_policy.h"
#include "../../state/resource/project_version.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../call/paging.h"
#include "../call/permit.h"
#include "../access/policy.h"
#include "../call/tags.h"
#include "../call/version_text.h"
#include "../call/handlers.h"
#include "../call/shown.h"
#include "../json/tree.h"

/* ---- training ----------------------------------------------------------- */

/* Training data and testing data are given together; then the project may have no datasets. */
static bool
check_data(struct call *call)
{
    bool training = input_member(call, "TrainingData") != NULL;
    bool testing = input_member(call, "TestingData") != NULL;

    if (training != testing)
        return invalid_parameter(call, DOCUMENTED, "API Reference, CreateProjectVersion",
            "TrainingData and TestingData are given together or not at all");
    return true;
}

static bool
check_feature(struct call *call)
{
    const struct project *project = call->fetched;
    const cJSON *config = input_member(call, "FeatureConfig");

    if (member_of(config, "ContentModeration") != NULL &&
        strcmp(project->feature, "CONTENT_MODERATION") != 0)
        return invalid_parameter(call, DOCUMENTED, "API Reference, CreateProjectVersion",
            "FeatureConfig is of another feature than the project");
    return true;
}

/* What CreateProjectVersion and CopyProjectVersion say of the new version alike. */
static struct project_version
wanted_version(struct call *call)
{
    const struct project *project = call->fetched;
    const cJSON *output = input_member(call, "OutputConfig");

    return (struct project_version){ .project_id = project->id,
        .project_name = project->name,
        .scope = project->scope,
        .feature = project->feature,
        .name = input_text(call, "VersionName"),
        .kms_key_id = input_text(call, "KmsKeyId"),
        .output_bucket = text_of(output, "S3Bucket"),
        .output_prefix = text_of(output, "S3KeyPrefix") };
}

static bool
may_read_manifests(struct call *call, const char *member)
{
    const cJSON *asset;

    cJSON_ArrayForEach(asset, member_of(input_member(call, member), "Assets"))
    {
        const cJSON *object = member_of(member_of(asset, "GroundTruthManifest"), "S3Object");
        const char *bucket = text_of(object, "Bucket"), *key = text_of(object, "Name");

        if (bucket != NULL && key != NULL && !may_use_object(call, "s3:GetObject", bucket, key))
            return false;
    }
    return true;
}

/* As a training error: what the caller's policies keep it from, where s3.asCaller asks them; else NULL. */
static const char *
forbidden_to_train(struct call *call, const struct project_version *version)
{
    const char *key = version->output_prefix == NULL
                          ? NULL
                          : store_format(call->store, "%s/*", version->output_prefix);

    if (!may_read_manifests(call, "TrainingData") || !may_read_manifests(call, "TestingData"))
        return "MANIFEST_DENIED";
    if (version->output_bucket != NULL &&
        !may_use_object(call, "s3:PutObject", version->output_bucket, key))
        return "OUTPUT_DENIED";
    return NULL;
}

bool
create_project_version(struct call *call)
{
    const struct project *project = call->fetched;
    struct project_version version = wanted_version(call);
    const char *forbidden;

    version.description = input_text(call, "VersionDescription");
    version.training_data = input_json(call, "TrainingData");
    version.testing_data = input_json(call, "TestingData");
    version.feature_config = input_json(call, "FeatureConfig");
    if (!check_data(call) || !check_feature(call) ||
        !granted(call, project_accepts(call->store, project)) ||
        !granted(call, project_version_train(call->store, &version, call->reads_s3)) ||
        !tags_set(call, version.arn, input_member(call, "Tags")))
        return false;
    forbidden = forbidden_to_train(call, &version);
    if (forbidden != NULL || project_version_has_data(&version))
        project_version_await(call->store, &version, TASK_TRAIN, forbidden);
    set_text(call->output, "ProjectVersionArn", version.arn);
    return true;
}

/* ---- copying ------------------------------------------------------------ */

/* The words of today say why; where nobody had to prove who it is, those of the guide are enough. */
static bool
denied(struct call *call, const char *arn, bool explicitly, const char *why)
{
    fail(call, AccessDeniedException, DOCUMENTED, "Error handling",
        "User: %s is not authorized to perform: rekognition:CopyProjectVersion on resource: %s%s",
        caller_arn(call), arn,
        call->who == NULL ? ""
        : explicitly      ? " with an explicit deny in a resource-based policy"
                          : " because no resource-based policy allows the "
                            "rekognition:CopyProjectVersion action");
    call->rule = "PROJECT_POLICY";
    call->found = why;
    return false;
}

/*
 * Within an account nothing is needed, but a policy that denies is obeyed; another
 * account needs one that allows. (Developer Guide, Copying a model.)
 */
static bool
may_copy(struct call *call, const struct project *source, const char *version_arn)
{
    struct policy_request request = {
        .principal = caller_arn(call),
        .account = call->scope.account,
        .role = caller_role(call),
        .action = "rekognition:CopyProjectVersion",
        .resource = version_arn,
    };
    bool is_own = strcmp(source->scope.account, call->scope.account) == 0, allowed = is_own;
    struct page page = { .first = true,
        .size = (int64_t)setting_rows[SETTING_LIMIT_POLICIES_PER_PROJECT].max };
    size_t count;
    struct project_policy *policies = project_policy_list(call->store, source->id, &page, &count);

    for (size_t i = 0; i < count; i++) {
        switch (policy_evaluate(policies[i].document, &request)) {
        case POLICY_DENIES:
            return denied(call, version_arn, true,
                is_own ? policies[i].name : "a policy of the source project denies it");
        case POLICY_ALLOWS:
            allowed = true;
            break;
        case POLICY_SILENT:
            break;
        }
    }
    return allowed || denied(call, version_arn, false, "no policy of the source project allows it");
}

/* The version to copy and its project, which may be another account's. */
static bool
fetch_source(struct call *call, struct project *project, struct project_version *version)
{
    const char *project_arn = input_text(call, "SourceProjectArn");
    const char *version_arn = input_text(call, "SourceProjectVersionArn");
    struct scope scope;

    arn_read(project_arn, &scope);
    if (strcmp(scope.region, call->scope.region) != 0)
        return granted(call, refuse(call->store, RESULT_NOT_FOUND,
                                 "a model is copied within its region, which is %s", scope.region));
    if (project_find(call->store, project_arn, project) != RESULT_OK)
        return strcmp(scope.account, call->scope.account) == 0
                   ? granted(call, RESULT_NOT_FOUND)
                   : denied(call, version_arn, false, "no policy of the source project allows it");
    if (!may_copy(call, project, version_arn))
        return false;
    if (!granted(call, project_version_find(call->store, version_arn, version)))
        return false;
    if (version->project_id != project->id)
        return invalid_parameter(call, GUESSED, "the two ARNs must fit each other",
            "SourceProjectVersionArn is not of SourceProjectArn");
    return true;
}

/* The source may be deleted meanwhile, so that what names its results is kept with the work. */
static void
hold_copy(struct call *call, const struct project_version *source,
    const struct project_version *version)
{
    cJSON *what = cJSON_CreateObject();

    tree_set_text(what, "arn", source->arn);
    tree_set_text(what, "name", source->name);
    tree_set_text(what, "bucket", source->output_bucket);
    tree_set_text(what, "prefix", source->output_prefix);
    project_version_await(call->store, version, TASK_COPY_RESULTS, json_kept(call, what));
    cJSON_Delete(what);
}

bool
copy_project_version(struct call *call)
{
    const struct project *project = call->fetched;
    struct project_version version = wanted_version(call), source = { .id = 0 };
    struct project from;

    if (!fetch_source(call, &from, &source))
        return false;
    if (project_version_is_adapter(&source) || strcmp(project->feature, "CONTENT_MODERATION") == 0)
        return invalid_parameter(call, DOCUMENTED, "API Reference, CopyProjectVersion",
            "adapters are not copied");
    if (!granted(call, project_accepts(call->store, project)) ||
        !granted(call, project_version_copy(call->store, &source, &version)) ||
        !tags_set(call, version.arn, input_member(call, "Tags")))
        return false;
    if (call->reads_s3 && source.output_bucket != NULL)
        hold_copy(call, &source, &version);
    set_text(call->output, "ProjectVersionArn", version.arn);
    return true;
}

/* ---- running ------------------------------------------------------------ */

static bool
answer_status(struct call *call, enum result result, const char *status)
{
    if (!granted(call, result))
        return false;
    set_text(call->output, "Status", status);
    return true;
}

/* API Reference, StartProjectVersion and StopProjectVersion: for Custom Labels only. */
static bool
is_model(struct call *call)
{
    if (project_version_is_adapter(call->fetched))
        return invalid_parameter(call, GUESSED, "adapters are neither started nor stopped",
            "the version is an adapter");
    return true;
}

bool
start_project_version(struct call *call)
{
    int64_t min_units = input_int(call, "MinInferenceUnits", 1);
    int64_t max_units = input_int(call, "MaxInferenceUnits", 0);

    if (!is_model(call))
        return false;
    if (max_units != 0 && max_units < min_units)
        return invalid_parameter(call, GUESSED, "the two are bounds",
            "MaxInferenceUnits is below MinInferenceUnits");
    return answer_status(call,
        project_version_start(call->store, call->fetched, min_units, max_units), "STARTING");
}

bool
stop_project_version(struct call *call)
{
    return is_model(call) &&
           answer_status(call, project_version_stop(call->store, call->fetched), "STOPPING");
}

bool
delete_project_version(struct call *call)
{
    return answer_status(call, project_version_delete(call->store, call->fetched), "DELETING");
}

/* ---- describing --------------------------------------------------------- */

bool
describe_project_versions(struct call *call)
{
    const struct project *project = call->fetched;
    struct part list = set_list(call->output, "ProjectVersionDescriptions");
    struct project_version *versions;
    struct paging paging;
    size_t count;

    if (!paging_open(call, &paging))
        return false;
    versions = project_version_list(call->store, project->id, input_json(call, "VersionNames"),
        &paging.page, &count);
    for (size_t i = 0; i < count; i++) {
        version_describe(call, add_object(list), &versions[i]);
        shown_add(call, project_version_kind(&versions[i]), versions[i].arn, versions[i].status);
    }
    if (count > 0)
        paging_close(call, &paging, versions[count - 1].created_ms, versions[count - 1].id);
    return true;
}
