/*
 * Lists as rings: what is in a list carries its link, and the list's own link is the sentinel. A
 * link in no list points to itself.
 */
#ifndef SERVER_HTTP_LINK_H
#define SERVER_HTTP_LINK_H

#include <stdbool.h>
#include <stddef.h>

struct link {
    struct link *next, *previous;
};

void link_reset(struct link *);
void link_append(struct link *list, struct link *);
void link_append_all(struct link *list, struct link *other); /* the other is empty then */
void link_remove(struct link *);                             /* from its list, if it is in one */
bool link_is_alone(const struct link *);                     /* of a list: it is empty */

/* What a member lies in, by the member's address. */
#define OWNER(type, member, address) ((type *)(void *)((char *)(address)-offsetof(type, member)))

#endif
