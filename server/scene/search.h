/*
 * Who of a collection is like a face, for every operation that searches one.
 *
 * The rule: similarity is a function of who two are (similarity.h), so whoever can be alike enough is found by an index:
 * the same face of the same image, the same person, those who were declared to look alike. Only where the threshold is
 * so low that strangers reach it are others compared, too. One search compares search.maxCompared faces, at most.
 */
#ifndef SERVER_SCENE_SEARCH_H
#define SERVER_SCENE_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "../../state/resource/indexed_face.h"
#include "../../state/resource/user.h"
#include "../json/write.h"
#include "similarity.h"

struct collection;

/* What is searched for. */
struct sought {
    struct identity identity;
    const char *
        face_id; /* of that face itself, which does not find itself; NULL: it is in no collection */
    double least; /* per cent */
    int64_t most; /* so many are found */
};

struct found_face {
    struct indexed_face face;
    double similarity;
};

/* The most alike first, those that are equally so by FaceId; they live until the step ends. Sets *count. */
const struct found_face *search_collection(struct store *, const struct collection *,
    const struct sought *, size_t *count);

struct found_user {
    struct user user;
    double similarity; /* that of the most alike of its faces */
};

/* Its users but one (0: none), by the most alike of their faces; several faces may be searched for at once. */
const struct found_user *search_users_of(struct store *, const struct collection *,
    const struct sought *, size_t sought_count, int64_t but_user_id, int64_t most, size_t *count);

/* How much alike a face and a user are: the most alike of its faces counts. */
double search_likeness_to_user(struct store *, const struct collection *, const struct identity *,
    const struct user *);

/* A Face, as a collection gives it back. */
void search_write_face(struct part, const struct collection *, const struct indexed_face *);

/* A list of matches: of each its Similarity and its Face. */
void search_write_matches(struct part, const struct collection *, const struct found_face *,
    size_t count);

#endif
