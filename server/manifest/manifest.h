/*
 * Lines of manifests: the JSON Lines of SageMaker Ground Truth, with image-level labels or with
 * bounding boxes. What a line says, what is wrong with it, and whether a dataset keeps it.
 *
 * The rule: reading a line is a pure function of the line and the limits. What it answers lives
 * until the next line is read.
 */
#ifndef SERVER_MANIFEST_MANIFEST_H
#define SERVER_MANIFEST_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "line.h"

struct manifest; /* a reader of lines */
struct store;

/* As the settings are now; in a step. */
struct manifest_limits manifest_limits(struct store *);

struct manifest *manifest_open(void);
void manifest_close(struct manifest *);

/* Reads one line, without its end. */
const struct manifest_line *manifest_read(struct manifest *, const struct manifest_limits *,
    const char *bytes, size_t length);

/*
 * The line that was read last, with everything that is wrong with it in it: as validation manifests
 * have it. `image` is an issue that only its image shows; MANIFEST_ISSUE_COUNT is none. Once, until
 * the next is read.
 */
const char *manifest_validated(struct manifest *, enum manifest_issue image);

/* Whether it is "s3://bucket/key"; NULL is not. */
bool manifest_is_source_ref(const char *);

/* How many bytes of "s3://bucket/key" say where the bucket is: up to the last slash before key. */
size_t manifest_bucket_length(const char *source_ref);

#endif
