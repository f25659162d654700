/* A story of a model's whole life: each act is one step, and leaves what the next one needs. */
#ifndef TESTS_SUPPORT_STORY_H
#define TESTS_SUPPORT_STORY_H

#include <stddef.h>

#include "../../state/result.h"

struct store;

struct act {
    const char *name;
    enum result (*perform)(struct store *); /* inside a step */
};

extern const struct act story[];
extern const size_t story_length;

#endif
