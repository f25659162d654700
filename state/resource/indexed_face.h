/*
 * Indexed faces: the faces that a collection has.
 *
 * The rule: a face is kept as who it is and where it was seen, and so it is found by an index, however many there are.
 * How much alike two are is not known here: see server/scene/search.h.
 */
#ifndef STATE_RESOURCE_INDEXED_FACE_H
#define STATE_RESOURCE_INDEXED_FACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../result.h"

struct page;
struct store;

/* A row; its texts live until the step ends. */
struct indexed_face {
    int64_t collection_id;
    const char *face_id, *image_id;
    const char *external_image_id; /* NULL: none */
    double left, top, width,
        height;        /* ratios of the image's sides, as they are kept: of six decimals */
    double confidence; /* in per cent, likewise of four */

    const char *identity, *image; /* as the key and the image of struct identity in server/scene/ */
    int place;

    int64_t searchable_ms;

    int64_t user_id;       /* of the user whose face it is; 0: nobody's */
    const char *user_name; /* likewise; NULL */
};

/*
 * Adds it. face_id and image_id NULL are made: an id of its own, and one that follows from the image. What is given of
 * more decimals is rounded. False when the collection has the face_id already.
 */
bool indexed_face_add(struct store *, struct indexed_face *);

/* RESULT_COLLECTION_FULL when a collection of so many would have too many with so many more. */
enum result indexed_face_room(struct store *, int64_t already, int64_t more);

bool indexed_face_find(struct store *, int64_t collection_id, const char *face_id,
    struct indexed_face *);

/*
 * Whether that face of the image was indexed with the same ExternalImageId (NULL: with none) before; its ids are then
 * those that it got.
 */
bool indexed_face_again(struct store *, struct indexed_face *);

/* RESULT_FACE_MISSING where there is none, or searches do not know of it yet. */
enum result indexed_face_search(struct store *, int64_t collection_id, const char *face_id,
    struct indexed_face *);

/* One page, by FaceId, of those in the list, which is a JSON text (NULL: any). Sets *count, and page->more. */
struct indexed_face *indexed_face_list(struct store *, int64_t collection_id, const char *face_ids,
    struct page *, size_t *count);

/* The same, of those of a user. */
struct indexed_face *indexed_face_list_of_user(struct store *, int64_t collection_id,
    int64_t user_id, const char *face_ids, struct page *, size_t *count);

/* From now on it is the user's; 0: nobody's. */
void indexed_face_set_user(struct store *, const struct indexed_face *, int64_t user_id);

void indexed_face_remove(struct store *, int64_t collection_id, const char *face_id);

/* ---- who could be found -------------------------------------------------- */

/* What a search compares; its texts live until the step ends. */
struct candidate {
    const char *face_id, *identity, *image;
    int place;
    int64_t user_id; /* 0: nobody's */
};

/* Which of the faces that searches know of: of that face of an image, of that person, or all. */
enum among { AMONG_PLACE, AMONG_PERSON, AMONG_ALL };

struct among_whom {
    int64_t collection_id;
    enum among among;
    const char *key; /* the image, or the person */
    int place;
    bool users; /* only faces of users */
};

/* At most so many of them, by FaceId. Sets *count. */
struct candidate *indexed_face_candidates(struct store *, const struct among_whom *, int64_t most,
    size_t *count);

#endif
