#include "version_text.h"

#include <string.h>

#include "../../state/resource/project_version.h"
#include "../../state/store.h"
#include "call.h"
#include "../training/place.h"

/* The base model of an adapter; no list of versions is public. */
#define BASE_MODEL_VERSION "Rekognition.ContentModeration.7.0"

static void
set_s3_object(struct call *call, struct part parent, const struct project_version *version,
    const char *kind)
{
    struct part object = set_object(parent, "S3Object");

    set_text(object, "Bucket", version->output_bucket);
    set_text(object, "Name", version_object_key(call->store, version, kind));
}

/* In a string of JSON a quotation mark has a backslash before it: what is found is a member. */
static bool
has_member(const char *json, const char *member)
{
    return strstr(json, member) != NULL;
}

static void
set_assets(struct call *call, struct part parent, const char *member,
    const struct project_version *version, const char *file, bool auto_create)
{
    struct part data = set_object(parent, member);
    struct part asset = add_object(set_list(data, "Assets"));

    set_s3_object(call, set_object(asset, "GroundTruthManifest"), version, file);
    if (auto_create)
        set_flag(data, "AutoCreate", false);
}

/* Input is as given; of datasets it is empty, of testing data it always says AutoCreate. */
static void
set_input(struct part result, const char *given, bool testing)
{
    struct part input = set_object(result, "Input");

    if (given != NULL)
        set_members(input, given + 1, strlen(given) - strlen("{}"));
    if (given != NULL && !has_member(given, "\"Assets\":"))
        set_list(input, "Assets");
    if (testing && (given == NULL || !has_member(given, "\"AutoCreate\":")))
        set_flag(input, "AutoCreate", false);
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
set_data_results(struct call *call, struct part description, const struct project_version *version)
{
    bool validated = is_validated(version);
    struct part training, testing;

    training = set_object(description, "TrainingDataResult");
    set_input(training, version->training_data, false);
    if (validated) {
        set_assets(call, training, "Output", version, "TrainingGroundTruth", false);
        set_assets(call, training, "Validation", version, "TrainingManifestWithValidation", false);
    }
    testing = set_object(description, "TestingDataResult");
    set_input(testing, version->testing_data, true);
    if (validated) {
        set_assets(call, testing, "Output", version, "TestingGroundTruth", true);
        set_assets(call, testing, "Validation", version, "TestingManifestWithValidation", false);
    }
}

static void
set_evaluation(struct call *call, struct part description, const struct project_version *version)
{
    struct part result = set_object(description, "EvaluationResult");

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
set_training(struct part description, const struct project_version *version)
{
    if (version->trained_ms == 0)
        return;
    set_time(description, "TrainingEndTimestamp", version->trained_ms);
    if (version->completed)
        set_int(description, "BillableTrainingTimeInSeconds",
            (version->trained_ms - version->created_ms) / 1000);
}

static void
set_units(struct part description, const struct project_version *version)
{
    if (version->min_units != 0)
        set_int(description, "MinInferenceUnits", version->min_units);
    if (version->max_units != 0)
        set_int(description, "MaxInferenceUnits", version->max_units);
}

static void
set_adapter(struct part description, const struct project_version *version)
{
    if (!project_version_is_adapter(version))
        return;
    set_text(description, "Feature", version->feature);
    set_text(description, "BaseModelVersion", BASE_MODEL_VERSION);
    set_json(description, "FeatureConfig", version->feature_config);
}

static void
set_output_config(struct part description, const struct project_version *version)
{
    struct part config = set_object(description, "OutputConfig");

    set_text(config, "S3Bucket", version->output_bucket);
    set_text(config, "S3KeyPrefix", version->output_prefix);
}

void
version_describe(struct call *call, struct part description, const struct project_version *version)
{
    set_text(description, "ProjectVersionArn", version->arn);
    set_time(description, "CreationTimestamp", version->created_ms);
    set_text(description, "Status", version->status);
    set_text(description, "StatusMessage", version->status_message);
    set_output_config(description, version);
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
}
