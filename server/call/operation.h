/* The table of operations, joined with their shapes from the model. */
#ifndef SERVER_CALL_OPERATION_H
#define SERVER_CALL_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

struct call;
struct operation_model;

/* What is looked up before the function runs. */
enum fetch {
    FETCH_NOTHING,
    FETCH_PROJECT, /* into call->project */
    FETCH_VERSION, /* into call->version */
    FETCH_DATASET, /* into call->dataset */
};

struct operation {
    const char *name;
    bool (*handle)(struct call *); /* NULL: this program does not serve it */
    enum fetch fetch;
    const char *member; /* of the input: the ARN to fetch by */
    const struct operation_model *model;
};

extern const struct operation operations[];
extern const size_t operation_count;

const struct operation *operation_find(
    const char *name); /* NULL: the service has none of that name */

const char *operation_name(size_t); /* of the table; NULL beyond its end */

#endif
