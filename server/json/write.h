/*
 * JSON that is written: text, member by member, in the order in which it is said, into one buffer.
 * What is to be read or changed again is a tree: see tree.h.
 *
 * A part is an object or a list of it that is still open:
 *
 *     struct part list = set_list(written_object(&written), "Projects");
 *     set_text(add_object(list), "Name", "birds");
 *
 * The rule: to write into a part closes what is open inside of it, so that nothing is ever ended by
 * hand; and what is closed stays closed: debug builds abort when it is written into.
 */
#ifndef SERVER_JSON_WRITE_H
#define SERVER_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

#define WRITTEN_DEPTH_MAX 16 /* the deepest shape of an answer has about eight */

/* {0} is an empty one; text.bytes is its owner's to free. */
struct written {
    struct text text;
    unsigned depth;                       /* parts that are open */
    unsigned parts;                       /* begun so far */
    unsigned open[WRITTEN_DEPTH_MAX + 1]; /* which of them is, at each depth */
    char ends[WRITTEN_DEPTH_MAX + 1];     /* and what will end it */
};

struct part {
    struct written *written;
    unsigned depth, number;
};

/* Begins anew, with an object that is the whole. */
struct part written_object(struct written *);

/* Closes everything. The text stays the written one's. */
const char *written_end(struct written *);

/* Members of an object. A value that is absent (NULL) leaves the member out. */
void set_text(struct part, const char *member, const char *value);
void set_int(struct part, const char *member, int64_t value);
void set_flag(struct part, const char *member, bool value);
void set_time(struct part, const char *member,
    int64_t ms); /* since 1970; in seconds, as the wire has it */
void set_float(struct part, const char *member,
    double value); /* as the service prints its floats */
void set_json(struct part, const char *member, const char *json); /* as it is */
struct part set_object(struct part, const char *member);
struct part set_list(struct part, const char *member);

/* Elements of a list. */
void add_text(struct part, const char *value);
void add_int(struct part, int64_t value);
struct part add_object(struct part);

/* Members, "a":1,"b":2, and what has no comma before and behind it, go into an object as they are. */
void set_members(struct part, const char *members, size_t length);

#endif
