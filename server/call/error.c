#include "error.h"

#include <string.h>

const struct error_row error_rows[ERROR_COUNT] = {
    [NO_ERROR] = { "", 200, FORM_SERVICE },
#define ERROR(name, status, form) [name] = { #name, status, FORM_##form },
#include "errors.def"
#undef ERROR
};

const struct refusal refusals[RESULT_COUNT] = {
#define REFUSAL(rule, error, otherwise, message, evidence, source) \
    [RESULT_##rule] = { #rule, error, otherwise, message, evidence, source },
#include "refusals.def"
#undef REFUSAL
};

enum error
error_find(const char *name)
{
    for (enum error error = NO_ERROR + 1; error < ERROR_COUNT; error++)
        if (strcmp(error_rows[error].name, name) == 0)
            return error;
    return NO_ERROR;
}

const char *
error_name(size_t place)
{
    return place + 1 < ERROR_COUNT ? error_rows[place + 1].name : NULL;
}

bool
error_is_among(enum error error, const char *const *names)
{
    while (*names != NULL && strcmp(*names, error_rows[error].name) != 0)
        names++;
    return *names != NULL;
}
