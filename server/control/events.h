/*
 * Events: what happens, told as it does: to metrics and held calls always, to listeners of
 * /_local/events while there are any.
 *
 * The rule: nobody is waited for. A listener is told what it missed at the speed it reads; once it
 * has heard everything it is told what happens as it does, and is dropped when it cannot follow.
 */
#ifndef SERVER_CONTROL_EVENTS_H
#define SERVER_CONTROL_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

struct events;
struct server;
struct store;

struct events *events_open(struct store *);
void events_close(struct events *); /* after http_close(), which ends the listeners */

/* Once a turn of the loop, outside a step; true when there is more to tell at once. */
bool events_run(struct server *);

/*
 * More has happened than could be told in a turn: what makes much happen waits, so that nothing is
 * forgotten before it is told.
 */
bool events_are_behind(const struct events *);

int64_t events_wait(const struct events *); /* real ms until it has something to say by itself */

#endif
