/* What the parts of fixture.h share: the table of members, and where in a fixture something is. */
#ifndef SERVER_FIXTURE_INSIDE_H
#define SERVER_FIXTURE_INSIDE_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "fixture.h"

struct shape;

enum member_kind {
    MEMBER_SHAPE,
    MEMBER_OBJECT,
    MEMBER_LIST,
    MEMBER_MOMENT, /* RFC 3339 */
    MEMBER_COUNT,  /* a whole number, 0 or more */
    MEMBER_RATIO,  /* from 0 to 1 */
    MEMBER_FLAG,
    MEMBER_WORD, /* text */
    MEMBER_ANY,
};

struct fixture_member {
    const char *object, *name;
    enum member_kind kind;
    const struct shape *shape; /* of MEMBER_SHAPE */
    const char *of;            /* the object, of MEMBER_OBJECT and MEMBER_LIST */
    bool needed;
    const char *help;
};

extern const struct fixture_member fixture_members[];
extern const size_t fixture_member_count;

/* Members that are called as their owner likes: what the names of `object` must be. */
struct fixture_names {
    const char *object;
    bool (*fit)(const char *name);
    const char *pattern, *words;
};

const struct fixture_names *fixture_names_of(const char *object);

/* A place in a fixture, on the stack of whoever walks down to it. */
struct place {
    const struct place *above; /* NULL at the top */
    const char *member;        /* NULL: an item of a list */
    size_t index;
};

/* Always false. */
bool fixture_refuse(struct fixture_fault *, const struct place *, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Whether it is such an object: every value has its type and every needed one is there; after that
 * they can be read. The items of its lists are left for later.
 */
bool fixture_check(struct fixture_fault *, const struct place *, cJSON *item, const char *object);

#endif
