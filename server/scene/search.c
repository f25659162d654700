#include "search.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/page.h"
#include "../../state/resource/collection.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "face.h"
#include "likeness.h"

/* ---- comparing ----------------------------------------------------------- */

struct match {
    const char *face_id;
    int64_t user_id;
    double similarity;
};

struct search {
    struct store *store;
    const struct collection *collection;
    const struct sought *sought;
    struct likenesses likenesses;
    bool users;   /* only faces of users are compared */
    int64_t left; /* faces that may still be compared */
    struct match *matches;
    size_t count;
};

static bool
is_the_same_face(const struct search *search, const struct candidate *candidate)
{
    return strcmp(candidate->image, search->sought->identity.image) == 0 &&
           candidate->place == search->sought->identity.place;
}

static bool
is_the_same_person(const struct search *search, const struct candidate *candidate)
{
    return strcmp(candidate->identity, search->sought->identity.key) == 0;
}

/* Whether it was compared before, as one that is nearer. */
static bool
is_nearer(const struct search *search, const struct candidate *candidate, enum among among)
{
    switch (among) {
    case AMONG_PLACE:
        return false;
    case AMONG_PERSON:
        return is_the_same_face(search, candidate);
    default:
        return is_the_same_face(search, candidate) || is_the_same_person(search, candidate) ||
               likeness_to(&search->likenesses, candidate->identity) >= search->sought->least;
    }
}

static void
compare(struct search *search, const struct candidate *candidate)
{
    const struct identity other = { .key = candidate->identity,
        .image = candidate->image,
        .place = candidate->place };
    double value =
        similarity(&search->sought->identity, &other, likeness_to(&search->likenesses, other.key));

    if (!similarity_reaches(value, search->sought->least))
        return;
    search->matches =
        store_more(search->store, search->matches, search->count, sizeof *search->matches);
    search->matches[search->count++] = (struct match){ .face_id = candidate->face_id,
        .user_id = candidate->user_id,
        .similarity = value };
}

static void
compare_those(struct search *search, enum among among, const char *key)
{
    const struct among_whom whom = { .collection_id = search->collection->id,
        .among = among,
        .key = key,
        .users = search->users,
        .place = search->sought->identity.place };
    const char *own = search->sought->face_id;
    size_t count;
    const struct candidate *candidates =
        indexed_face_candidates(search->store, &whom, search->left, &count);

    search->left -= (int64_t)count;
    for (size_t i = 0; i < count; i++)
        if (!is_nearer(search, &candidates[i], among) &&
            (own == NULL || strcmp(candidates[i].face_id, own) != 0))
            compare(search, &candidates[i]);
}

/* One who is the same in two lists, or in one twice, is compared once. */
static bool
is_first(const struct search *search, size_t nth)
{
    const struct likeness *all = search->likenesses.all;

    for (size_t i = 0; i < nth; i++)
        if (strcmp(all[i].key, all[nth].key) == 0)
            return false;
    return strcmp(all[nth].key, search->sought->identity.key) != 0;
}

/* ---- the order of what was found ----------------------------------------- */

static int
compare_matches(const void *one, const void *two)
{
    const struct match *a = one, *b = two;

    if (a->similarity != b->similarity)
        return a->similarity > b->similarity ? -1 : 1;
    return strcmp(a->face_id, b->face_id);
}

static struct found_face *
read_matches(struct search *search, size_t *count)
{
    struct found_face *found;

    if (search->count > 0)
        qsort(search->matches, search->count, sizeof *search->matches, compare_matches);
    *count =
        search->count < (size_t)search->sought->most ? search->count : (size_t)search->sought->most;
    found = store_alloc(search->store, (*count + 1) * sizeof *found);
    for (size_t i = 0; i < *count; i++) {
        found[i].similarity = search->matches[i].similarity;
        indexed_face_find(search->store, search->collection->id, search->matches[i].face_id,
            &found[i].face);
    }
    return found;
}

static void
compare_all(struct search *search)
{
    const struct sought *sought = search->sought;

    search->likenesses = likenesses_of(search->store, sought->identity.key);
    compare_those(search, AMONG_PLACE, sought->identity.image);
    compare_those(search, AMONG_PERSON, sought->identity.key);
    for (size_t i = 0; i < search->likenesses.count; i++)
        if (is_first(search, i) &&
            similarity_reaches(likeness_to(&search->likenesses, search->likenesses.all[i].key),
                sought->least))
            compare_those(search, AMONG_PERSON, search->likenesses.all[i].key);
    if (similarity_of_strangers_reaches(sought->least))
        compare_those(search, AMONG_ALL, NULL);
}

