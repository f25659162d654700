/* Finding the resources that a call is about. */
#ifndef SERVER_CALL_FETCH_H
#define SERVER_CALL_FETCH_H

#include <stdbool.h>

#include "../../state/resource.h"

struct call;

/* Finds what operations.def says, into call->fetched. False, and the call has failed, when not. */
bool fetch(struct call *);

/*
 * The row of a resource: a struct project. NULL, and the call has failed, when it is another
 * account's, or is not there.
 */
const void *fetch_resource(struct call *, enum resource, const char *key);

/* Whether there is one with this ARN, whatever calls know it by, likewise. */
bool fetch_by_arn(struct call *, enum resource, const char *arn);

#endif
