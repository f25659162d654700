#include "uncaused.h"

#include <string.h>

#include "../../state/base/array.h"
#include "../model/model.h"

const struct uncaused uncaused_rows[] = {
#define UNCAUSED(error, operations, why) { #error, operations, why },
#include "uncaused.def"
#undef UNCAUSED
};

const size_t uncaused_count = COUNT(uncaused_rows);

static bool
declares(const struct operation_model *model, const char *error)
{
    for (const char *const *each = model->errors; *each != NULL; each++)
        if (strcmp(*each, error) == 0)
            return true;
    return false;
}

/* "A B" has A and B, and no part of either. */
static bool
names(const char *operations, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = operations; (at = strstr(at, name)) != NULL; at += length)
        if ((at == operations || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

bool
uncaused_is_of(const struct uncaused *row, const struct operation_model *model)
{
    bool named = names(row->operations, model->name);

    return declares(model, row->error) && (*row->operations == '*' ? !named : named);
}
