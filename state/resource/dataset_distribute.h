/*
 * Distributing a dataset: a fifth of the entries of one move to another, of every label as many as
 * is its part. API Reference, DistributeDatasetEntries: "moves 20% of the entries".
 *
 * Which of a label move is drawn, from a seed: begun again, it moves the same ones.
 */
#ifndef STATE_RESOURCE_DATASET_DISTRIBUTE_H
#define STATE_RESOURCE_DATASET_DISTRIBUTE_H

#include <stdbool.h>
#include <stdint.h>

struct distribution;
struct store;

enum distributed {
    DISTRIBUTED_SOME, /* and there is more to do */
    DISTRIBUTED_ALL,
    DISTRIBUTED_TOO_FEW, /* labeled images, of all or of one label: nothing has moved */
};

struct distribution *distribution_begin(int64_t train_id, int64_t test_id, uint64_t seed);

/* Goes on with at most `limit` entries; whatever was moved before it began goes back first. */
enum distributed distribution_step(struct store *, struct distribution *, int limit);
void distribution_end(struct distribution *); /* frees it, whole or broken off */

/* Moves all of one to the other; called until it is false. */
bool dataset_entries_move(struct store *, int64_t from_id, int64_t to_id, int limit);

#endif
