/*
 * Calls for other services of AWS, which come to this port when AWS_ENDPOINT_URL, without the name
 * of a service, says so: they are told what this is, in the form of their own protocol.
 *
 * The rule: what names an operation of Rekognition is none of them, whatever it is signed for. One
 * is served, as far as roles need it: that of tokens, see sts.h.
 */
#ifndef SERVER_FOREIGN_H
#define SERVER_FOREIGN_H

#include <stdbool.h>

struct exchange;
struct server;

/* False: it is a call of ours, or of nobody's; nothing was done. */
bool foreign_serve(struct server *, struct exchange *);

#endif
