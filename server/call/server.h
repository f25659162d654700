/* What the parts of the server share: one store, one HTTP port, and how it was started. */
#ifndef SERVER_CALL_SERVER_H
#define SERVER_CALL_SERVER_H

#include <stdbool.h>

struct alone;
struct credentials;
struct events;
struct gate;
struct holds;
struct http;
struct job;
struct journal;
struct journey;
struct load;
struct metrics;
struct once;
struct outbound;
struct outbox;
struct snapshots;
struct store;
struct sweep;
struct tally;
struct works;

enum auth { AUTH_OFF, AUTH_SIGNATURE, AUTH_POLICY };

struct server {
    struct store *store;
    struct http *http;
    struct alone *alone; /* see job.h */
    struct job *jobs;    /* see job.h */
    bool job_waits;
    struct load *load;                          /* see control/load.h; or NULL */
    struct journey *unsettled, *unsettled_last; /* see rpc.h */
    struct journal *journal;
    struct holds *holds;
    struct once *once;
    struct events *events;
    struct metrics *metrics;
    struct tally *tally;       /* NULL: nobody will ask for it */
    struct outbound *outbound; /* NULL: S3 is off */
    struct outbound *word;     /* to SNS and Kinesis; NULL: there is neither */
    const char *sns, *kinesis; /* their URLs; NULL: there is none */
    struct outbox *outbox;     /* see work/outbox.h */
    struct works *works;
    struct sweep *sweep;
    struct snapshots *snapshots;     /* where they are kept: control/snapshots.h */
    enum auth auth;                  /* what callers must prove */
    bool secure;                     /* it speaks TLS */
    bool soft;                       /* what their policies do not allow is told, and done */
    struct credentials *credentials; /* who may call: access/credentials.h */
    const struct gate *gate;         /* who may come in at all: access/gate.h */
    bool frozen;                     /* how the clock of a world that begins anew is */
    const char *account;             /* of callers whose access key names none */
    const char *region;              /* of callers who are not signed */
};

#endif
