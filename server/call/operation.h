/* The table of operations, joined with their shapes from the model. */
#ifndef SERVER_CALL_OPERATION_H
#define SERVER_CALL_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

#include "../../state/resource.h"

struct call;
struct operation_model;

/* What of an object of S3 is read before the step. */
enum want { WANT_NONE, WANT_WHOLE, WANT_HEAD };

#define GATHERS_MAX 2 /* objects that one call may name */

struct gather {
    const char *path; /* of the input: where the object is named, "Image.S3Object" */
    enum want want;   /* WANT_NONE: this row and those behind it are empty */
};

struct operation {
    const char *name;
    bool (*handle)(struct call *);
    enum resource fetch; /* what is looked up before the function runs, into call->fetched */
    const char *member;  /* of the input: what it is known by */
    bool reads;          /* and changes nothing */
    int page;            /* how many results it has when MaxResults does not say; 0: no pages */
    struct gather gather[GATHERS_MAX];
    const struct operation_model *model;
};

extern const struct operation operations[];
extern const size_t operation_count;

const struct operation *operation_find(
    const char *name); /* NULL: the service has none of that name */

/* As its input has it: it looks at images; it is of a collection. */
bool operation_looks(const struct operation *);
bool operation_is_of_collection(const struct operation *);

const char *operation_name(size_t); /* of the table; NULL beyond its end */

#endif
