/* What a line of a manifest says: what is on its image, and what is wrong with the line. */
#ifndef SERVER_MANIFEST_LINE_H
#define SERVER_MANIFEST_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "issue.h"

struct manifest_limits {
    int64_t line;                  /* characters */
    int64_t labels, boxes;         /* of an image */
    int64_t label_length;          /* characters */
    int64_t side_least, side_most; /* of an image, in pixels */
};

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

#endif
