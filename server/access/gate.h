/*
 * The gate: what is turned away before anybody asks what it wants. A page of a stranger, open in a
 * browser on this machine, can send requests here; whoever else can reach the port may call.
 *
 * The rule: a Host is ours unless a stranger's page could have its name (DNS rebinding), and what a
 * browser sends must come from a page of our own. The API is also open to pages that this machine
 * serves itself, for web demos; the control API is not.
 */
#ifndef SERVER_ACCESS_GATE_H
#define SERVER_ACCESS_GATE_H

#include <stdbool.h>
#include <stddef.h>

struct exchange;

#define GATE_LISTS_MAX 32

/* Texts of names, with commas between them; each is a glob. Zero is a good start. */
struct gate {
    const char *host; /* where we listen: ours, whatever its name */
    const char *hosts[GATE_LISTS_MAX];
    const char *origins[GATE_LISTS_MAX]; /* "*" is for the API only */
    size_t host_count, origin_count;
    bool apart;        /* the control API is at the second door, and only there */
    const char *token; /* what the control API asks for; NULL: nothing */
};

/* What it lies before. The console is a page that people come to from other pages. */
enum gate_door { GATE_API, GATE_CONTROL, GATE_CONSOLE };

/* If not, `why` says what it is and which option would let it in. */
bool gate_lets_in(const struct gate *, const struct exchange *, enum gate_door, char *why,
    size_t size);

/* Whether what the control API asks for is there: "Bearer " and the token, RFC 6750. */
bool gate_token_fits(const struct gate *, const struct exchange *);

bool gate_takes_host(const char *);   /* whether --allow-host may have this value, */
bool gate_takes_origin(const char *); /* and --allow-origin this one */

#endif
