/* Objects in a directory: PATH/bucket/key. */
#ifndef SERVER_S3_DIRECTORY_H
#define SERVER_S3_DIRECTORY_H

#include <stddef.h>

#include "place.h"

/* NULL, with the reason in `why`, when there is no such place. */
struct s3_place *directory_open(const char *path, char *why, size_t size);

#endif
