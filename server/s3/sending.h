/*
 * Writing the results of a version to its output bucket, one object after the other.
 */
#ifndef SERVER_S3_SENDING_H
#define SERVER_S3_SENDING_H

#include <stdbool.h>

#include "s3.h"

/* An object on its way. Zeroed, it is idle. */
struct sending {
    struct s3_request *request;
    bool over;
    enum s3_result result;
    char why[320];
};

/* Begins; in a step. Taken over: what the body has. */
void sending_begin(struct sending *, struct outbound *, const struct s3_object *,
    const struct s3_body *);
void sending_end(struct sending *); /* gives up what is on its way */

#endif
