/*
 * What collections that are gone have left, however much, is removed a few milliseconds at a time. Nobody sees it; what
 * a crash breaks off goes on at the next start.
 */
#ifndef SERVER_WORK_SWEEP_H
#define SERVER_WORK_SWEEP_H

struct server;
struct sweep;

struct sweep *sweep_open(struct server *); /* from now on, as a job */
void sweep_close(struct sweep *);

#endif
