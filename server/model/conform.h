/*
 * The types of a request: whether every value is of the kind its shape wants, and if so, made what
 * the service would read: see validate() for what that is.
 */
#ifndef SERVER_MODEL_CONFORM_H
#define SERVER_MODEL_CONFORM_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "model.h"
#include "../json/text.h"

struct conformance {
    struct text why; /* the service's words for a misfit; of no bytes when there is none */
    cJSON *ignored;  /* the names of members that no shape has, as strings; NULL: none */
};

/* False at the first misfit, in the order of the document. */
bool conform(cJSON *, const struct shape *, struct conformance *);

/* Whether this is base64: padded, standard alphabet, no space. */
bool conform_is_base64(const char *text);

#endif
