#include "match.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/resource/collection.h"
#include "../../state/resource/video_job.h"
#include "../../state/store.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../json/write.h"
#include "../scene/search.h"
#include "place.h"

/* API Reference, StartFaceSearch, FaceMatchThreshold: "The default value is 80%". */
#define MATCH_LEAST 80

#define MATCHES_MOST 100 /* of a person; a guess: the API has no member for it */

struct match {
    struct store *store;
    const struct collection *collection;
    const char *video;
    double least;
};

/* The same face of a video is found as that of an image of its name would be: who it is, and where, is all there is. */
static void
set_matches(const struct match *match, cJSON *item, const char *key, int place)
{
    struct sought sought = { .identity = { .key = key, .image = match->video, .place = place },
        .least = match->least,
        .most = MATCHES_MOST };
    struct written written = { .depth = 0 };
    const struct found_face *found;
    size_t count;
    cJSON *json;

    found = search_collection(match->store, match->collection, &sought, &count);
    search_write_matches(set_list(written_object(&written), "matches"), match->collection, found,
        count);
    json = cJSON_Parse(written_end(&written));
    cJSON_AddItemToObject(item, "matches", cJSON_DetachItemFromObject(json, "matches"));
    cJSON_Delete(json);
    free(written.text.bytes);
}

/* Places are as scene_faces() has them: persons first, and then celebrities. */
static void
match_shown(const struct match *match, cJSON *shown)
{
    struct store *store = match->store;
    cJSON *item;
    int place = 0;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(shown, "persons"))
    {
        const char *name = text_of(item, "person");

        set_matches(match, item, store_format(store, PERSON_KEY "%s", name == NULL ? "" : name),
            place++);
    }
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(shown, "celebrities"))
    {
        const char *id = text_of(item, "Id"), *name = text_of(item, "Name");

        set_matches(match, item,
            store_format(store, "celebrity:%s",
                id != NULL     ? id
                : name != NULL ? name
                               : ""),
            place++);
    }
}

void
match_faces(struct store *store, const struct video_job *job, cJSON *film)
{
    cJSON *request = cJSON_Parse(job->request), *shown;
    const char *name = text_of(request, "CollectionId");
    struct match match = { .store = store, .video = place_name(store, job), .least = MATCH_LEAST };

    json_number(member_of(request, "FaceMatchThreshold"), &match.least);
    match.collection = name == NULL ? NULL : collection_fetch(store, &job->scope, name);
    if (match.collection != NULL)
        cJSON_ArrayForEach(shown, cJSON_GetObjectItemCaseSensitive(film, "shows"))
            match_shown(&match, shown);
    cJSON_Delete(request);
}
