/*
 * The service model: the shape of every request and every reply of the API.
 *
 * Facts are generated, behaviour is written by hand: model.c and shapes.h come from the public
 * service description (`make model`), and nothing here knows what an operation does. All of it is
 * constant and lives as long as the program.
 */
#ifndef SERVER_MODEL_MODEL_H
#define SERVER_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>

struct pattern;

enum shape_kind {
    SHAPE_STRUCTURE,
    SHAPE_LIST,
    SHAPE_MAP,
    SHAPE_STRING,
    SHAPE_BLOB,    /* base64 on the wire */
    SHAPE_INTEGER, /* 32 bits */
    SHAPE_LONG,    /* 64 bits */
    SHAPE_FLOAT,   /* 32 bits */
    SHAPE_BOOLEAN,
    SHAPE_TIMESTAMP, /* seconds since 1970 on the wire, with a fraction */
};

struct member {
    const char *name; /* as on the wire, "CollectionId"; NULL ends a list of members */
    const struct shape *shape;
    bool required;
};

struct limit {
    double value;
    const char *text; /* as the model writes it, for messages; NULL when there is no limit */
};

struct shape {
    const char *name;
    enum shape_kind kind;

    const struct member
        *members; /* of a structure, in the order of the model; NULL when it has none */
    const unsigned char
        *order; /* places in `members`, in the order in which a message names them */
    size_t member_count;

    const struct shape *key;     /* of a map */
    const struct shape *element; /* of a list; the values of a map */

    const char *const *enumeration; /* in the order of messages, NULL at the end; NULL: any value */
    struct pattern *pattern;        /* NULL: any text */
    struct limit min, max;          /* of a value, a length or a count, by kind */
    bool sensitive;                 /* never echoed in a message */
};

struct operation_model {
    const char *name;
    const struct shape *input;
    const struct shape *output;
    const char *const *errors; /* the names of those it may answer with, sorted, NULL at the end */
};

#include "shapes.h" /* one extern for each shape, one number for each operation */

/* Sorted by name. Tables of ours join by name, at compile time: MODEL(CreateProject)->input. */
extern const struct operation_model model_operations[MODEL_OPERATION_COUNT];
#define MODEL(operation) (&model_operations[MODEL_##operation])

/* Every error that the model knows, sorted, NULL at the end. */
extern const char *const model_errors[];

#endif
