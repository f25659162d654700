/* Operations on the users of a collection. */

#include <string.h>

#include "../../state/page.h"
#include "../../state/resource/collection.h"
#include "../../state/resource/indexed_face.h"
#include "../../state/resource/user.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../call/again.h"
#include "../call/handlers.h"
#include "../call/paging.h"
#include "../call/shown.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../scene/scene.h"
#include "../scene/search.h"

/* API Reference, AssociateFaces, UserMatchThreshold: "The default value is 75". */
#define ASSOCIATE_LEAST 75

/* API Reference, SearchUsers, UserMatchThreshold: "Default value is 80". */
#define MATCH_LEAST 80

/* The most that MaxUsers may be; what it is when nobody says so is a guess. */
#define MATCHES_MOST 500

static const struct picture_limits limits = { .bytes = SETTING_TOTAL,
    .min_side = SETTING_DETECT_MIN_SIDE,
    .max_side = SETTING_TOTAL,
    .max_aspect = SETTING_TOTAL };

/* The user of that member of the input. False, and the call has failed, when there is none. */
static bool
find_user(struct call *call, struct user *user)
{
    const struct collection *collection = call->fetched;

    call->asked = input_text(call, "UserId");
    return granted(call, user_find(call->store, collection->id, call->asked, user));
}

/* ---- made, listed, gone -------------------------------------------------- */

static bool
make(struct call *call)
{
    const struct collection *collection = call->fetched;
    const struct user_home home = { .collection_id = collection->id,
        .users = collection->users,
        .scope = collection->scope,
        .collection = collection->name };
    struct user user = { .name = input_text(call, "UserId") };

    return granted(call, user_create(call->store, &home, &user));
}

bool
create_user(struct call *call)
{
    return again_or(call, make);
}

static bool
remove_user(struct call *call)
{
    struct user user;

    return find_user(call, &user) && granted(call, user_delete(call->store, &user));
}

bool
delete_user(struct call *call)
{
    return again_or(call, remove_user);
}

static void
write_user(struct call *call, struct part part, const struct user *user)
{
    set_text(part, "UserId", user->name);
    shown_add(call, "user", user->arn, user->status);
    set_text(part, "UserStatus", user->status);
}

bool
list_users(struct call *call)
{
    const struct collection *collection = call->fetched;
    struct part list;
    struct user *users;
    struct paging paging;
    size_t count;

    if (!paging_open(call, &paging))
        return false;
    users = user_list(call->store, collection->id, &paging.page, &count);
    list = set_list(call->output, "Users");
    for (size_t i = 0; i < count; i++)
        write_user(call, add_object(list), &users[i]);
    if (count > 0)
        paging_close_text(call, &paging, users[count - 1].key);
    return true;
}

/* ---- AssociateFaces, DisassociateFaces ----------------------------------- */

/* What becomes of each face that a call names; a face that is there already, or named twice, is in neither list. */
enum fate { FACE_CHANGED, FACE_SILENT, FACE_NOT_FOUND, FACE_OF_ANOTHER, FACE_NOT_ALIKE };

struct change {
    const char *face_id;
    enum fate fate;
    struct indexed_face face;
    double confidence; /* of one that is not alike enough */
};

struct changes {
    struct call *call;
    const struct collection *collection;
    struct user user;
    struct change *all;
    size_t count;
    double least; /* that a face has to be like the user; 0: anything goes */
};

static enum fate
fate_of_association(struct changes *changes, struct change *change)
{
    const struct identity identity = { .key = change->face.identity,
        .image = change->face.image,
        .place = change->face.place };

    if (change->face.user_id == changes->user.id)
        return FACE_SILENT;
    if (change->face.user_id != 0)
        return FACE_OF_ANOTHER;
    if (changes->user.faces == 0)
        return FACE_CHANGED; /* "the user has no faces": there is nothing to be like */
    change->confidence = search_likeness_to_user(changes->call->store, changes->collection,
        &identity, &changes->user);
    return similarity_reaches(change->confidence, changes->least) ? FACE_CHANGED : FACE_NOT_ALIKE;
}

static enum fate
fate_of_disassociation(struct changes *changes, struct change *change)
{
    if (change->face.user_id == 0)
        return FACE_SILENT;
    return change->face.user_id == changes->user.id ? FACE_CHANGED : FACE_OF_ANOTHER;
}

