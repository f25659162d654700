/*
 * The types of a request: whether every value is of the kind its shape wants, and if so, made what
 * the service would read: see validate() for what that is.
 */
#ifndef SERVER_MODEL_CONFORM_H
#define SERVER_MODEL_CONFORM_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "model.h"
#include "text.h"

/* False at the first misfit, in the order of the document; `why` then has the service's words
 * for it. */
bool conform(cJSON *, const struct shape *, struct text *why);

/* Whether this is base64: padded, standard alphabet, no space. */
bool conform_is_base64(const char *text);

#endif
