/*
 * Forms: what JSON of our own looks like, as a table of the members of its objects.
 *
 * The table is the only place that says it: values are checked by it, and its JSON Schema and its
 * page are made from it.
 */
#ifndef SERVER_MODEL_FORM_H
#define SERVER_MODEL_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

struct shape;

enum value_kind {
    VALUE_SHAPE, /* what the service's `shape` is; its names may be in lowerCamelCase, as ours are */
    VALUE_TEXT,
    VALUE_NUMBER,   /* `of`: a range, "0..1"; ">0..1" is without the 0; "" any */
    VALUE_COUNT,    /* a whole number; `of`: likewise */
    VALUE_FLAG,     /* true or false */
    VALUE_DURATION, /* 1h30m */
    VALUE_MOMENT,   /* RFC 3339; `of`: "1970" when it must be after that */
    VALUE_ACCOUNT,  /* twelve digits */
    VALUE_ID,       /* digits, as text */
    VALUE_CHOICE,   /* `of`: the words, between spaces; or @ and the name of a list: see words */
    VALUE_OBJECT,   /* `of`: the object, which is in the table too */
    VALUE_LIST,     /* `of`: the object that its items are */
    VALUE_TEXTS,    /* a list of them */
    VALUE_ANY,
};

enum need {
    OPTIONAL, /* may be left out */
    NEEDED,
    NULLABLE, /* is always there, but may be null */
};

struct form_member {
    const char *object, *name; /* a name of *: any, as its owner likes */
    enum value_kind kind;
    const char *of; /* "" where the kind says nothing of it */
    enum need need;
    const char *help;
    /* JSON; "": none, and examples leave it out; "...": what its own members have. Of a member *:
     * the whole object's. */
    const char *example;
    const struct shape *shape;
};

/* Members that are called as their owner likes: what the names in `object` must be. */
struct form_names {
    const char *object;
    bool (*fit)(const char *name);
    const char *pattern, *words;
};

struct form {
    const struct form_member *members;
    size_t count;
    const char *const *(*words)(const char *list); /* of a choice; NULL-ended */
    const struct form_names *names;
    size_t name_count;
    const char *left_out; /* stands before the help of what may be left out */
    void (*rest)(
        void *); /* NULL, or called with `resting` after each item of a list that is checked */
    void *resting;
};

enum form_fault_kind {
    FORM_UNKNOWN_MEMBER,
    FORM_WRONG_TYPE,
    FORM_WRONG_VALUE,
    FORM_MISSING,
};

struct form_fault {
    enum form_fault_kind kind;
    char place[512]; /* "labels[2].name"; "" is the whole */
    char text[1024]; /* "must be …", without its full stop */
};

/*
 * Whether the item is such an object: every member is known and good, every needed one there. Of
 * shapes of the service, names and numbers become what the service reads.
 */
bool form_check(const struct form *, const char *object, cJSON *item, struct form_fault *);

const struct form_names *form_names_of(const struct form *, const char *object);

/* Whether the table has the object at all; "" is the object without members, and always there. */
bool form_has(const struct form *, const char *object);

/* As JSON Schema; objects in it are referred to as `references` and their name. */
cJSON *form_schema(const struct form *, const char *object, const char *references);
void form_add_schemas(const struct form *, cJSON *schemas,
    const char *references); /* of them all */
cJSON *form_member_schema(const struct form *, const struct form_member *, const char *references);

/* An object as the examples of its members have it. */
cJSON *form_example(const struct form *, const char *object);

/* Of a number; infinite where its range says nothing. `above`: without the least itself. */
struct form_range {
    double least, most;
    bool above;
};
struct form_range form_range_of(const struct form_member *);

/* The words of a choice, one by one: begin with the member's `of`; NULL after the last. */
struct form_words {
    const char *text, *const *list;
    char word[64];
};
void form_words_begin(const struct form *, const struct form_member *, struct form_words *);
const char *form_words_next(struct form_words *);

#endif
