/*
 * Cross-origin requests: programs in a browser may call. As Kinesis and DynamoDB were seen to
 * answer them.
 */
#ifndef SERVER_HTTP_CORS_H
#define SERVER_HTTP_CORS_H

struct exchange;
struct reply;

/* Adds what lets the page that asked read the reply; nothing when no page asked. */
void cors_allow(const struct exchange *, struct reply *);

/* Ends an OPTIONS request with leave to send the real one. */
void cors_preflight(struct exchange *);

#endif
