/*
 * Does this JSON fit that shape, and if not, what does the service say?
 *
 * The first misfit of type is a SerializationException; only when all types fit are the constraints
 * checked, and all violations are reported together in one ValidationException.
 */
#ifndef SERVER_MODEL_VALIDATE_H
#define SERVER_MODEL_VALIDATE_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "model.h"

enum fit {
    FITS,
    WRONG_TYPE, /* SerializationException */
    VIOLATION,  /* ValidationException */
};

/* What was found, for findings_free(). */
struct findings {
    char *message;     /* what to answer; NULL when it fits, or is refused without a word */
    cJSON *violations; /* the violations of the message one by one, as strings; NULL: none */
    cJSON *ignored;    /* the names of members that the shape does not have; NULL: none */
};

/*
 * Checks a request, and normalises it in place: members that are null or that the shape does not
 * have are gone, integers are whole and within 32 or 64 bits, floats are rounded to 32 bits. What
 * fits can be read without looking again, integers by json_integer().
 */
enum fit validate(cJSON *input, const struct shape *shape, struct findings *);
void findings_free(struct findings *);

/*
 * Checks a reply, for debug builds and tests, and leaves it as it is. Nothing is forgiven: no
 * unknown member, no null, no number in a string. When false, `*why` says what is wrong and where,
 * for the caller to free.
 */
bool output_fits(const cJSON *output, const struct shape *shape, char **why);

#endif
