/* What AWS has closed to new customers, and what the setting closed.features refuses, as an account sees it that is new. */
#ifndef SERVER_CALL_CLOSED_H
#define SERVER_CALL_CLOSED_H

#include <stdbool.h>

struct call;

/* False, and the call has failed, when its operation is closed. */
bool closed_lets_pass(struct call *);

#endif
