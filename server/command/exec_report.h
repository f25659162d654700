/* What `exec` says when its command has ended: one line for each thing, on standard error. */
#ifndef SERVER_EXEC_REPORT_H
#define SERVER_EXEC_REPORT_H

#include <stdbool.h>

struct server;

/* What --fail-on may name, in the order of its help; bits. */
enum remark {
    REMARK_ON = 1,       /* a version was left STARTING, RUNNING or STOPPING */
    REMARK_IGNORED = 2,  /* a member was sent that its operation does not have */
    REMARK_UNSERVED = 4, /* an operation was called that the service does not have */
    REMARK_UNUSED = 8,   /* a fault or an outcome was never hit */
};

unsigned exec_report(struct server *); /* the remarks that were made */

/* Reads "on,unused"; false when there is no such remark. */
bool remarks_parse(const char *text, unsigned *remarks);

#endif
