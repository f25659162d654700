/*
 * What a version is trained and tested with: every line of both manifests, kept in a file without a
 * name, and in memory what must be known of it.
 *
 * The rule: lines are read again when they are needed, so that memory grows with their number only,
 * and little.
 */
#ifndef SERVER_TRAINING_SET_H
#define SERVER_TRAINING_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../../state/base/digest.h"
#include "../../state/base/evidence.h"
#include "evaluation.h"
#include "../manifest/manifest.h"

enum training_error {
#define TRAINING_ERROR(id, code, text, evidence, source) TRAINING_##id,
#include "errors.def"
#undef TRAINING_ERROR
    TRAINING_ERROR_COUNT
};

struct training_error_row {
    const char *code; /* NULL: of the file */
    const char *text;
    enum evidence evidence;
    const char *source;
};

extern const struct training_error_row training_errors[TRAINING_ERROR_COUNT];

/* Which of the two kinds of models it makes. */
enum use_case { NOT_DETERMINED, IMAGE_LEVEL_LABELS, OBJECT_LOCALIZATION };

enum part { PART_TRAINING, PART_TESTING, PART_COUNT };

enum worth { SAMPLE_VALID, SAMPLE_INVALID, SAMPLE_IGNORED };

#define LABEL_NONE UINT16_MAX

/* A line. */
struct sample {
    int64_t at; /* in the file */
    uint32_t length;
    uint32_t picture;  /* its number in pictures, from 1; 0: it was not read */
    uint16_t first[3]; /* by use case: its first label of this kind, or LABEL_NONE */
    uint8_t part;      /* enum part */
    uint8_t worth;     /* enum worth */
    uint8_t issue;     /* of its image: enum manifest_issue; MANIFEST_ISSUE_COUNT: none */
};

/* A label, and how many images have it. */
struct training_set_label {
    char *name;
    int64_t images[3][PART_COUNT]; /* by use case; [0] of either */
    int64_t firsts;                /* training images whose first label it is, of the use case */
    int64_t nth;                   /* how many of them were split so far */
};

struct training_set {
    struct manifest *manifest;
    struct manifest_limits limits;
    int64_t most_rows, most_labels;
    uint64_t seed;

    FILE *file;
    int64_t length;
    char *line; /* the one that was read again last */
    size_t line_size;

    struct sample *samples;
    size_t sample_count, sample_capacity;
    struct training_set_label *labels;
    size_t label_count, label_capacity;
    unsigned char (*pictures)[SHA256_DIGEST_SIZE];
    size_t picture_count, picture_capacity;

    int64_t of_use[3]; /* training lines of this kind */
    int64_t rows[PART_COUNT], invalid[PART_COUNT];
    char bucket[264]; /* "s3://bucket" of the first image */
    bool several_buckets[PART_COUNT], too_many_labels;
    bool is_split; /* the testing part is made of the training lines */
    bool images_denied, images_failed;

    enum use_case use_case;
    struct evaluation evaluation;
    bool errors[PART_COUNT + 1][TRAINING_ERROR_COUNT]; /* [PART_COUNT]: of both together */
};

/* NULL when there is no room for the file. */
struct training_set *training_set_open(const struct manifest_limits *, int64_t most_rows,
    int64_t most_labels, uint64_t seed);
void training_set_close(struct training_set *);

/* Takes a line; false when there are too many, and no more need come. */
bool training_set_add(struct training_set *, enum part, const char *bytes, size_t length);

/* After the last line. */
void training_set_filled(struct training_set *);

/* The line once more. */
const struct manifest_line *training_set_read(struct training_set *, size_t at);

/*
 * When no line is read any more: gives back some of the file, which to do at once takes long. True
 * when nothing is left.
 */
bool training_set_shrink(struct training_set *);

/* The image of a line is no good; or it was read, and this is the SHA-256 of its bytes. */
void training_set_spoil(struct training_set *, size_t at, enum manifest_issue);
void training_set_recognize(struct training_set *, size_t at,
    const unsigned char digest[SHA256_DIGEST_SIZE]);

/* Decides on the use case. */
void training_set_decide(struct training_set *);

/* Whether each label has images enough to be split. */
bool training_set_can_split(const struct training_set *, int64_t least);

/* Splits, when the testing part is to be made, and hands test images to the evaluation. */
void training_set_assign(struct training_set *, size_t at);

/* Whether the model is trained or tested with it. */
bool training_set_uses(const struct training_set *, const struct sample *);

/* Whether it is trained with a label: what it is only tested with it cannot find. */
bool training_set_knows(const struct training_set *, uint16_t label);

/* The number of a label; LABEL_NONE when there is none. */
uint16_t training_set_label_named(const struct training_set *, const char *name);

/* Labels that a part has, of the use case or, for 0, of either; and those that both have. */
int64_t training_set_label_count(const struct training_set *, enum use_case, enum part);
int64_t training_set_overlap(const struct training_set *, enum use_case);

/*
 * Notes the errors that make this training fail, and answers the first; TRAINING_ERROR_COUNT: none.
 * Before the split those that concern lines; with `labels` the others, too.
 */
enum training_error training_set_judge(struct training_set *, double most_invalid, bool labels);

/* Its text, with the percentage in it. */
void training_error_text(enum training_error, char *text, size_t size);

#endif
