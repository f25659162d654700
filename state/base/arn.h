/*
 * ARNs of this service: who owns a thing, where, and what kind of thing it is.
 *
 *     arn:aws:rekognition:REGION:ACCOUNT:project/NAME/STAMP
 *     arn:aws:rekognition:REGION:ACCOUNT:project/NAME/version/NAME/STAMP
 *     arn:aws:rekognition:REGION:ACCOUNT:project/NAME/dataset/train|test/STAMP
 *
 * STAMP is the moment of creation in milliseconds. A version or dataset is tied
 * to its project by name only.
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

enum arn_kind {
    ARN_OTHER, /* not one of ours, or not an ARN */
    ARN_PROJECT,
    ARN_PROJECT_VERSION,
    ARN_DATASET,
};

/* The kind; for ours, also whose it is. */
enum arn_kind arn_parse(const char *arn, struct scope *);

bool account_is_valid(const char *account);    /* twelve digits */
bool region_is_valid(const char *region);      /* lower-case letters, digits and '-' */
const char *arn_partition(const char *region); /* "aws", "aws-cn", "aws-us-gov" */

#endif
