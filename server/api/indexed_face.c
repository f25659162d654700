/* Operations on the faces of a collection. */

#include <stdlib.h>
#include <string.h>

#include "../../state/resource/collection.h"
#include "../../state/resource/indexed_face.h"
#include "../../state/resource/user.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../call/handlers.h"
#include "../call/paging.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../scene/attributes.h"
#include "../scene/scene.h"
#include "../scene/search.h"

/* API Reference, SearchFaces, FaceMatchThreshold: "The default value is 80%". */
#define MATCH_LEAST 80

/* The most that MaxFaces of a search may be; what it is when nobody says so is a guess. */
#define MATCHES_MOST 4096

static const struct picture_limits limits = { .bytes = SETTING_TOTAL,
    .min_side = SETTING_DETECT_MIN_SIDE,
    .max_side = SETTING_TOTAL,
    .max_aspect = SETTING_TOTAL };

static bool
filters(struct call *call, const char *otherwise)
{
    const char *filter = input_text(call, "QualityFilter");

    return strcmp(filter == NULL ? otherwise : filter, "NONE") != 0;
}

/* ---- IndexFaces ---------------------------------------------------------- */

enum fate { INDEXED, LEFT_OUT, TOO_MANY }; /* by the quality filter; by MaxFaces */

struct indexing {
    struct call *call;
    const struct collection *collection;
    const struct face *faces; /* of the image, the largest first */
    size_t count;
    enum fate *fates; /* of each */
};

static bool
is_usable(const struct face *face)
{
    return cJSON_GetArraySize(face->unusable) == 0;
}

/* Leaves out as many as there are too many, the smallest first: of those of low quality, or of all. */
static size_t
drop(struct indexing *indexing, bool of_low_quality, size_t kept, size_t most)
{
    for (size_t i = indexing->count; i-- > 0 && kept > most;)
        if (indexing->fates[i] == INDEXED && !(of_low_quality && is_usable(&indexing->faces[i]))) {
            indexing->fates[i] = TOO_MANY;
            kept--;
        }
    return kept;
}

/*
 * API Reference, IndexFaces, MaxFaces: "The faces with the lowest quality are filtered out first. If there are still
 * more faces than the value of MaxFaces, the faces with the smallest bounding boxes are filtered out".
 */
static void
choose(struct indexing *indexing)
{
    struct call *call = indexing->call;
    int64_t at_once = setting_int(call->store, SETTING_DETECT_MAX_FACES);
    int64_t most = input_int(call, "MaxFaces", at_once);
    bool filtered = filters(call, "AUTO");
    size_t kept = 0;

    if (most > at_once)
        most = at_once;
    indexing->fates = store_alloc(call->store, (indexing->count + 1) * sizeof *indexing->fates);
    for (size_t i = 0; i < indexing->count; i++) {
        indexing->fates[i] = filtered && !is_usable(&indexing->faces[i]) ? LEFT_OUT : INDEXED;
        kept += indexing->fates[i] == INDEXED;
    }
    kept = drop(indexing, true, kept, (size_t)most);
    drop(indexing, false, kept, (size_t)most);
}

/* API Reference, IndexFaces: the same image with the same ExternalImageId saves no face twice. True when it was new. */
static bool
keep(const struct indexing *indexing, const struct face *face, struct indexed_face *kept)
{
    struct store *store = indexing->call->store;

    *kept = (struct indexed_face){ .collection_id = indexing->collection->id,
        .external_image_id = input_text(indexing->call, "ExternalImageId"),
        .left = face->box.left,
        .top = face->box.top,
        .width = face->box.width,
        .height = face->box.height,
        .confidence = face->confidence,
        .identity = face->identity.key,
        .image = face->identity.image,
        .place = face->identity.place,
        .searchable_ms = store_now(store) + setting_int(store, SETTING_FACE_INDEX) };
    return !indexed_face_again(store, kept) && indexed_face_add(store, kept);
}

