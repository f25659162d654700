/*
 * Project versions: what is trained in a project. A model is hosted between
 * start and stop; an adapter (of a project for content moderation) serves as
 * soon as it is trained.
 */
#ifndef STATE_RESOURCE_PROJECT_VERSION_H
#define STATE_RESOURCE_PROJECT_VERSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/arn.h"
#include "../result.h"

struct page;
struct placing;
struct store;

/* A row, as it was read; its texts live until the step ends. What is not set is NULL or 0. */
struct project_version {
    int64_t id, project_id, created_ms;
    struct scope scope;
    const char *project_name; /* only needed to make one */
    const char *arn, *name, *feature, *status, *status_message;
    int64_t entered_ms;           /* when it reached its status */
    int64_t trained_ms;           /* when training ended */
    int64_t min_units, max_units; /* as last started with */
    int64_t units;                /* in service now */
    const char *description, *kms_key_id, *output_bucket, *output_prefix;
    const char *training_data, *testing_data, *feature_config; /* JSON, as given */
    const char *source_arn;                                    /* of a copy */
    int64_t model_id;   /* what it knows of images is under this: see version_image.h */
    bool completed;     /* training or copying went well */
    bool validated;     /* what its manifests are like was written, also when training failed */
    bool uses_datasets; /* it is trained with those that the project had when training began */
    double f1_score;    /* how well it does, once completed */
};

/* The lifecycle it follows: "project_version" or "adapter". */
const char *project_version_kind(const struct project_version *);
bool project_version_is_adapter(const struct project_version *);

/*
 * Begins training in a project that accepts versions. `version` has the project (project_id,
 * project_name, scope, feature), its name, and whatever of description, keys, output and data was
 * given; the rest is filled in. With `needs_data` neither
 * datasets nor training data will not do.
 */
enum result project_version_train(struct store *, struct project_version *version, bool needs_data);

/* Whether there is something to train it with: manifests or datasets. */
bool project_version_has_data(const struct project_version *);

/* Of one that was just begun: training or copying ends when the task is done; see work.h. */
#define TASK_TRAIN "version.train"
#define TASK_COPY_RESULTS "version.copy" /* what: where the results are, as JSON */
#define TASK_FORGET "version.forget"     /* of one that is deleted: what only it knows of images */

void project_version_await(struct store *, const struct project_version *, const char *task,
    const char *what);

/* What a training has found out, before it ends. */
void project_version_judge(struct store *, const char *arn, bool validated, double f1_score);

/* Begins a copy of `source`, likewise. */
enum result project_version_copy(struct store *, const struct project_version *source,
    struct project_version *version);

/*
 * Makes one as a fixture declares it, of any status and age, from all that the struct has: arn NULL
 * and created_ms 0 are what project_version_train() would choose. RESULT_VERSION_NAME_TAKEN or
 * RESULT_WRONG_STATE; no limit counts.
 */
enum result project_version_place(struct store *, struct project_version *, const struct placing *);

enum result project_version_find(struct store *, const char *arn, struct project_version *);
const void *project_version_fetch(struct store *, const struct scope *, const char *arn);

/* Begins hosting, with at least min_units and, when max_units is not 0, at most that many. */
enum result project_version_start(struct store *, const struct project_version *, int64_t min_units,
    int64_t max_units);
enum result project_version_stop(struct store *, const struct project_version *);
enum result project_version_delete(struct store *, const struct project_version *);

/* Whether it may detect now; that its inference units serve the call is asked in inference.h. */
enum result project_version_detects(struct store *, const struct project_version *);

/* The same of an adapter, which needs no inference units. */
enum result project_version_moderate(struct store *, const struct project_version *adapter);

/* Inference units in service, of all accounts. */
int64_t project_version_units(struct store *);

/* One page, newest first, of those whose name is in the JSON list `names`; NULL for any. */
struct project_version *project_version_list(struct store *, int64_t project_id, const char *names,
    struct page *, size_t *count);

/*
 * The version of the project after `after` (all zero: the first), by age; false when there is none.
 * Both may be the same struct.
 */
bool project_version_next(struct store *, int64_t project_id, const struct project_version *after,
    struct project_version *);

#endif
