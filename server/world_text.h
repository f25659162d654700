/*
 * The world as text: the resources as the JSON that a fixture is written in (see fixture.h), and
 * the digest that two worlds share when they are equal.
 *
 * The rule: whatever the API can show or will do with a resource is in the text; nothing else is:
 * not the clock, not ids or rows, not what happened before. So the text of a world that was loaded
 * from a text is that text.
 *
 * It is written a piece at a time, in steps between which the world must stay as it is.
 */
#ifndef SERVER_WORLD_TEXT_H
#define SERVER_WORLD_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <nettle/sha2.h>

#include "../state/arn.h"
#include "../state/project.h"
#include "../state/project_version.h"

struct store;

struct world_text {
    struct scope scope; /* what is told of; "" for any */
    FILE *out;

    /* How far it is. */
    struct sha256_ctx hash;
    bool begun, has_items;
    enum { WORLD_PROJECTS, WORLD_DATASETS, WORLD_ENTRIES, WORLD_VERSIONS } what; /* is next */
    size_t dataset;            /* which of the project's */
    int64_t dataset_id, entry; /* and the last entry of it that was written */
    struct project project;    /* of it and of the version only what places them is kept */
    struct project_version version;
};

/*
 * Writes on, inside a step, until clock_monotonic_us() is `until_us`; true when that was not the
 * end. What was written is then {"accounts":{…},"digest":"…"}.
 */
bool world_text_write(struct world_text *, struct store *, int64_t until_us);

#endif
