/* The two summaries of a training: of its manifests, and of how well the model does. */
#ifndef SERVER_TRAINING_SUMMARY_H
#define SERVER_TRAINING_SUMMARY_H

#include <stdint.h>

#include <cjson/cJSON.h>

#include "../json/text.h"
#include "set.h"

/* Counted while the lines are written. */
struct training_counts {
    int64_t lines[PART_COUNT], worth[PART_COUNT][3];
    int64_t used[PART_COUNT];        /* lines of the ground truth */
    struct text indices[PART_COUNT]; /* of lines with errors, separated by commas */
};

/* What ManifestSummary says. */
cJSON *summary_of_manifests(const struct training_set *, const struct training_counts *);

/* What EvaluationResultSummary says; `stamp` is when the evaluation ended. */
cJSON *summary_of_evaluation(const struct training_set *, const struct training_counts *,
    const char *version_arn, const char *stamp);

#endif
