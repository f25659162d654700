/* Names of buckets and objects: which of them can be, for a server and in a directory. */
#ifndef SERVER_S3_NAME_H
#define SERVER_S3_NAME_H

#include <stdbool.h>

/*
 * S3 User Guide, General purpose bucket naming rules, with the older rules of us-east-1: 3 to 255
 * letters, digits, dots, hyphens and underscores, the first a letter or digit.
 */
bool name_is_bucket(const char *);

/* S3 User Guide, Naming Amazon S3 objects: 1 to 1024 bytes. */
bool name_is_key(const char *);

/* Whether a key is the path of a file below a folder: no part is empty, "." or "..". */
bool name_is_path(const char *key);

#endif
