/*
 * Entries of datasets: one for each image, in the order in which they came. Figures and labels of
 * the dataset follow by triggers.
 *
 * What may be long is done some entries at a time: a function with a `limit` is called until it
 * is false.
 */
#ifndef STATE_RESOURCE_DATASET_ENTRY_H
#define STATE_RESOURCE_DATASET_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dataset;
struct page;
struct store;

struct dataset_entry {
    int64_t id;
    const char *source_ref;
    const char *line; /* a JSON Line, compact */
    bool is_labeled, has_errors;
    const char *errors; /* JSON list, of the line as a whole; NULL: none */
    const char *labels; /* JSON object of name: boxes */
};

/* Adds one to a dataset that is being made; false, and nothing done, when the image is there. */
bool dataset_entry_add(struct store *, int64_t dataset_id, const struct dataset_entry *);

/*
 * One of a step that may have to be taken back: replaces or adds; false when the step had the
 * image. What steps before it have written is settled first: then the entries are those of it.
 */
bool dataset_entry_put(struct store *, int64_t dataset_id, int64_t step,
    const struct dataset_entry *);
bool dataset_steps_settle(struct store *, int64_t dataset_id, int64_t step, int limit);
bool dataset_step_undo(struct store *, int64_t dataset_id, int64_t step, int limit);

bool dataset_entries_drop(struct store *, int64_t dataset_id, int limit);
/* Copies behind *after, which it moves on. */
bool dataset_entries_copy(struct store *, int64_t from_id, int64_t to_id, int64_t *after,
    int limit);

/* The source_ref of some entry; NULL when there is none. */
const char *dataset_entry_any(struct store *, int64_t dataset_id);

/* How many entries and labels there are at this moment of a change. */
void dataset_figures(struct store *, int64_t dataset_id, int64_t *entries, int64_t *labels);

/* What ListDatasetEntries filters by; what is NULL or negative does not matter. */
struct dataset_filter {
    const char *labels; /* JSON list of names: at least one of them */
    const char *contains;
    int labeled, has_errors; /* 0 or 1 */
};

/* One page; source_ref, has_errors and labels are not read. */
struct dataset_entry *dataset_entry_list(struct store *, int64_t dataset_id,
    const struct dataset_filter *, struct page *, size_t *count);

struct dataset_label {
    int64_t id;
    const char *name;
    int64_t entries, boxes;
};

/* One page, in the order in which they were first seen. */
struct dataset_label *dataset_label_list(struct store *, int64_t dataset_id, struct page *,
    size_t *count);

#endif
