/* Who is calling, when that must be proved. */
#ifndef SERVER_CALL_AUTHENTICATE_H
#define SERVER_CALL_AUTHENTICATE_H

#include <stdbool.h>

struct call;
struct exchange;
struct server;

/*
 * Checks the signature where --auth asks for one, and makes the caller who the key belongs to: his are
 * account and principal, the region is the one that was signed. False, and the call has failed, when not.
 */
bool authenticate(struct call *, const struct server *, const struct exchange *);

#endif
