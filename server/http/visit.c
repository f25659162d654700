#include "visit.h"

#include <stdlib.h>
#include <sys/socket.h>

#include "serving.h"

struct visit {
    struct link link; /* in the order of `until_ms`: all have the same time */
    int socket;
    int64_t until_ms;
    bool at_back;
};

static struct visit *
visit_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void
wait_for_head(struct servings *servings, struct visit *visit)
{
    visit->until_ms = servings->now_ms + servings->options.idle_ms;
    link_remove(&visit->link);
    link_append(&servings->visits, &visit->link);
}

/* Without memory for one it is a connection that the library alone looks after. */
void
on_connection(void *context, struct MHD_Connection *connection, void **slot,
    enum MHD_ConnectionNotificationCode code)
{
    struct servings *servings = context;
    struct visit *visit = *slot;

    if (code == MHD_CONNECTION_NOTIFY_STARTED && (visit = calloc(1, sizeof *visit)) != NULL) {
        link_reset(&visit->link);
        visit->socket =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        visit->at_back = servings->back.handing_over;
        wait_for_head(servings, visit);
        *slot = visit;
    } else if (code == MHD_CONNECTION_NOTIFY_CLOSED && visit != NULL) {
        link_remove(&visit->link);
        free(visit);
        *slot = NULL;
    }
}

bool
visit_is_at_back(struct MHD_Connection *connection)
{
    const struct visit *visit = visit_of(connection);

    return visit != NULL && visit->at_back;
}

void
visit_pause(struct MHD_Connection *connection)
{
    struct visit *visit = visit_of(connection);

    if (visit != NULL)
        link_remove(&visit->link);
}

void
visit_resume(struct servings *servings, struct MHD_Connection *connection)
{
    struct visit *visit = visit_of(connection);

    if (visit != NULL)
        wait_for_head(servings, visit);
}

static struct visit *
first_of(const struct servings *servings)
{
    return link_is_alone(&servings->visits) ? NULL
                                            : OWNER(struct visit, link, servings->visits.next);
}

/* The library reads an end, and closes. */
void
visits_expire(struct servings *servings)
{
    struct visit *first;

    while ((first = first_of(servings)) != NULL && first->until_ms <= servings->now_ms) {
        link_remove(&first->link);
        shutdown(first->socket, SHUT_RDWR);
    }
}

int64_t
visits_next_ms(const struct servings *servings)
{
    const struct visit *first = first_of(servings);

    return first == NULL ? INT64_MAX : first->until_ms;
}
