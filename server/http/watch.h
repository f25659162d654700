/* What a descriptor in the loop's epoll set is about: the event's data points to one of these. */
#ifndef SERVER_HTTP_WATCH_H
#define SERVER_HTTP_WATCH_H

struct watch {
    void (*ready)(struct watch *); /* called when it is; see OWNER in link.h */
};

#endif
