/* Numbers of JSON: those of a reply are written as the service writes them. */
#ifndef SERVER_JSON_NUMBER_H
#define SERVER_JSON_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "java.h"

/*
 * A number of a reply: members of kind float, long or integer, and timestamp. The length is
 * returned. Never let cJSON print a number, it writes 1e+15 where SDKs want digits.
 */
#define JSON_NUMBER_SIZE JAVA_NUMBER_SIZE
size_t json_print_float(char out[JSON_NUMBER_SIZE], double value);
size_t json_print_long(char out[JSON_NUMBER_SIZE], int64_t value);
size_t json_print_timestamp(char out[JSON_NUMBER_SIZE], int64_t ms);

/* The same, for a tree. */
cJSON *json_long(int64_t value);

/* Reads a number of a request or of a reply, the raw ones above included. False when it is none. */
bool json_number(const cJSON *, double *value);

/* The same as an integer: what is beyond 64 bits becomes the nearest there is, never undefined. */
int64_t json_integer(const cJSON *);

#endif
