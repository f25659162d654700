#include "version_text.h"

#include "../../state/resource/project_version.h"
#include "../../state/store.h"
#include "call.h"
#include "../training/place.h"
#include "../json/tree.h"

/* The base model of an adapter; no list of versions is public. */
#define BASE_MODEL_VERSION "Rekognition.ContentModeration.7.0"

static void
set_s3_object(struct call *call, cJSON *parent, const struct project_version *version,
    const char *kind)
{
    cJSON *object = set_object(parent, "S3Object");

    set_text(object, "Bucket", version->output_bucket);
    set_text(object, "Name", version_object_key(call->store, version, kind));
}

static void
set_assets(struct call *call, cJSON *parent, const char *member,
    const struct project_version *version, const char *file, bool auto_create)
{
    cJSON *data = set_object(parent, member);
    cJSON *asset = cJSON_CreateObject();

    cJSON_AddItemToArray(set_list(data, "Assets"), asset);
    set_s3_object(call, set_object(asset, "GroundTruthManifest"), version, file);
    if (auto_create)
        cJSON_AddFalseToObject(data, "AutoCreate");
}

/* Input is as given; of datasets it is empty, of testing data it always says AutoCreate. */
static void
set_input(cJSON *result, const char *given, bool testing)
{
    cJSON *input = given == NULL ? cJSON_CreateObject() : cJSON_Parse(given);

    if (given != NULL && member_of(input, "Assets") == NULL)
        set_list(input, "Assets");
    if (testing && member_of(input, "AutoCreate") == NULL)
        cJSON_AddFalseToObject(input, "AutoCreate");
    cJSON_AddItemToObjectCS(result, "Input", input);
}

/* Whether the results of validation are there: unless training failed for what is no content. */
static bool
is_validated(const struct project_version *version)
{
    return (version->completed || version->validated) && version->trained_ms != 0 &&
           version->output_bucket != NULL;
}

static bool
is_whole_copy(const struct project_version *version)
{
    return version->source_arn != NULL && version->completed && version->output_bucket != NULL;
}

static void
set_data_results(struct call *call, cJSON *description, const struct project_version *version)
{
    cJSON *training = set_object(description, "TrainingDataResult");
    cJSON *testing = set_object(description, "TestingDataResult");

    set_input(training, version->training_data, false);
    set_input(testing, version->testing_data, true);
    if (!is_validated(version))
        return;
    set_assets(call, training, "Output", version, "TrainingGroundTruth", false);
    set_assets(call, training, "Validation", version, "TrainingManifestWithValidation", false);
    set_assets(call, testing, "Output", version, "TestingGroundTruth", true);
    set_assets(call, testing, "Validation", version, "TestingManifestWithValidation", false);
}

static void
set_evaluation(struct call *call, cJSON *description, const struct project_version *version)
{
    cJSON *result = set_object(description, "EvaluationResult");

    set_float(result, "F1Score", version->f1_score);
    if (version->output_bucket == NULL)
        return;
    set_s3_object(call, set_object(result, "Summary"), version, "EvaluationResultSummary");
}

/*
 * API Reference, ProjectVersionDescription: the time is billed "in seconds", and only successful
 * training is.
 */
static void
set_training(cJSON *description, const struct project_version *version)
{
    if (version->trained_ms == 0)
        return;
    set_time(description, "TrainingEndTimestamp", version->trained_ms);
    if (version->completed)
        set_int(description, "BillableTrainingTimeInSeconds",
            (version->trained_ms - version->created_ms) / 1000);
}

static void
set_units(cJSON *description, const struct project_version *version)
{
    if (version->min_units != 0)
        set_int(description, "MinInferenceUnits", version->min_units);
    if (version->max_units != 0)
        set_int(description, "MaxInferenceUnits", version->max_units);
}

static void
set_adapter(cJSON *description, const struct project_version *version)
{
    if (!project_version_is_adapter(version))
        return;
    set_text(description, "Feature", version->feature);
    set_text(description, "BaseModelVersion", BASE_MODEL_VERSION);
    set_json(description, "FeatureConfig", version->feature_config);
}

static cJSON *
output_config(const struct project_version *version)
{
    cJSON *config = cJSON_CreateObject();

    set_text(config, "S3Bucket", version->output_bucket);
    set_text(config, "S3KeyPrefix", version->output_prefix);
    return config;
}

cJSON *
version_description(struct call *call, const struct project_version *version)
{
    cJSON *description = cJSON_CreateObject();

    set_text(description, "ProjectVersionArn", version->arn);
    set_time(description, "CreationTimestamp", version->created_ms);
    set_text(description, "Status", version->status);
    set_text(description, "StatusMessage", version->status_message);
    cJSON_AddItemToObjectCS(description, "OutputConfig", output_config(version));
    set_units(description, version);
    set_training(description, version);
    if (version->source_arn == NULL)
        set_data_results(call, description, version);
    if (is_validated(version) || is_whole_copy(version))
        set_s3_object(call, set_object(description, "ManifestSummary"), version, "ManifestSummary");
    if (version->completed)
        set_evaluation(call, description, version);
    set_text(description, "SourceProjectVersionArn", version->source_arn);
    set_text(description, "KmsKeyId", version->kms_key_id);
    set_text(description, "VersionDescription", version->description);
    set_adapter(description, version);
    return description;
}
