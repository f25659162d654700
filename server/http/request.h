/* A request as the library tells it: the target, the headers, the body in pieces, its end, the end
   of it all. */
#ifndef SERVER_HTTP_REQUEST_H
#define SERVER_HTTP_REQUEST_H

#include <microhttpd.h>

/* The library's callbacks; their context is the servings. */
void *on_target(void *context, const char *target, struct MHD_Connection *);
enum MHD_Result on_request(void *context, struct MHD_Connection *, const char *url,
    const char *method, const char *version, const char *data, size_t *size, void **slot);
void on_completed(void *context, struct MHD_Connection *, void **slot,
    enum MHD_RequestTerminationCode);

#endif