static bool
is_named_twice(const struct changes *changes, const char *face_id)
{
    for (size_t i = 0; i < changes->count; i++)
        if (strcmp(changes->all[i].face_id, face_id) == 0)
            return true;
    return false;
}

/* All are judged before any is changed. How many will be. */
static int64_t
judge(struct changes *changes, enum fate (*fate_of)(struct changes *, struct change *))
{
    struct call *call = changes->call;
    const cJSON *ids = input_member(call, "FaceIds"), *id;
    int64_t changed = 0;

    changes->all = store_alloc(call->store, (size_t)cJSON_GetArraySize(ids) * sizeof *changes->all);
    cJSON_ArrayForEach(id, ids)
    {
        struct change *change = &changes->all[changes->count];

        if (is_named_twice(changes, id->valuestring))
            continue;
        *change = (struct change){ .face_id = id->valuestring, .fate = FACE_NOT_FOUND };
        if (indexed_face_find(call->store, changes->collection->id, id->valuestring, &change->face))
            change->fate = fate_of(changes, change);
        changed += change->fate == FACE_CHANGED;
        changes->count++;
    }
    return changed;
}

static bool
apply(struct changes *changes, int64_t changed, int64_t user_id)
{
    struct call *call = changes->call;

    for (size_t i = 0; i < changes->count; i++)
        if (changes->all[i].fate == FACE_CHANGED)
            indexed_face_set_user(call->store, &changes->all[i].face, user_id);
    return changed == 0 || granted(call, user_change(call->store, &changes->user));
}

static void
write_failure(struct part item, const struct change *change)
{
    static const char *const reasons[] = { [FACE_NOT_FOUND] = "FACE_NOT_FOUND",
        [FACE_OF_ANOTHER] = "ASSOCIATED_TO_A_DIFFERENT_USER",
        [FACE_NOT_ALIKE] = "LOW_MATCH_CONFIDENCE" };

    set_text(item, "FaceId", change->face_id);
    if (change->fate == FACE_OF_ANOTHER)
        set_text(item, "UserId", change->face.user_name);
    if (change->fate == FACE_NOT_ALIKE)
        set_float(item, "Confidence", change->confidence);
    add_text(set_list(item, "Reasons"), reasons[change->fate]);
}

static void
write_changes(const struct changes *changes, const char *changed, const char *unsuccessful)
{
    struct part list = set_list(changes->call->output, changed);

    for (size_t i = 0; i < changes->count; i++)
        if (changes->all[i].fate == FACE_CHANGED)
            set_text(add_object(list), "FaceId", changes->all[i].face_id);
    list = set_list(changes->call->output, unsuccessful);
    for (size_t i = 0; i < changes->count; i++)
        if (changes->all[i].fate > FACE_SILENT)
            write_failure(add_object(list), &changes->all[i]);
    set_text(changes->call->output, "UserStatus", changes->user.status);
}

static bool
associate(struct call *call)
{
    struct changes changes = { .call = call,
        .collection = call->fetched,
        .least = ASSOCIATE_LEAST };
    int64_t changed;

    if (!find_user(call, &changes.user))
        return false;
    json_number(input_member(call, "UserMatchThreshold"), &changes.least);
    changed = judge(&changes, fate_of_association);
    if (!granted(call, user_room(call->store, &changes.user, changed)) ||
        !apply(&changes, changed, changes.user.id))
        return false;
    write_changes(&changes, "AssociatedFaces", "UnsuccessfulFaceAssociations");
    return true;
}

bool
associate_faces(struct call *call)
{
    return again_or(call, associate);
}

static bool
disassociate(struct call *call)
{
    struct changes changes = { .call = call, .collection = call->fetched };

    if (!find_user(call, &changes.user) ||
        !apply(&changes, judge(&changes, fate_of_disassociation), 0))
        return false;
    write_changes(&changes, "DisassociatedFaces", "UnsuccessfulFaceDisassociations");
    return true;
}

bool
disassociate_faces(struct call *call)
{
    return again_or(call, disassociate);
}

/* ---- searches ------------------------------------------------------------ */

static struct sought
sought_by(struct call *call, const struct identity *identity)
{
    struct sought sought = { .identity = *identity, .least = MATCH_LEAST };

    json_number(input_member(call, "UserMatchThreshold"), &sought.least);
    return sought;
}

static struct sought
sought_by_face(struct call *call, const struct indexed_face *face)
{
    return sought_by(call,
        &(struct identity){ .key = face->identity, .image = face->image, .place = face->place });
}

