/*
 * A value of a request as a message repeats it, which is as Java's toString() writes it: "[a, b]",
 * "{k=v}", "Type(member=value, other=null)".
 */
#ifndef SERVER_MODEL_ECHO_H
#define SERVER_MODEL_ECHO_H

#include <cjson/cJSON.h>

#include "model.h"
#include "../json/text.h"

/* The value must have passed conform(); NULL is "null". What is sensitive is not repeated. */
void echo_value(struct text *, const cJSON *, const struct shape *);

#endif
