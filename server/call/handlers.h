/*
 * What every file in api/ sees: the call it answers, and every handler's prototype.
 *
 * A handler reads the input, asks state/, and fills the output: true. Or it ends
 * the call: false. It runs inside a step; what it did is dropped when it is false.
 */
#ifndef SERVER_CALL_HANDLERS_H
#define SERVER_CALL_HANDLERS_H

#include "call.h"

#define OPERATION(name, function, ...) bool function(struct call *);
#include "operations.def"
#undef OPERATION

#endif