static void
answer_search(struct call *call, const struct sought *sought, size_t sought_count,
    int64_t but_user_id)
{
    const struct collection *collection = call->fetched;
    struct part list = set_list(call->output, "UserMatches");
    size_t count = 0;
    const struct found_user *found =
        sought_count == 0 ? NULL
                          : search_users_of(call->store, collection, sought, sought_count,
                                but_user_id, input_int(call, "MaxUsers", MATCHES_MOST), &count);

    for (size_t i = 0; i < count; i++) {
        struct part item = add_object(list);

        set_float(item, "Similarity", found[i].similarity);
        write_user(call, set_object(item, "User"), &found[i].user);
    }
    set_text(call->output, "FaceModelVersion", collection->model_version);
}

static bool
search_by_face(struct call *call, const char *face_id)
{
    const struct collection *collection = call->fetched;
    struct indexed_face face;
    struct sought sought;

    if (!granted(call, indexed_face_search(call->store, collection->id, face_id, &face)))
        return false;
    sought = sought_by_face(call, &face);
    answer_search(call, &sought, 1, 0);
    set_text(set_object(call->output, "SearchedFace"), "FaceId", face_id);
    return true;
}

/* A user is searched for with all its faces. */
static bool
search_by_user(struct call *call)
{
    const struct collection *collection = call->fetched;
    struct page page = { .first = true, .size = INT32_MAX };
    const struct indexed_face *faces;
    struct sought *sought;
    struct user user;
    size_t count;

    if (!find_user(call, &user))
        return false;
    faces = indexed_face_list_of_user(call->store, collection->id, user.id, NULL, &page, &count);
    sought = store_alloc(call->store, (count + 1) * sizeof *sought);
    for (size_t i = 0; i < count; i++)
        sought[i] = sought_by_face(call, &faces[i]);
    answer_search(call, sought, count, user.id);
    set_text(set_object(call->output, "SearchedUser"), "UserId", user.name);
    return true;
}

bool
search_users(struct call *call)
{
    const char *face_id = input_text(call, "FaceId"), *user_id = input_text(call, "UserId");

    if ((face_id == NULL) == (user_id == NULL))
        return invalid_parameter(call, GUESSED, "API Reference, SearchUsers: UserId or FaceId",
            "one of UserId and FaceId says what to search with");
    return face_id != NULL ? search_by_face(call, face_id) : search_by_user(call);
}

static bool
is_usable(const struct face *face)
{
    return cJSON_GetArraySize(face->unusable) == 0;
}

static void
write_box(struct part detail, const struct face *face)
{
    static const char *const members[] = { "BoundingBox", NULL };

    face_write(detail, face, members, false);
}

static void
write_unsearched(struct part item, const struct face *face, bool is_left_out)
{
    struct part reasons;
    const cJSON *reason;

    write_box(set_object(item, "FaceDetails"), face);
    reasons = set_list(item, "Reasons");
    if (!is_left_out)
        add_text(reasons, "FACE_NOT_LARGEST");
    else
        cJSON_ArrayForEach(reason, face->unusable) add_text(reasons, reason->valuestring);
}

/* The largest face that is not left out for its quality; the others are told of, with why. Examples have their boxes alone. */
static void
answer_search_by_image(struct call *call, const struct scene *scene)
{
    const char *filter = input_text(call, "QualityFilter");
    bool filters = filter != NULL && strcmp(filter, "NONE") != 0;
    size_t count, largest = 0;
    const struct face *faces =
        scene_faces(call, scene, setting_int(call->store, SETTING_DETECT_MAX_FACES), false, &count);
    struct sought sought;
    struct part list;

    while (largest < count && filters && !is_usable(&faces[largest]))
        largest++;
    if (largest < count)
        sought = sought_by(call, &faces[largest].identity);
    answer_search(call, &sought, largest < count, 0);
    if (largest < count)
        write_box(set_object(set_object(call->output, "SearchedFace"), "FaceDetail"),
            &faces[largest]);
    list = set_list(call->output, "UnsearchedFaces");
    for (size_t i = 0; i < count; i++)
        if (i != largest)
            write_unsearched(add_object(list), &faces[i], filters && !is_usable(&faces[i]));
}

bool
search_users_by_image(struct call *call)
{
    struct scene scene;
    bool done = scene_look(call, "Image", &limits, &scene);

    if (done)
        answer_search_by_image(call, &scene);
    scene_end(&scene);
    return done;
}
