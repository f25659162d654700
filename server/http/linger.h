/*
 * The lingering close. A reply to a request that has not been read to its end is lost more often
 * than not: closing a socket with unread bytes resets it, and the reset overtakes the reply. So a
 * second descriptor keeps the socket open while we throw away what the client still sends, until it
 * has seen our end, or for a bounded time and size.
 */
#ifndef SERVER_HTTP_LINGER_H
#define SERVER_HTTP_LINGER_H

#include <stdint.h>

#include "link.h"

/* Takes the descriptor over: it is in the list, and watched, until it is closed. */
void linger_begin(struct link *lingering, int epoll, int socket, int64_t now_ms);
void linger_expire(struct link *lingering, int64_t now_ms);
int64_t linger_next_ms(const struct link *lingering); /* INT64_MAX: none */

#endif
