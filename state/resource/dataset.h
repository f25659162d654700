/*
 * Datasets: images and their labels, which a project trains or tests with.
 *
 * What a step does to the entries is work (work.h): the verbs here begin the step, and
 * dataset_entry.h has what the work is made of.
 */
#ifndef STATE_RESOURCE_DATASET_H
#define STATE_RESOURCE_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/arn.h"
#include "../base/evidence.h"
#include "../result.h"

struct placing;
struct store;

/* A row, as it was read; its texts live until the step ends. */
struct dataset {
    int64_t id, created_ms;
    int64_t project_id;
    const char *project_name; /* only while it is made */
    struct scope scope;
    const char *arn;
    const char *type; /* TRAIN or TEST */
    const char *status, *status_message;
    int64_t entered_ms;                          /* when the status was reached */
    const char *source_arn;                      /* the dataset it was made from; or NULL */
    int64_t entries, labeled, erroneous, labels; /* before the step that is in progress */
    int64_t step;                                /* which that is, or the last one */
};

enum dataset_message {
#define DATASET_MESSAGE(id, text, evidence, source) DATASET_##id,
#include "dataset.def"
#undef DATASET_MESSAGE
    DATASET_MESSAGE_COUNT
};

struct dataset_message_row {
    const char *text;
    enum evidence evidence;
    const char *source;
};

extern const struct dataset_message_row dataset_messages[DATASET_MESSAGE_COUNT];

/* StatusMessageCode: SUCCESS, SERVICE_ERROR or CLIENT_ERROR. */
const char *dataset_message_code(const struct dataset *);

/* Tasks of the work that datasets need, and what they are done with. */
#define TASK_IMPORT "dataset.import"         /* an S3Object, as JSON */
#define TASK_COPY "dataset.copy"             /* the ARN of a dataset */
#define TASK_UPDATE "dataset.update"         /* JSON Lines */
#define TASK_DISTRIBUTE "dataset.distribute" /* a seed; the partner is the test dataset */
#define TASK_RECEIVE "dataset.receive"       /* done by the partner, who distributes */
#define TASK_DELETE "dataset.delete"

/* What takes back the others, when their step is to fail. */
#define TASK_CREATE_UNDO "dataset.create.undo"
#define TASK_UPDATE_UNDO "dataset.update.undo"
#define TASK_DISTRIBUTE_UNDO "dataset.distribute.undo"
#define TASK_RECEIVE_UNDO "dataset.receive.undo" /* by the partner */

/*
 * Begins to make one in a project that accepts datasets. `dataset` has the project (project_id,
 * project_name, scope) and its type; the rest is filled in. Empty without a task: TASK_IMPORT or
 * TASK_COPY.
 */
enum result dataset_create(struct store *, struct dataset *, const char *task, const char *what);
/* One that is declared, with its figures of before a step in progress; created_ms and arn may be unset. */
enum result dataset_place(struct store *, struct dataset *, const struct placing *);

enum result dataset_find(struct store *, const char *arn, struct dataset *);
const void *dataset_fetch(struct store *, const struct scope *, const char *arn);

/* Begins to replace and add entries: `lines` is JSON Lines. */
enum result dataset_update(struct store *, const struct dataset *, const char *lines);

/* Begins to move a fifth of `train` to `test`, which is empty. */
enum result dataset_distribute(struct store *, const struct dataset *train,
    const struct dataset *test);
enum result dataset_delete(struct store *, const struct dataset *);

/* Whether it may be listed, copied or trained with now. */
enum result dataset_lists(struct store *, const struct dataset *);
enum result dataset_copies(struct store *, const struct dataset *);

/* Those of a project: TEST before TRAIN; at most two. */
size_t dataset_list(struct store *, int64_t project_id, struct dataset datasets[2]);

#endif
