/*
 * ARNs of this service: who owns a thing, where, and what it is.
 *
 *     arn:aws:rekognition:REGION:ACCOUNT:project/NAME/STAMP
 *
 * What the last part looks like is told by resources.def. STAMP is the moment of creation in
 * milliseconds. What belongs to a project is tied to it by name only.
 *
 * What has no ARN in the service has a local one, whose last part begins with "local/": timers,
 * history, outcomes and moves know it by that, and no answer of the API shows it.
 */
#ifndef STATE_BASE_ARN_H
#define STATE_BASE_ARN_H

#include <stdbool.h>

#define ACCOUNT_SIZE 13 /* twelve digits and the NUL */
#define REGION_SIZE 64

/* An account's corner of the world. Nothing in one ever sees another. */
struct scope {
    char account[ACCOUNT_SIZE], region[REGION_SIZE];
};

/* The last part of an ARN of this service, and whose it is; NULL: it is none. */
const char *arn_read(const char *arn, struct scope *);

/*
 * Whether that looks like the pattern: in "project/+/dataset/train|test/#" + is a name, # a number
 * and | between what may stand there.
 */
bool arn_fits(const char *part, const char *pattern);

bool arn_shows_local(const char *text); /* whether a local ARN stands anywhere in it */

bool account_is_valid(const char *account);    /* twelve digits */
bool region_is_valid(const char *region);      /* lower-case letters, digits and '-' */
const char *arn_partition(const char *region); /* "aws", "aws-cn", "aws-us-gov" */

#endif
