/* The two summaries of a training: of its manifests, and of how well the model does. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "evaluation.h"
#include "../json/json.h"
#include "output_inside.h"
#include "../json/tree.h"

static void
set_errors(cJSON *object, const bool errors[TRAINING_ERROR_COUNT])
{
    cJSON *list = tree_set_list(object, "errors"), *item;
    char text[160];

    for (int error = 0; error < TRAINING_ERROR_COUNT; error++) {
        if (!errors[error])
            continue;
        item = output_add_object(list);
        training_error_text(error, text, sizeof text);
        tree_set_text(item, "code", training_errors[error].code);
        tree_set_text(item, "message", text);
    }
}

static void
set_statistics(const struct training_output *output, cJSON *statistics, const char *name,
    enum part part)
{
    static const char *const use_cases[] = { "NOT_DETERMINED", "IMAGE_LEVEL_LABELS",
        "OBJECT_LOCALIZATION" };
    const struct text *indices = &output->indices[part];
    cJSON *object = tree_set_object(statistics, name);
    struct text list = { 0 };

    tree_set_text(object, "use_case", use_cases[output->set->use_case]);
    output_set_number(object, "total_json_lines", (double)output->lines[part]);
    output_set_number(object, "valid_json_lines", (double)output->worth[part][SAMPLE_VALID]);
    output_set_number(object, "invalid_json_lines", (double)output->worth[part][SAMPLE_INVALID]);
    output_set_number(object, "ignored_json_lines", (double)output->worth[part][SAMPLE_IGNORED]);
    set_errors(object, output->set->errors[part]);
    text_add_string(&list, "[");
    text_add(&list, indices->bytes == NULL ? "" : indices->bytes, indices->length);
    text_add_string(&list, "]");
    memory_made(cJSON_AddRawToObject(object, "error_json_line_indices", list.bytes));
    free(list.bytes);
}

cJSON *
output_manifest_summary(const struct training_output *output)
{
    cJSON *summary = memory_made(cJSON_CreateObject()), *statistics;

    statistics = tree_set_object(summary, "statistics");
    set_statistics(output, statistics, "training", PART_TRAINING);
    set_statistics(output, statistics, "testing", PART_TESTING);
    set_errors(summary, output->set->errors[PART_COUNT]);
    return summary;
}

static void
set_scores(cJSON *object, double precision, double recall, double f1)
{
    output_set_number(object, "F1Score", f1);
    output_set_number(object, "Precision", precision);
    output_set_number(object, "Recall", recall);
}

static void
set_matrix(const struct training_set *set, cJSON *object)
{
    size_t count;
    struct confusion *matrix = evaluation_confusion(&set->evaluation, &count);
    cJSON *list = tree_set_list(object, "ConfusionMatrix"), *item;

    for (size_t i = 0; i < count; i++) {
        item = output_add_object(list);
        tree_set_text(item, "GroundTruthLabel", set->labels[matrix[i].label].name);
        tree_set_text(item, "PredictedLabel", set->labels[matrix[i].predicted].name);
        output_set_number(item, "Value", matrix[i].value);
    }
    free(matrix);
}

/*
 * Predictions that are right are surer than those that are not, so that precision is 1 up to the
 * recall: the area under the curve is the recall.
 */
static void
set_aggregate(const struct training_set *set, cJSON *object)
{
    const struct evaluation *evaluation = &set->evaluation;

    if (set->use_case == IMAGE_LEVEL_LABELS) {
        set_matrix(set, object);
    } else {
        output_set_number(object, "AveragePrecision", evaluation->recall);
        output_set_number(object, "AverageRecall", evaluation->recall);
    }
    set_scores(object, evaluation->precision, evaluation->recall, evaluation->f1);
}

static const struct training_set *sorted; /* qsort() has no other way */

/* "Labels are sorted by F1 score", best first; the example has it so. */
static int
compare_labels(const void *one, const void *other)
{
    uint16_t a = *(const uint16_t *)one, b = *(const uint16_t *)other;
    double difference = sorted->evaluation.labels[b].f1 - sorted->evaluation.labels[a].f1;

    if (difference != 0)
        return difference < 0 ? -1 : 1;
    return strcmp(sorted->labels[a].name, sorted->labels[b].name);
}

cJSON *
output_evaluation_summary(const struct training_output *output)
{
    struct training_set *set = output->set;
    const struct evaluation *evaluation = &set->evaluation;
    cJSON *summary = memory_made(cJSON_CreateObject()), *details, *labels, *list;

    output_set_number(summary, "Version", 1);
    set_aggregate(set, tree_set_object(summary, "AggregatedEvaluationResults"));
    details = tree_set_object(summary, "EvaluationDetails");
    tree_set_text(details, "EvaluationEndTimestamp", output->stamp);
    labels = tree_set_list(details, "Labels");
    output_set_number(details, "NumberOfTestingImages", (double)output->used[PART_TESTING]);
    output_set_number(details, "NumberOfTrainingImages", (double)output->used[PART_TRAINING]);
    tree_set_text(details, "ProjectVersionArn", output->arn);
    list = tree_set_list(summary, "LabelEvaluationResults");
    sorted = set;
    qsort(evaluation->tested, evaluation->tested_count, sizeof *evaluation->tested, compare_labels);
    for (size_t i = 0; i < evaluation->tested_count; i++) {
        const struct evaluation_label *label = &evaluation->labels[evaluation->tested[i]];
        const char *name = set->labels[evaluation->tested[i]].name;
        cJSON *item = output_add_object(list), *metrics;

        cJSON_AddItemToArray(labels, memory_made(cJSON_CreateString(name)));
        tree_set_text(item, "Label", name);
        metrics = tree_set_object(item, "Metrics");
        set_scores(metrics, label->precision, label->recall, label->f1);
        output_set_number(metrics, "Threshold", label->threshold);
        output_set_number(item, "NumberOfTestingImages", (double)label->images);
    }
    return summary;
}
