/*
 * The tally: what calls asked for in vain, counted from the start to the end. For `exec`, which
 * reports it when its command has ended; the journal is bounded, and forgets when it is told to.
 */
#ifndef SERVER_RECORD_TALLY_H
#define SERVER_RECORD_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call;
struct tally;

enum vain {
    VAIN_MEMBER,    /* "CreateProject has no member ProjectNme" */
    VAIN_OPERATION, /* "DetectLabels" */
};

struct tally *tally_open(void);
void tally_close(struct tally *);

void tally_call(struct tally *, const struct call *); /* NULL: nobody wants to know */

/* The nth thing of that kind, in the order in which they came, or NULL; and the calls of it. */
const char *tally_nth(const struct tally *, enum vain, size_t nth, int64_t *calls);

#endif
