/*
 * The outbox: deliveries (state/delivery.h) are sent to whom they are for, by what server/s3 has for
 * speaking to other servers.
 *
 * The rule: a row that waits is sent until it was taken, so at least once; after a crash again. A
 * server that is not there, or is busy, is asked again later, each time after a longer while, as
 * settings say; what it refuses is FAILED. Of each kind a few are on their way at once, but of
 * records for Kinesis one alone: they arrive in the order in which they came to be.
 */
#ifndef SERVER_WORK_OUTBOX_H
#define SERVER_WORK_OUTBOX_H

struct outbox;
struct server;

/* From now on, as a job; with what was left when the program ended last. */
struct outbox *outbox_open(struct server *);
void outbox_close(struct outbox *); /* before what speaks to other servers is closed */

#endif
