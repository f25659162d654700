/* Taking lines of a manifest into a dataset: counting, dropping what is no entry, and judging the whole. */
#ifndef SERVER_MANIFEST_INTAKE_H
#define SERVER_MANIFEST_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../state/resource/dataset.h"
#include "manifest.h"

struct intake {
    struct manifest *manifest;
    int64_t dataset_id;
    int64_t step;  /* of a dataset that exists, whose entries it replaces; 0: it is being made */
    int64_t lines; /* blank and invalid ones too */
    int64_t dropped;
    char bucket[264]; /* "s3://bucket" of the first image; "" before */
    bool several_buckets;
};

void intake_begin(struct intake *, int64_t dataset_id, int64_t step);
void intake_end(struct intake *);

/* Takes one line, without its end, in a step. */
void intake_line(struct intake *, struct store *, const struct manifest_limits *, const char *bytes,
    size_t length);

/*
 * Why what was taken so far is not good, or DATASET_MESSAGE_COUNT. `whole`: those were all lines,
 * before that only what no further line can heal counts.
 */
enum dataset_message intake_verdict(const struct intake *, struct store *, bool whole);

#endif
