/*
 * Identifiers nobody has had before: request ids, revisions, names of jobs.
 *
 * The rule: with a seed they are the same on every run, so that a story can be told twice word for
 * word. Request ids, revisions and what chance decides share one sequence, which goes on after a
 * restart: world.c keeps with the world how far it is. They name things; they keep no secrets.
 */
#ifndef STATE_BASE_IDS_H
#define STATE_BASE_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UUID_SIZE 37 /* 36 characters and the final NUL */

struct ids {
    bool seeded;
    uint64_t seed;
    uint64_t drawn;    /* 64-bit words given out; with the seed, all there is to remember */
    uint64_t kept;     /* what the world knows of that: up to here they may have been given out */
    uint64_t pool[64]; /* unseeded: one system call serves 32 uuids */
    size_t pool_left;
};

void ids_open(struct ids *, const uint64_t *seed); /* NULL: different on every run */
void ids_uuid(struct ids *, char out[UUID_SIZE]);  /* version 4, lower case */

/* Always the same of the same name: version 3, of the namespace of URLs (RFC 4122, 4.3). */
void ids_uuid_of_name(const char *name, char out[UUID_SIZE]);

void ids_hex(struct ids *, char *out, size_t digits); /* lower case; out holds one more, the NUL */

/*
 * A number from 0 on, below 1. With a seed the n-th of a stream is always the same, whatever else
 * was drawn.
 */
double ids_chance(struct ids *, uint64_t stream, uint64_t n);

#endif
