/*
 * People: who is in images. A name that images use needs none of these: it is somebody. One of them adds that the
 * person is a celebrity, or looks like another.
 *
 * The rule: of those of one name the newest counts.
 */
#ifndef STATE_RESOURCE_PERSON_H
#define STATE_RESOURCE_PERSON_H

#include <stdbool.h>
#include <stdint.h>

struct store;

/* A row; its texts live until the step ends. */
struct person {
    int64_t id;
    const char *name;
    const char *celebrity, *celebrity_id; /* JSON, a Celebrity of the API, and its Id; NULL: none */
    const char *resembles;                /* JSON: a list of {"person","similarity"} */
};

int64_t person_add(struct store *, const struct person *); /* its id */

/* The next after `*after`, oldest first, which it moves on. */
bool person_next(struct store *, int64_t *after, struct person *);

bool person_remove(struct store *, int64_t id); /* false when there is none */

/* All; none is for an account or a region alone. How many there were. */
int person_remove_all(struct store *, const char *account, const char *region);

/* The next after `*after` who was declared to look like somebody of that name; it is moved on. */
bool person_next_like(struct store *, const char *name, int64_t *after, struct person *);

bool person_find(struct store *, const char *name, struct person *);
bool person_of_celebrity(struct store *, const char *celebrity_id, struct person *);

#endif