/* What is answered has all its decimals, and says neither version nor user: public answers. */
static void
write_record(const struct indexing *indexing, struct part record, const struct face *face,
    const struct indexed_face *kept)
{
    struct part part = set_object(record, "Face");
    bool all;
    const char *const *members = attributes_asked_for(indexing->call, "DetectionAttributes", &all);

    set_text(part, "FaceId", kept->face_id);
    box_write(set_object(part, "BoundingBox"), &face->box);
    set_text(part, "ImageId", kept->image_id);
    set_text(part, "ExternalImageId", kept->external_image_id);
    set_float(part, "Confidence", face->confidence);
    face_write(set_object(record, "FaceDetail"), face, members, all);
}

static bool
write_records(const struct indexing *indexing)
{
    struct call *call = indexing->call;
    struct part list = set_list(call->output, "FaceRecords");
    struct indexed_face kept;
    int64_t added = 0;

    for (size_t i = 0; i < indexing->count; i++)
        if (indexing->fates[i] == INDEXED) {
            added += keep(indexing, &indexing->faces[i], &kept);
            write_record(indexing, add_object(list), &indexing->faces[i], &kept);
        }
    return granted(call, indexed_face_room(call->store, indexing->collection->faces, added));
}

static void
write_reasons(struct part list, const struct face *face, enum fate fate)
{
    const cJSON *reason;

    if (fate == TOO_MANY)
        add_text(list, "EXCEEDS_MAX_FACES");
    else
        cJSON_ArrayForEach(reason, face->unusable) add_text(list, reason->valuestring);
}

static void
write_unindexed(const struct indexing *indexing)
{
    struct part list = set_list(indexing->call->output, "UnindexedFaces");
    bool all;
    const char *const *members = attributes_asked_for(indexing->call, "DetectionAttributes", &all);

    for (size_t i = 0; i < indexing->count; i++) {
        struct part item;

        if (indexing->fates[i] == INDEXED)
            continue;
        item = add_object(list);
        write_reasons(set_list(item, "Reasons"), &indexing->faces[i], indexing->fates[i]);
        face_write(set_object(item, "FaceDetail"), &indexing->faces[i], members, all);
    }
}

static bool
answer_indexing(struct call *call, const struct scene *scene)
{
    struct indexing indexing = { .call = call, .collection = call->fetched };

    indexing.faces = scene_faces(call, scene, setting_int(call->store, SETTING_DETECT_MAX_FACES),
        false, &indexing.count);
    choose(&indexing);
    if (!write_records(&indexing))
        return false;
    set_text(call->output, "FaceModelVersion", indexing.collection->model_version);
    write_unindexed(&indexing);
    return true;
}

bool
index_faces(struct call *call)
{
    struct scene scene;
    bool done = scene_look(call, "Image", &limits, &scene) && answer_indexing(call, &scene);

    scene_end(&scene);
    return done;
}

/* ---- ListFaces, DeleteFaces ---------------------------------------------- */

/* One page of all, of those asked for by id, of those of a user. NULL when there is no such user: the call has failed. */
static struct indexed_face *
list(struct call *call, int64_t collection_id, struct page *page, size_t *count)
{
    const char *ids = input_json(call, "FaceIds"), *user_id = input_text(call, "UserId");
    struct user user;

    if (user_id == NULL)
        return indexed_face_list(call->store, collection_id, ids, page, count);
    call->asked = user_id;
    if (!granted(call, user_find(call->store, collection_id, user_id, &user)))
        return NULL;
    return indexed_face_list_of_user(call->store, collection_id, user.id, ids, page, count);
}

bool
list_faces(struct call *call)
{
    const struct collection *collection = call->fetched;
    struct part part;
    const struct indexed_face *faces;
    struct paging paging;
    size_t count = 0;

    if (!paging_open(call, &paging))
        return false;
    faces = list(call, collection->id, &paging.page, &count);
    if (call->error != NO_ERROR)
        return false;
    part = set_list(call->output, "Faces");
    for (size_t i = 0; i < count; i++)
        search_write_face(add_object(part), collection, &faces[i]);
    set_text(call->output, "FaceModelVersion", collection->model_version);
    if (count > 0)
        paging_close_text(call, &paging, faces[count - 1].face_id);
    return true;
}

