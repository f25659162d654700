/* Objects behind a URL: of a server of S3. */
#ifndef SERVER_S3_BUCKET_SERVER_H
#define SERVER_S3_BUCKET_SERVER_H

#include <stddef.h>

#include "place.h"

/*
 * NULL, with the reason in `why`, when there is no such place. Without a URL there are no objects in
 * it, and calls of services only.
 */
struct s3_place *server_open(const char *url, char *why, size_t size);

#endif
