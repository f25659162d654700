/* Errors of the API, and what each rule of the world becomes on the wire. */
#ifndef SERVER_CALL_ERROR_H
#define SERVER_CALL_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "../../state/base/evidence.h"
#include "../../state/result.h"

enum error {
    NO_ERROR,
#define ERROR(name, status, form) name,
#include "errors.def"
#undef ERROR
    ERROR_COUNT
};

/* The body of an answer with this error; see errors.def. */
enum error_form { FORM_SERVICE, FORM_FRONT, FORM_PARSER };

struct error_row {
    const char *name;
    unsigned status;
    enum error_form form;
};

struct refusal {
    const char *rule; /* its name: that of RESULT_RUNNING_LIMIT is "RUNNING_LIMIT" */
    enum error error, otherwise;
    const char *message;
    enum evidence evidence;
    const char *source;
};

extern const struct error_row error_rows[ERROR_COUNT];
extern const struct refusal refusals[RESULT_COUNT];

enum error error_find(const char *name);                   /* NO_ERROR when there is none */
const char *error_name(size_t);                            /* of the table; NULL beyond its end */
bool error_is_among(enum error, const char *const *names); /* a list with NULL at its end */

#endif
