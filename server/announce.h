/* What is said at the start: the line that scripts wait for, and in the log what was started. */
#ifndef SERVER_ANNOUNCE_H
#define SERVER_ANNOUNCE_H

struct options;
struct server;

void announce_in_log(const struct options *, const struct server *);

/* On standard output; when it is ready to answer, and not before. */
void announce_ready(const struct options *, const struct server *);

#endif
