/*
 * Cross-origin requests, once the page that sends them was let in: as Kinesis and DynamoDB were seen
 * to answer them.
 */
#ifndef SERVER_HTTP_CORS_H
#define SERVER_HTTP_CORS_H

struct exchange;

/* Lets the page that asked read whatever ends the exchange; nothing when no page asked. */
void cors_allow(struct exchange *);

/* Ends an OPTIONS request with leave to send the real one. */
void cors_preflight(struct exchange *);

#endif
