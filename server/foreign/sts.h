/*
 * The security token service, as far as roles can be tested with it: who am I, and keys for a while.
 * The query protocol, on the port of the API.
 *
 * The rule: keys that are given out are told once, in their answer; they are in no log and no journal.
 */
#ifndef SERVER_STS_H
#define SERVER_STS_H

#include <stdbool.h>

struct exchange;
struct server;

/*
 * False: the action, as it stands in a form up to a '&', is none of those served, or the caller is none of
 * the credentials; nothing was done.
 */
bool sts_serve(struct server *, struct exchange *, const char *action);

#endif