/* That of a user stays: it is to be taken from the user first. */
static void
write_not_deleted(struct part part, const char *face_id, const struct indexed_face *face)
{
    struct part item = add_object(part);

    set_text(item, "FaceId", face_id);
    set_text(item, "UserId", face->user_name);
    add_text(set_list(item, "Reasons"),
        face->user_id != 0 ? "ASSOCIATED_TO_AN_EXISTING_USER" : "FACE_NOT_FOUND");
}

/* An answer is written from its beginning to its end: those that stay are told of behind the others. */
bool
delete_faces(struct call *call)
{
    const struct collection *collection = call->fetched;
    const cJSON *ids = input_member(call, "FaceIds"), *id;
    size_t most = (size_t)cJSON_GetArraySize(ids), count = 0;
    struct indexed_face *stay = store_alloc(call->store, most * sizeof *stay);
    struct part part = set_list(call->output, "DeletedFaces");

    cJSON_ArrayForEach(id, ids)
    {
        stay[count] = (struct indexed_face){ .user_id = 0 };
        if (indexed_face_find(call->store, collection->id, id->valuestring, &stay[count]) &&
            stay[count].user_id == 0) {
            indexed_face_remove(call->store, collection->id, id->valuestring);
            add_text(part, id->valuestring);
        } else {
            stay[count++].face_id = id->valuestring;
        }
    }
    part = set_list(call->output, "UnsuccessfulFaceDeletions");
    for (size_t i = 0; i < count; i++)
        write_not_deleted(part, stay[i].face_id, &stay[i]);
    return true;
}

/* ---- searches ------------------------------------------------------------ */

static struct sought
sought_by(struct call *call, const struct identity *identity, const char *face_id)
{
    struct sought sought = { .identity = *identity,
        .face_id = face_id,
        .least = MATCH_LEAST,
        .most = input_int(call, "MaxFaces", MATCHES_MOST) };

    json_number(input_member(call, "FaceMatchThreshold"), &sought.least);
    return sought;
}

static void
answer_search(struct call *call, const struct sought *sought)
{
    const struct collection *collection = call->fetched;
    size_t count;
    const struct found_face *found = search_collection(call->store, collection, sought, &count);

    search_write_matches(set_list(call->output, "FaceMatches"), collection, found, count);
    set_text(call->output, "FaceModelVersion", collection->model_version);
}

bool
search_faces(struct call *call)
{
    const struct collection *collection = call->fetched;
    const char *face_id = input_text(call, "FaceId");
    struct indexed_face face;
    struct sought sought;

    if (!granted(call, indexed_face_search(call->store, collection->id, face_id, &face)))
        return false;
    sought = sought_by(call,
        &(struct identity){ .key = face.identity, .image = face.image, .place = face.place },
        face_id);
    set_text(call->output, "SearchedFaceId", face_id);
    answer_search(call, &sought);
    return true;
}

/* "the operation first detects the largest face in the image"; of all its decimals: public answers. */
static bool
answer_search_by_image(struct call *call, const struct scene *scene)
{
    size_t count;
    const struct face *face = scene_faces(call, scene, 1, filters(call, "NONE"), &count);
    struct sought sought;

    if (count == 0)
        return granted(call, refuse(call->store, RESULT_NO_FACE, "no face of it is to be used"));
    sought = sought_by(call, &face->identity, NULL);
    box_write(set_object(call->output, "SearchedFaceBoundingBox"), &face->box);
    set_float(call->output, "SearchedFaceConfidence", face->confidence);
    answer_search(call, &sought);
    return true;
}

bool
search_faces_by_image(struct call *call)
{
    struct scene scene;
    bool done = scene_look(call, "Image", &limits, &scene) && answer_search_by_image(call, &scene);

    scene_end(&scene);
    return done;
}
