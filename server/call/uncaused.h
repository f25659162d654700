/* Errors that operations declare, and to which nothing leads here: see uncaused.def. */
#ifndef SERVER_CALL_UNCAUSED_H
#define SERVER_CALL_UNCAUSED_H

#include <stdbool.h>
#include <stddef.h>

struct operation_model;

struct uncaused {
    const char *error, *operations, *why;
};

extern const struct uncaused uncaused_rows[];
extern const size_t uncaused_count;

/* Whether the row is about the operation, and that declares the error. */
bool uncaused_is_of(const struct uncaused *, const struct operation_model *);

#endif
