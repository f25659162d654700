/*
 * Where an object of S3 is asked for: the URL of its server, and its name, become an address.
 *
 * http://server takes http://server/bucket/key; http://{bucket}.server takes
 * http://bucket.server/key. {region} is the caller's.
 */
#ifndef SERVER_S3_ADDRESS_H
#define SERVER_S3_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct address { /* strings from malloc() */
    char *url;
    char *host; /* with its port, unless it is the usual one: what the header says */
    char *path; /* encoded; with "?versionId=…" when a version is wanted */
};

/* False, with what would be right in `why`, when no address can be made with the server's URL. */
bool address_fits(const char *server_url, char *why, size_t size);

bool address_make(const char *server_url, const char *region, const char *bucket, const char *key,
    const char *version, struct address *);

#endif
