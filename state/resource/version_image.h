/*
 * What a trained version knows of images: the ground truth of its training and test data, and the
 * assumed thresholds of its labels.
 *
 * The rule: it is the model's, and a copy of a version is the same model: all of a model's versions
 * have one `model_id` (struct project_version), and what is known goes with the last of them.
 *
 * Confidences and thresholds are from 0 to 1, as in manifests; answers of the API count to 100.
 */
#ifndef STATE_RESOURCE_VERSION_IMAGE_H
#define STATE_RESOURCE_VERSION_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/* A row; its texts live until the step ends. */
struct version_image {
    const char *source_ref; /* "s3://bucket/key" */
    const char *sha256;     /* of its bytes, in lower-case digits; NULL when they were never read */

    /*
     * JSON: [{"name","confidence","boundingBox"?:{"left","top","width","height"}}...], boxes as
     * ratios of the image's sides.
     */
    const char *labels;
};

/* Adds one; the model knows of each source_ref what was said of it last. */
void version_image_add(struct store *, int64_t model_id, const struct version_image *);

/* Whether the model knows any image by its bytes. */
bool version_image_has_digests(struct store *, int64_t model_id);

/* False when the model knows none like it. Of several of the same bytes the first by name. */
bool version_image_of_digest(struct store *, int64_t model_id, const char *sha256,
    struct version_image *);
bool version_image_of_source(struct store *, int64_t model_id, const char *source_ref,
    struct version_image *);

/* The next by name after `*after` ("" before the first), which it moves on. */
bool version_image_next(struct store *, int64_t model_id, const char **after,
    struct version_image *);

/* Forgets so many; false when there are no more. */
bool version_image_forget(struct store *, int64_t model_id, int limit);

/* The assumed threshold of a label, and its value, or `otherwise` when it has none. */
void version_label_set(struct store *, int64_t model_id, const char *name, double threshold);
double version_label_threshold(struct store *, int64_t model_id, const char *name,
    double otherwise);

/* The next label by name after `*after` ("" before the first), which it moves on. */
bool version_label_next(struct store *, int64_t model_id, const char **after, double *threshold);

#endif
