/* Whether a model can be trained with what was read: terminal content errors. */

#include <stdio.h>

#include "set.h"

/* Developer Guide, ERROR_INSUFFICIENT_LABEL_OVERLAP. */
#define OVERLAP_LEAST 50

const struct training_error_row training_errors[TRAINING_ERROR_COUNT] = {
#define TRAINING_ERROR(id, code, text, evidence, source) { code, text, evidence, source },
#include "errors.def"
#undef TRAINING_ERROR
};

void
training_error_text(enum training_error error, char *text, size_t size)
{
    snprintf(text, size, training_errors[error].text, OVERLAP_LEAST);
}

static void
judge_lines(struct training_set *set, enum part part, double most_invalid)
{
    bool *errors = set->errors[part];

    errors[TRAINING_TOO_MANY_ROWS] = set->rows[part] > set->most_rows;
    errors[TRAINING_SEVERAL_BUCKETS] = set->several_buckets[part];
    errors[TRAINING_IMAGES_DENIED] = set->images_denied && set->rows[part] > 0;
    errors[TRAINING_IMAGES_FAILED] = set->images_failed && set->rows[part] > 0;
    /* What is wrong with the bucket is not said again of each line. */
    errors[TRAINING_INVALID_ROWS] =
        !errors[TRAINING_IMAGES_DENIED] && !errors[TRAINING_IMAGES_FAILED] &&
        (double)set->invalid[part] > (double)set->rows[part] * most_invalid;
}

/* Guidelines and quotas: 2 labels where images are classified, 1 where objects are located. */
static void
judge_labels(struct training_set *set)
{
    enum use_case use = set->use_case;
    int64_t least = use == OBJECT_LOCALIZATION ? 1 : 2;
    int64_t all = training_set_label_count(set, NOT_DETERMINED, PART_TRAINING);
    int64_t usable = training_set_label_count(set, use, PART_TRAINING);
    bool *errors = set->errors[PART_TRAINING], *both = set->errors[PART_COUNT];

    errors[TRAINING_TOO_MANY_LABELS] = set->too_many_labels;
    errors[TRAINING_TOO_FEW_LABELS] = all < least;
    errors[TRAINING_TOO_FEW_USABLE] = all >= least && usable < least;
    set->errors[PART_TESTING][TRAINING_TOO_FEW_LABELS] =
        training_set_label_count(set, NOT_DETERMINED, PART_TESTING) == 0;
    both[TRAINING_LITTLE_OVERLAP] =
        training_set_overlap(set, NOT_DETERMINED) * 100 < all * OVERLAP_LEAST;
    both[TRAINING_LITTLE_USABLE_OVERLAP] =
        !both[TRAINING_LITTLE_OVERLAP] &&
        training_set_overlap(set, use) * 100 < usable * OVERLAP_LEAST;
}

enum training_error
training_set_judge(struct training_set *set, double most_invalid, bool labels)
{
    for (int part = 0; part < PART_COUNT; part++)
        if (!labels)
            judge_lines(set, part, most_invalid);
    if (labels)
        judge_labels(set);
    for (int error = 0; error < TRAINING_ERROR_COUNT; error++)
        for (int part = 0; part <= PART_COUNT; part++)
            if (set->errors[part][error])
                return error;
    return TRAINING_ERROR_COUNT;
}
