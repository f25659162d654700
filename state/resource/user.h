/* Users of collections: a name under which several faces are one person's. */
#ifndef STATE_RESOURCE_USER_H
#define STATE_RESOURCE_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../base/arn.h"
#include "../result.h"

struct page;
struct placing;
struct store;

/* The collection that a user is of. */
struct user_home {
    int64_t collection_id, users; /* how many it has */
    struct scope scope;
    const char *collection; /* its name */
};

/* A row, as it was read; its texts live until the step ends. */
struct user {
    int64_t id, collection_id;
    int64_t entered_ms; /* when it reached its status */
    int64_t faces;      /* how many it has */
    const char *arn;    /* a local one */
    const char *name;   /* UserId of the API */
    const char *key;    /* a UUID, which orders lists */
    const char *status;
};

/* Makes it, CREATED, from its name; fills in the rest. RESULT_USER_EXISTS, RESULT_USER_LIMIT. */
enum result user_create(struct store *, const struct user_home *, struct user *);

/*
 * Makes one as a fixture declares it, in two steps, between which it gets its faces: key NULL is what user_create() would
 * choose. RESULT_USER_EXISTS; RESULT_WRONG_STATE. No limit counts.
 */
enum result user_declare(struct store *, const struct user_home *, struct user *,
    int64_t entered_ms);
enum result user_place(struct store *, const struct user *, const struct placing *);

/* RESULT_USER_MISSING where there is none. */
enum result user_find(struct store *, int64_t collection_id, const char *name, struct user *);
bool user_of_id(struct store *, int64_t id, struct user *);
const void *user_fetch(struct store *, const struct scope *, const char *arn);

/* RESULT_USER_BUSY while it is UPDATING. Its faces stay, and are nobody's. */
enum result user_delete(struct store *, const struct user *);

/* RESULT_USER_FULL when it would have too many faces with so many more. */
enum result user_room(struct store *, const struct user *, int64_t more);

/* Its faces have changed: UPDATING, which ends in ACTIVE, or in CREATED where it has none left. */
enum result user_change(struct store *, struct user *);

/* One page, by key. Sets *count, and page->more when another page follows. */
struct user *user_list(struct store *, int64_t collection_id, struct page *, size_t *count);

#endif
