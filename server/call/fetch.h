/* Finding the resources that a call is about. */
#ifndef SERVER_CALL_FETCH_H
#define SERVER_CALL_FETCH_H

#include <stdbool.h>

#include "../../state/resource/dataset.h"
#include "../../state/resource/project.h"
#include "../../state/resource/project_version.h"

struct call;

/* Finds what operations.def says, into call->fetched. False, and the call has failed, when not. */
bool fetch(struct call *);

/*
 * Finds the resource that the ARN in `arn` names. False, and the call has failed, when it
 * is another account's, or is not there.
 */
bool fetch_project(struct call *, const char *arn, struct project *);
bool fetch_version(struct call *, const char *arn, struct project_version *);
bool fetch_dataset(struct call *, const char *arn, struct dataset *);

#endif
