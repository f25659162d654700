/*
 * How a model did with its test images. No model is there to be asked: what it would have predicted is
 * simulated, so that the score comes as near to the one that is wanted as the images allow, and every
 * figure is counted from those predictions.
 *
 * The rule: this is a pure function of the cases, the score and the seed.
 */
#ifndef SERVER_TRAINING_EVALUATION_H
#define SERVER_TRAINING_EVALUATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVALUATION_NONE UINT16_MAX

/* What is on a test image: a label or, where boxes are detected, one box of a label. */
struct evaluation_case {
    uint32_t image;
    uint16_t label;
    uint16_t mistaken; /* a label that was predicted here and is not; EVALUATION_NONE */
    bool missed;       /* the label was not predicted */
};

struct evaluation_label {
    int64_t images; /* that have it */
    int64_t true_positives, false_positives, false_negatives;
    double precision, recall, f1, threshold;
};

enum evaluation_phase { EVALUATION_COARSE, EVALUATION_FINE, EVALUATION_DONE };

struct evaluation {
    bool boxes;
    uint64_t seed;
    struct evaluation_case *cases; /* those of an image together */
    size_t case_count, case_capacity;
    struct evaluation_label *labels;
    size_t label_count;
    uint16_t *tested; /* labels that test images have: the others are not evaluated */
    size_t tested_count;
    double precision, recall, f1; /* means of those of the labels */

    enum evaluation_phase phase;
    size_t next, stride; /* of the order in which cases are tried */
    int rounds;
    double sum; /* of the labels' f1, while it is simulated */
};

void evaluation_begin(struct evaluation *, size_t label_count, bool boxes, uint64_t seed);
void evaluation_end(struct evaluation *);

/* The next label or box of an image; images come in order. */
void evaluation_add(struct evaluation *, uint32_t image, uint16_t label);

/* Goes on with some cases; true when all is done, and every figure is there. */
bool evaluation_go_on(struct evaluation *, double wanted_f1);

/* How sure the model was, 0..1: of the label that is there, or of the mistaken one. */
double evaluation_confidence(const struct evaluation *, size_t at, bool mistaken);

/* One value of the confusion matrix: the part of the images with a label that were taken for another. */
struct confusion {
    uint16_t label, predicted;
    int64_t images;
    double value;
};

/* Those that are not zero, and the diagonal; by label, then by prediction. The caller frees. */
struct confusion *evaluation_confusion(const struct evaluation *, size_t *count);

#endif
