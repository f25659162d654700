/*
 * Lines of manifests: the JSON Lines of SageMaker Ground Truth, with image-level labels or with
 * bounding boxes. What a line says, what is wrong with it, and whether a dataset keeps it.
 *
 * The rule: reading a line is a pure function of the line and the limits. What it answers lives
 * until the next line is read.
 */
#ifndef SERVER_MANIFEST_MANIFEST_H
#define SERVER_MANIFEST_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct manifest; /* a reader of lines */
struct store;

enum manifest_issue {
#define ISSUE(code, message, stage, first) code,
#include "issues.def"
#undef ISSUE
    MANIFEST_ISSUE_COUNT
};

enum manifest_stage { STAGE_DROPPED, STAGE_DATASET, STAGE_TRAINING, STAGE_IMAGE };

struct manifest_issue_row {
    const char *code, *message;
    enum manifest_stage stage;
    bool first;
};

extern const struct manifest_issue_row manifest_issues[MANIFEST_ISSUE_COUNT];

struct manifest_limits {
    int64_t line;                  /* characters */
    int64_t labels, boxes;         /* of an image */
    int64_t label_length;          /* characters */
    int64_t side_least, side_most; /* of an image, in pixels */
};

/* As the settings are now; in a step. */
struct manifest_limits manifest_limits(struct store *);

/* A label that training can use. */
struct manifest_label {
    const char *name;
    int64_t boxes;     /* 0: of the image as a whole */
    double confidence; /* then that of the label */
};

/* A bounding box that training can use, in pixels. */
struct manifest_box {
    const char *label;
    double left, top, width, height;
    double confidence;
    double image_width, image_height; /* as the line has it */
};

struct manifest_line {
    bool kept;                 /* by a dataset */
    enum manifest_issue issue; /* why not */
    const char *source_ref;    /* "s3://bucket/key"; NULL without one */
    const char *line;          /* compact; parts that are wrong have their cl-errors in them */
    const char *errors;        /* JSON list: what is wrong with the whole; NULL: nothing */
    bool has_errors;           /* of the whole or of a part */
    bool is_labeled;           /* somebody said what is on the image, rightly or not */
    bool is_empty;             /* a bounding box attribute without annotations, and nothing else */
    const char *label_map;     /* JSON object of name: boxes */
    const struct manifest_label *labels;
    size_t label_count;
    const struct manifest_box *boxes;
    size_t box_count;
};

struct manifest *manifest_open(void);
void manifest_close(struct manifest *);

/* Reads one line, without its end. */
const struct manifest_line *manifest_read(struct manifest *, const struct manifest_limits *,
    const char *bytes, size_t length);

/*
 * The line that was read last, with everything that is wrong with it in it: as validation manifests
 * have it. `image` is an issue that only its image shows; MANIFEST_ISSUE_COUNT is none. Once, until
 * the next is read.
 */
const char *manifest_validated(struct manifest *, enum manifest_issue image);

/* How many bytes of "s3://bucket/key" say where the bucket is: up to the last slash before key. */
size_t manifest_bucket_length(const char *source_ref);

#endif
