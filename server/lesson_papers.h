/*
 * What a training leaves in the output bucket: the summaries, and the manifests as they were used and
 * as they were found. Manifests are written to files without a name, a line at a time.
 */
#ifndef SERVER_LESSON_PAPERS_H
#define SERVER_LESSON_PAPERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/text.h"

struct lesson;
struct papers;
struct store;
struct s3_body;

/* The kinds, in the order in which they are sent: the summary of the evaluation is last. */
enum paper {
    PAPER_TRAINING_VALIDATION,
    PAPER_TESTING_VALIDATION,
    PAPER_TRAINING_TRUTH,
    PAPER_TESTING_TRUTH,
    PAPER_MANIFEST_SUMMARY,
    PAPER_EVALUATION_SUMMARY,
    PAPER_COUNT
};

/* "ManifestSummary": what the name of the object begins with. */
const char *paper_kind(enum paper);

/* NULL when there is no room for the files. The version's ARN is copied. */
struct papers *papers_begin(struct lesson *, const char *version_arn, int64_t now_ms);

/* Writes what is to be said of a line, and has the model know its image; in a step. */
void papers_write(struct papers *, struct store *, int64_t model_id, size_t sample);

/*
 * The whole of a paper, after the last line; false when a file could not be written. The body is the
 * taker's.
 */
bool papers_take(struct papers *, enum paper, struct s3_body *);

void papers_end(struct papers *);

#endif
