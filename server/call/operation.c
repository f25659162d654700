#include "operation.h"

#include <string.h>

#include "../../state/base/array.h"
#include "handlers.h"
#include "../model/model.h"

#define READS true
#define WRITES false
#define NONE            \
    {                   \
        NULL, WANT_NONE \
    }
#define WHOLE(path)      \
    {                    \
        path, WANT_WHOLE \
    }
#define HEAD(path)      \
    {                   \
        path, WANT_HEAD \
    }
#define OPERATION(name, function, fetch, member, reads, page, ...) \
    { #name, function, RESOURCE_##fetch, member, reads, page, { __VA_ARGS__ }, MODEL(name) },
const struct operation operations[] = {
#include "operations.def"
};
#undef OPERATION

const size_t operation_count = COUNT(operations);
_Static_assert(COUNT(operations) == MODEL_OPERATION_COUNT,
    "operations.def has a row for every operation of the model");

const struct operation *
operation_find(const char *name)
{
    for (size_t i = 0; i < operation_count; i++)
        if (strcmp(operations[i].name, name) == 0)
            return &operations[i];
    return NULL;
}

bool
operation_looks(const struct operation *operation)
{
    const struct shape *input = operation->model->input;

    for (size_t i = 0; i < input->member_count; i++)
        if (input->members[i].shape == &shape_Image)
            return true;
    return false;
}

bool
operation_is_of_collection(const struct operation *operation)
{
    const struct shape *input = operation->model->input;

    for (size_t i = 0; i < input->member_count; i++)
        if (strcmp(input->members[i].name, "CollectionId") == 0)
            return true;
    return false;
}

const char *
operation_name(size_t place)
{
    return place < operation_count ? operations[place].name : NULL;
}
