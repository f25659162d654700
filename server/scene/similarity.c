#include "similarity.h"

#include <string.h>

#include "../../state/base/hash.h"

/* Two pictures of one person, as the service sees them: a guess, below what the same picture has. */
#define PERSON_LEAST 97.0
#define PERSON_SPAN 2.99

/*
 * Strangers: public answers show 0.07, 0.20, 0.94 and 2.41, as the Confidence of LOW_MATCH_CONFIDENCE and the
 * Similarity of searches without a threshold.
 */
#define STRANGER_LEAST 0.01
#define STRANGER_SPAN 2.5

static int
compare(const struct identity *one, const struct identity *other)
{
    int order = strcmp(one->key, other->key);

    if (order == 0)
        order = strcmp(one->image, other->image);
    return order != 0 ? order : (one->place > other->place) - (one->place < other->place);
}

static uint64_t
word_of(const struct identity *identity)
{
    uint64_t word = hash_bytes(identity->key, strlen(identity->key));

    word = hash_mix(word ^ hash_mix(hash_bytes(identity->image, strlen(identity->image))));
    return hash_mix(word + (uint64_t)identity->place);
}

/* Of a pair always the same, from 0 on, below 1. */
static double
chance(const struct identity *one, const struct identity *other)
{
    bool turned = compare(one, other) > 0;
    uint64_t first = word_of(turned ? other : one), second = word_of(turned ? one : other);

    return hash_ratio(hash_mix(first ^ hash_mix(second)));
}

double
similarity(const struct identity *one, const struct identity *other, double resemblance)
{
    if (strcmp(one->image, other->image) == 0 && one->place == other->place)
        return 100;
    if (strcmp(one->key, other->key) == 0)
        return (float)(PERSON_LEAST + PERSON_SPAN * chance(one, other));
    if (resemblance >= 0)
        return (float)resemblance;
    return (float)(STRANGER_LEAST + STRANGER_SPAN * chance(one, other));
}

bool
similarity_of_strangers_reaches(double threshold)
{
    return similarity_reaches(STRANGER_LEAST + STRANGER_SPAN, threshold);
}

bool
similarity_reaches(double value, double threshold)
{
    return (float)value >= (float)threshold;
}
