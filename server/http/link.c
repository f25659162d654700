#include "link.h"

void
link_reset(struct link *link)
{
    link->next = link->previous = link;
}

void
link_append(struct link *list, struct link *link)
{
    link->next = list;
    link->previous = list->previous;
    list->previous->next = link;
    list->previous = link;
}

/* The sentinel of the other is appended, too, and taken out again. */
void
link_append_all(struct link *list, struct link *other)
{
    struct link *last = list->previous;

    last->next = other;
    list->previous = other->previous;
    other->previous->next = list;
    other->previous = last;
    link_remove(other);
}

void
link_remove(struct link *link)
{
    link->previous->next = link->next;
    link->next->previous = link->previous;
    link_reset(link);
}

bool
link_is_alone(const struct link *link)
{
    return link->next == link;
}
