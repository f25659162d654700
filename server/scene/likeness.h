/* Who was declared to look like somebody. */
#ifndef SERVER_SCENE_LIKENESS_H
#define SERVER_SCENE_LIKENESS_H

#include <stddef.h>

struct store;

/* How much alike two are of whom either was declared to look like the other; where both were, the greater counts. */
struct likeness {
    const char *key; /* as in struct identity */
    double value;    /* in per cent */
};

struct likenesses {
    const struct likeness *all; /* until the step ends */
    size_t count;
};

/* Of whoever has that key: only of people whose names were declared can there be any. */
struct likenesses likenesses_of(struct store *, const char *key);

/* RESEMBLANCE_NONE when there is none. */
double likeness_to(const struct likenesses *, const char *key);

#endif
