/*
 * Holding: a describe call that would show a step in progress waits for the end of it, for as long
 * as `describe.hold` allows, in real time. So a client that would sleep between two polls learns of
 * the end when it comes.
 *
 * The rule: a held call costs memory and no time. It is made again only when something of its
 * project has moved; the projects are told apart by a small hash, so that now and then one is made
 * again for nothing.
 */
#ifndef SERVER_CALL_HOLD_H
#define SERVER_CALL_HOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct call;
struct exchange;
struct holds;
struct http;

/* What a call needs to be held. All zero before. */
struct hold {
    bool begun;
    size_t project;
    int64_t moves; /* that there had been when the call was last made */
};

struct holds *holds_open(void);
void holds_close(struct holds *);
int64_t holds_count(const struct holds *); /* calls that are held now */

/* A resource has moved; every one may have: the held calls that it concerns are made again. */
void holds_moved(struct holds *, struct http *, const char *arn);
void holds_all_moved(struct holds *, struct http *);

/*
 * Whether the call, which was just made, is not to be answered yet: then its exchange comes back
 * from http.h, and is asked about with hold_goes_on(), before the call is made again.
 */
bool hold_call(struct holds *, struct hold *, struct exchange *, const struct call *);
bool hold_goes_on(const struct holds *, const struct hold *, struct exchange *,
    const struct call *);

#endif
