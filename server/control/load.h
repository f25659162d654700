/* Fixtures that are being loaded a piece at a time, and who has to wait for them. */
#ifndef SERVER_CONTROL_LOAD_H
#define SERVER_CONTROL_LOAD_H

#include <stdbool.h>

struct exchange;
struct server;

/* Whether the request could see, or be in the way of, an account of which not everything is there. */
bool load_concerns(const struct server *, const struct exchange *);

#endif
