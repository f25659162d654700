/*
 * How a delivery is put to the server that it is for: Publish of SNS, PutRecord of Kinesis, an object of S3.
 */
#ifndef SERVER_WORK_WORD_H
#define SERVER_WORK_WORD_H

#include <stdbool.h>

#include "../../state/delivery.h"
#include "../s3/object.h"

struct server;

bool word_has_server(const struct server *, enum delivery_kind); /* whether it can be sent at all */

/* Sends it; the patience is with one try. As s3_put(). */
struct s3_request *word_send(const struct server *, const struct delivery *,
    const struct s3_patience *, s3_done *, void *context);

#endif
