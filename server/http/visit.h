/*
 * Visits: connections whose next request has not come yet, or not all of its head. The library ends
 * those on which nothing comes; we end those on which something does, but never enough.
 */
#ifndef SERVER_HTTP_VISIT_H
#define SERVER_HTTP_VISIT_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "link.h"

struct servings;

/* The library's callback; its context is the servings. */
void on_connection(void *context, struct MHD_Connection *, void **slot,
    enum MHD_ConnectionNotificationCode);

bool visit_is_at_back(struct MHD_Connection *); /* it came in at the second door */

/* The head of a request has come; the request is over. */
void visit_pause(struct MHD_Connection *);
void visit_resume(struct servings *, struct MHD_Connection *);

void visits_expire(struct servings *);
int64_t visits_next_ms(const struct servings *); /* INT64_MAX: none */

#endif
