/* Pages of a list operation: NextToken and MaxResults in, NextToken out. */
#ifndef SERVER_CALL_PAGING_H
#define SERVER_CALL_PAGING_H

#include <stdbool.h>

#include "../../state/page.h"

struct call;

struct paging {
    struct page page;
};

/* Reads the page that the call asks for. False, and the call has failed, for a bad token. */
bool paging_open(struct call *, struct paging *);

/* Adds NextToken, when more follows behind the row (age, id). */
void paging_close(struct call *, const struct paging *, int64_t age, int64_t id);

/* The same, in a list whose order is a text. */
void paging_close_text(struct call *, const struct paging *, const char *after);

#endif
