#include "summary.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../json/tree.h"

static void
set_errors(cJSON *object, const bool errors[TRAINING_ERROR_COUNT])
{
    cJSON *list = tree_set_list(object, "errors"), *item;
    char text[160];

    for (int error = 0; error < TRAINING_ERROR_COUNT; error++) {
        if (!errors[error])
            continue;
        item = tree_append_object(list);
        training_error_text(error, text, sizeof text);
        tree_set_text(item, "code", training_errors[error].code);
        tree_set_text(item, "message", text);
    }
}

static void
set_statistics(const struct training_set *set, const struct training_counts *counts,
    cJSON *statistics, const char *name, enum part part)
{
    static const char *const use_cases[] = { "NOT_DETERMINED", "IMAGE_LEVEL_LABELS",
        "OBJECT_LOCALIZATION" };
    const struct text *indices = &counts->indices[part];
    cJSON *object = tree_set_object(statistics, name);
    struct text list = { 0 };

    tree_set_text(object, "use_case", use_cases[set->use_case]);
    tree_set_shortest(object, "total_json_lines", (double)counts->lines[part]);
    tree_set_shortest(object, "valid_json_lines", (double)counts->worth[part][SAMPLE_VALID]);
    tree_set_shortest(object, "invalid_json_lines", (double)counts->worth[part][SAMPLE_INVALID]);
    tree_set_shortest(object, "ignored_json_lines", (double)counts->worth[part][SAMPLE_IGNORED]);
    set_errors(object, set->errors[part]);
    text_add_string(&list, "[");
    text_add(&list, indices->bytes == NULL ? "" : indices->bytes, indices->length);
    text_add_string(&list, "]");
    memory_made(cJSON_AddRawToObject(object, "error_json_line_indices", list.bytes));
    free(list.bytes);
}

cJSON *
summary_of_manifests(const struct training_set *set, const struct training_counts *counts)
{
    cJSON *summary = memory_made(cJSON_CreateObject()), *statistics;

    statistics = tree_set_object(summary, "statistics");
    set_statistics(set, counts, statistics, "training", PART_TRAINING);
    set_statistics(set, counts, statistics, "testing", PART_TESTING);
    set_errors(summary, set->errors[PART_COUNT]);
    return summary;
}

static void
set_scores(cJSON *object, double precision, double recall, double f1)
{
    tree_set_shortest(object, "F1Score", f1);
    tree_set_shortest(object, "Precision", precision);
    tree_set_shortest(object, "Recall", recall);
}

static void
set_matrix(const struct training_set *set, cJSON *object)
{
    size_t count;
    struct confusion *matrix = evaluation_confusion(&set->evaluation, &count);
    cJSON *list = tree_set_list(object, "ConfusionMatrix"), *item;

    for (size_t i = 0; i < count; i++) {
        item = tree_append_object(list);
        tree_set_text(item, "GroundTruthLabel", set->labels[matrix[i].label].name);
        tree_set_text(item, "PredictedLabel", set->labels[matrix[i].predicted].name);
        tree_set_shortest(item, "Value", matrix[i].value);
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
        tree_set_shortest(object, "AveragePrecision", evaluation->recall);
        tree_set_shortest(object, "AverageRecall", evaluation->recall);
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
summary_of_evaluation(const struct training_set *set, const struct training_counts *counts,
    const char *version_arn, const char *stamp)
{
    const struct evaluation *evaluation = &set->evaluation;
    cJSON *summary = memory_made(cJSON_CreateObject()), *details, *labels, *list;

    tree_set_shortest(summary, "Version", 1);
    set_aggregate(set, tree_set_object(summary, "AggregatedEvaluationResults"));
    details = tree_set_object(summary, "EvaluationDetails");
    tree_set_text(details, "EvaluationEndTimestamp", stamp);
    labels = tree_set_list(details, "Labels");
    tree_set_shortest(details, "NumberOfTestingImages", (double)counts->used[PART_TESTING]);
    tree_set_shortest(details, "NumberOfTrainingImages", (double)counts->used[PART_TRAINING]);
    tree_set_text(details, "ProjectVersionArn", version_arn);
    list = tree_set_list(summary, "LabelEvaluationResults");
    sorted = set;
    qsort(evaluation->tested, evaluation->tested_count, sizeof *evaluation->tested, compare_labels);
    for (size_t i = 0; i < evaluation->tested_count; i++) {
        const struct evaluation_label *label = &evaluation->labels[evaluation->tested[i]];
        const char *name = set->labels[evaluation->tested[i]].name;
        cJSON *item = tree_append_object(list), *metrics;

        cJSON_AddItemToArray(labels, memory_made(cJSON_CreateString(name)));
        tree_set_text(item, "Label", name);
        metrics = tree_set_object(item, "Metrics");
        set_scores(metrics, label->precision, label->recall, label->f1);
        tree_set_shortest(metrics, "Threshold", label->threshold);
        tree_set_shortest(item, "NumberOfTestingImages", (double)label->images);
    }
    return summary;
}
