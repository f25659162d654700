/* The inside of a reader of manifests, shared by manifest*.c only. */
#ifndef SERVER_MANIFEST_INSIDE_H
#define SERVER_MANIFEST_INSIDE_H

#include <cjson/cJSON.h>

#include "manifest.h"
#include "../json/text.h"

struct manifest {
    struct manifest_line line; /* the one that was read last */
    cJSON *json;               /* all of it; marked texts below point into it */
    cJSON *errors;             /* of the line as a whole; NULL: none */
    bool marked;               /* a part of json got errors: it is not the text that was given */
    bool stopped;              /* one of those checked first was found */
    struct text compact, label_map;
    char *printed, *printed_errors;
    struct manifest_label *labels;
    size_t label_capacity;
    struct manifest_box *boxes;
    size_t box_capacity;
};

/*
 * Notes an issue of a part (a JSON object), or of the line as a whole when `part` is NULL or no
 * object. `attribute` is named by some messages.
 */
void manifest_note(struct manifest *, cJSON *part, enum manifest_issue, const char *attribute);

/* Notes the label that training can use: of the image as a whole, or one box of it. */
void manifest_add_label(struct manifest *, const char *name, double confidence);
void manifest_add_box(struct manifest *, const struct manifest_box *);

/* Checks and gathers the label attributes of m->json, which has some. */
void manifest_check_attributes(struct manifest *, const struct manifest_limits *);

/* The metadata of a label attribute; NULL when `item` is no attribute or has none. */
cJSON *manifest_metadata_of(const cJSON *json, const cJSON *item);

#endif
