/*
 * A line of a manifest while it is read, and what is found in it. For those who read: manifest.c the
 * line, attribute.c its label attributes.
 */
#ifndef SERVER_MANIFEST_FINDINGS_H
#define SERVER_MANIFEST_FINDINGS_H

#include <cjson/cJSON.h>

#include "../json/text.h"
#include "line.h"

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

#endif
