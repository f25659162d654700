/*
 * Doors: where connections come in. The first is the library's once it is open; the second is ours, and
 * what comes in there is handed to the library with a mark.
 */
#ifndef SERVER_HTTP_DOOR_H
#define SERVER_HTTP_DOOR_H

#include <microhttpd.h>
#include <stdbool.h>

#include "watch.h"

struct back_door {
    int listener;     /* -1: there is none */
    const char *path; /* of its socket in the file system, or NULL */
    struct MHD_Daemon *daemon;
    bool handing_over; /* a connection, right now: so the library's notice of it is marked */
    struct watch watch;
};

/* Why not, or NULL. A number of 0 becomes the one that was found. */
const char *door_listen(const char *host, unsigned *number, int *listener);
const char *door_listen_at_path(const char *path, int *listener);

void back_door_ready(struct watch *);
void back_door_close(struct back_door *);

#endif
