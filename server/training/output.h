/*
 * What a training leaves in the output bucket: the summaries, and the manifests as they were used and
 * as they were found. Manifests are written to files without a name, a line at a time.
 */
#ifndef SERVER_TRAINING_OUTPUT_H
#define SERVER_TRAINING_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../json/text.h"

struct training_set;
struct training_output;
struct store;
struct s3_body;

/* The kinds, in the order in which they are sent: the summary of the evaluation is last. */
enum output_file {
    OUTPUT_TRAINING_VALIDATION,
    OUTPUT_TESTING_VALIDATION,
    OUTPUT_TRAINING_TRUTH,
    OUTPUT_TESTING_TRUTH,
    OUTPUT_MANIFEST_SUMMARY,
    OUTPUT_EVALUATION_SUMMARY,
    OUTPUT_COUNT
};

/* "ManifestSummary": what the name of the object begins with. */
const char *output_file_kind(enum output_file);

/* NULL when there is no room for the files. The version's ARN is copied. */
struct training_output *training_output_begin(struct training_set *, const char *version_arn,
    int64_t now_ms);

/* Writes what is to be said of the line `at`, and has the model know its image; in a step. */
void training_output_write(struct training_output *, struct store *, int64_t model_id, size_t at);

/*
 * The whole of a file, after the last line; false when a file could not be written. The body is the
 * taker's.
 */
bool training_output_take(struct training_output *, enum output_file, struct s3_body *);

void training_output_end(struct training_output *);

#endif