static struct search
search_of(struct store *store, const struct collection *collection)
{
    return (struct search){ .store = store,
        .collection = collection,
        .left = setting_int(store, SETTING_SEARCH_MAX_COMPARED) };
}

const struct found_face *
search_collection(struct store *store, const struct collection *collection,
    const struct sought *sought, size_t *count)
{
    struct search search = search_of(store, collection);

    search.sought = sought;
    compare_all(&search);
    return read_matches(&search, count);
}

/* ---- users --------------------------------------------------------------- */

static int
compare_by_user(const void *one, const void *two)
{
    const struct match *a = one, *b = two;

    if (a->user_id != b->user_id)
        return a->user_id < b->user_id ? -1 : 1;
    return compare_matches(one, two);
}

static int
compare_users(const void *one, const void *two)
{
    const struct found_user *a = one, *b = two;

    if (a->similarity != b->similarity)
        return a->similarity > b->similarity ? -1 : 1;
    return strcmp(a->user.key, b->user.key);
}

/* Of each user the first: the most alike. */
static struct found_user *
read_users(struct search *search, int64_t but_user_id, size_t *count)
{
    struct found_user *found = store_alloc(search->store, (search->count + 1) * sizeof *found);

    if (search->count > 0)
        qsort(search->matches, search->count, sizeof *search->matches, compare_by_user);
    *count = 0;
    for (size_t i = 0; i < search->count; i++) {
        const struct match *match = &search->matches[i];

        if (match->user_id == but_user_id || (i > 0 && match[-1].user_id == match->user_id) ||
            !user_of_id(search->store, match->user_id, &found[*count].user))
            continue;
        found[(*count)++].similarity = match->similarity;
    }
    if (*count > 0)
        qsort(found, *count, sizeof *found, compare_users);
    return found;
}

const struct found_user *
search_users_of(struct store *store, const struct collection *collection,
    const struct sought *sought, size_t sought_count, int64_t but_user_id, int64_t most,
    size_t *count)
{
    struct search search = search_of(store, collection);
    const struct found_user *found;

    search.users = true;
    for (size_t i = 0; i < sought_count; i++) {
        search.sought = &sought[i];
        compare_all(&search);
    }
    found = read_users(&search, but_user_id, count);
    if (*count > (size_t)most)
        *count = (size_t)most;
    return found;
}

double
search_likeness_to_user(struct store *store, const struct collection *collection,
    const struct identity *identity, const struct user *user)
{
    struct likenesses likenesses = likenesses_of(store, identity->key);
    struct page page = { .first = true, .size = INT32_MAX };
    double greatest = 0;
    size_t count;
    const struct indexed_face *faces =
        indexed_face_list_of_user(store, collection->id, user->id, NULL, &page, &count);

    for (size_t i = 0; i < count; i++) {
        const struct identity other = { .key = faces[i].identity,
            .image = faces[i].image,
            .place = faces[i].place };
        double value = similarity(identity, &other, likeness_to(&likenesses, other.key));

        if (value > greatest)
            greatest = value;
    }
    return greatest;
}

/* ---- what is told of it -------------------------------------------------- */

void
search_write_face(struct part part, const struct collection *collection,
    const struct indexed_face *face)
{
    const struct box box = { .left = face->left,
        .top = face->top,
        .width = face->width,
        .height = face->height };

    set_text(part, "FaceId", face->face_id);
    box_write(set_object(part, "BoundingBox"), &box);
    set_text(part, "ImageId", face->image_id);
    set_text(part, "ExternalImageId", face->external_image_id);
    set_float(part, "Confidence", face->confidence);
    set_text(part, "IndexFacesModelVersion", collection->model_version);
    set_text(part, "UserId", face->user_name);
}

void
search_write_matches(struct part list, const struct collection *collection,
    const struct found_face *found, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct part item = add_object(list);

        set_float(item, "Similarity", found[i].similarity);
        search_write_face(set_object(item, "Face"), collection, &found[i].face);
    }
}
