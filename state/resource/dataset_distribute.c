#include "dataset_distribute.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../base/array.h"
#include "../base/hash.h"
#include "../base/memory.h"
#include "../query.h"
#include "../setting.h"
#include "../store.h"

/* One of five goes to the test dataset. */
#define PARTS 5

/* Entries whose first label is the same; label 0: those without. Ordered by label. */
struct group {
    int64_t label;
    int64_t left;   /* entries not yet looked at */
    int64_t wanted; /* of these, to move */
};

enum phase { TAKING_BACK, COUNTING, MOVING };

struct distribution {
    int64_t train_id, test_id;
    uint64_t seed, drawn;
    enum phase phase;
    int64_t after; /* the last entry looked at */
    struct group *groups;
    size_t count, capacity;
};

struct distribution *
distribution_begin(int64_t train_id, int64_t test_id, uint64_t seed)
{
    struct distribution *d = memory_new(sizeof *d);

    d->train_id = train_id;
    d->test_id = test_id;
    d->seed = seed;
    return d;
}

void
distribution_end(struct distribution *d)
{
    free(d->groups);
    free(d);
}

/* A number from 0 to below - 1. */
static int64_t
draw(struct distribution *d, int64_t below)
{
    return (int64_t)(hash_draw(d->seed, ++d->drawn) % (uint64_t)below);
}

/* The group of a label, made when it is new. */
static struct group *
group_of(struct distribution *d, int64_t label)
{
    size_t low = 0, high = d->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (d->groups[middle].label < label)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < d->count && d->groups[low].label == label)
        return &d->groups[low];
    d->groups = array_room(d->groups, d->count, &d->capacity, sizeof *d->groups);
    memmove(&d->groups[low + 1], &d->groups[low], (d->count - low) * sizeof *d->groups);
    d->groups[low] = (struct group){ .label = label };
    d->count++;
    return &d->groups[low];
}

struct seen {
    int64_t id, label;
};

/* The next entries of the training dataset, read whole, for moving them changes what is read. */
static struct seen *
look(struct store *store, struct distribution *d, int limit, int *count)
{
    struct seen *seen = store_alloc(store, (size_t)limit * sizeof *seen);
    struct query q = query(store, SQL_DATASET_ENTRY_FIRST_LABELS);

    query_int(&q, ":dataset_id", d->train_id);
    query_int(&q, ":after", d->after);
    query_int(&q, ":limit", limit);
    for (*count = 0; *count < limit && query_row(&q); (*count)++)
        seen[*count] = (struct seen){ query_column_int(&q, 0), query_column_int(&q, 1) };
    query_done(&q);
    if (*count > 0)
        d->after = seen[*count - 1].id;
    return seen;
}

/* How many to move of each group: in sum a fifth, rounded, and of each its part within one. */
static void
set_wanted(struct distribution *d)
{
    int64_t total = 0, wanted, before = 0, given = 0;

    for (size_t i = 0; i < d->count; i++)
        total += d->groups[i].left;
    wanted = (total + PARTS / 2) / PARTS;
    if (wanted == 0)
        wanted = 1;
    for (size_t i = 0; i < d->count; i++) {
        int64_t upto;

        before += d->groups[i].left;
        upto = (before * wanted + total / 2) / total;
        d->groups[i].wanted = upto - given;
        given = upto;
    }
}

/*
 * ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_DISTRIBUTE: a label needs images on both sides. How many
 * the service asks for is not known.
 */
static bool
is_enough(struct store *store, const struct distribution *d)
{
    struct query q = query(store, SQL_DATASET_LABEL_LEAST);

    query_int(&q, ":dataset_id", d->train_id);
    return d->count > 0 &&
           query_int_value(&q, 0) >= setting_int(store, SETTING_DATASET_DISTRIBUTE_MIN);
}

static enum distributed
count_some(struct store *store, struct distribution *d, int limit)
{
    int count;
    struct seen *seen = look(store, d, limit, &count);

    for (int i = 0; i < count; i++)
        group_of(d, seen[i].label)->left++;
    if (count == limit)
        return DISTRIBUTED_SOME;
    if (!is_enough(store, d))
        return DISTRIBUTED_TOO_FEW;
    set_wanted(d);
    d->phase = MOVING;
    d->after = 0;
    return DISTRIBUTED_SOME;
}

static void
move_entry(struct store *store, int64_t id, int64_t dataset_id)
{
    struct query q = query(store, SQL_DATASET_ENTRY_MOVE);

    query_int(&q, ":id", id);
    query_int(&q, ":dataset_id", dataset_id);
    query_run(&q);
}

/* Draws from each group exactly as many as are wanted of it, each entry as likely as any other. */
static enum distributed
move_some(struct store *store, struct distribution *d, int limit)
{
    int count;
    struct seen *seen = look(store, d, limit, &count);

    for (int i = 0; i < count; i++) {
        struct group *group = group_of(d, seen[i].label);
        bool moves = group->wanted > 0 && draw(d, group->left) < group->wanted;

        group->left--;
        group->wanted -= moves;
        if (moves)
            move_entry(store, seen[i].id, d->test_id);
    }
    return count == limit ? DISTRIBUTED_SOME : DISTRIBUTED_ALL;
}

bool
dataset_entries_move(struct store *store, int64_t from_id, int64_t to_id, int limit)
{
    struct query q = query(store, SQL_DATASET_ENTRY_MOVE_SOME);

    query_int(&q, ":from_id", from_id);
    query_int(&q, ":dataset_id", to_id);
    query_int(&q, ":limit", limit);
    return query_run(&q) == limit;
}

enum distributed
distribution_step(struct store *store, struct distribution *d, int limit)
{
    switch (d->phase) {
    case TAKING_BACK:
        if (!dataset_entries_move(store, d->test_id, d->train_id, limit))
            d->phase = COUNTING;
        return DISTRIBUTED_SOME;
    case COUNTING:
        return count_some(store, d, limit);
    default:
        return move_some(store, d, limit);
    }
}
