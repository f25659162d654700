/* What the files of training's output share. For training_output.c and training_summary.c. */
#ifndef SERVER_TRAINING_OUTPUT_INSIDE_H
#define SERVER_TRAINING_OUTPUT_INSIDE_H

#include <stdint.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include "../json/text.h"
#include "output.h"
#include "set.h"

#define MANIFESTS OUTPUT_MANIFEST_SUMMARY /* so many of them are files */

struct training_output {
    struct training_set *set;
    char *arn;
    char stamp[32]; /* as dates of the summaries are written */
    FILE *files[MANIFESTS];
    struct text indices[PART_COUNT]; /* of lines with errors, separated by commas */
    int64_t lines[PART_COUNT], worth[PART_COUNT][3], used[PART_COUNT];
    size_t next_case; /* of the evaluation */
};

cJSON *output_add_object(cJSON *list);

/* The shortest number that reads as the value: cJSON would round, and write 1e+15. */
void output_set_number(cJSON *object, const char *member, double value);

/* What ManifestSummary and EvaluationResultSummary say. */
cJSON *output_manifest_summary(const struct training_output *);
cJSON *output_evaluation_summary(const struct training_output *);

#endif
