/*
 * libcurl, loaded when it is first needed: it comes with twenty other libraries, which would cost
 * every start 4 ms and every idle server 3 MB. With LIBCURL_LINKED it is in the program: see docker/portable/.
 */
#ifndef SERVER_S3_LIBCURL_H
#define SERVER_S3_LIBCURL_H

#include <stdbool.h>
#include <stddef.h>

#define CURL_DISABLE_TYPECHECK /* its macros would call the functions by name */
#include <curl/curl.h>

extern struct libcurl {
#define CURL(name) __typeof__(curl_##name) *name; /* NOLINT(bugprone-macro-parentheses) */
#include "libcurl.def"
#undef CURL
} libcurl;

/* False, with the reason in `why`, when it cannot be loaded. */
bool libcurl_load(char *why, size_t size);

/* A file of whom to trust, where the library does not know this system's; else NULL. */
const char *libcurl_authorities(void);

#endif
