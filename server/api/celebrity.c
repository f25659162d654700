/* Celebrities: who of the people in an image is one, and what is known of one. */

#include <string.h>

#include "../../state/resource/known_image.h"
#include "../../state/resource/person.h"
#include "../../state/store.h"
#include "../call/handlers.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../scene/scene.h"
#include "../scene/script.h"
#include "../scene/shaped.h"

/* A list that is always there. */
static void
write_urls(struct part part, const cJSON *celebrity)
{
    const cJSON *urls = member_of(celebrity, "Urls"), *url;
    struct part list = set_list(part, "Urls");

    cJSON_ArrayForEach(url, urls) add_text(list, url->valuestring);
}

static void
write_gender(struct part part, const cJSON *celebrity)
{
    set_shaped(part, "KnownGender", member_of(celebrity, "KnownGender"), &shape_KnownGender);
}

/* ---- in images ---------------------------------------------------------- */

static void
write_celebrity(struct part item, const struct face *face, const cJSON *celebrity)
{
    write_urls(item, celebrity);
    set_text(item, "Name", text_of(celebrity, "Name"));
    set_text(item, "Id", text_of(celebrity, "Id"));
    face_write(set_object(item, "Face"), face, face_recognized, false);
    set_float(item, "MatchConfidence", face->match);
    write_gender(item, celebrity);
}

/* As the image or the person has it, NULL: it is nobody famous. The caller deletes it. */
static cJSON *
celebrity_of(struct call *call, const struct face *face)
{
    struct person person;

    if (face->celebrity != NULL)
        return cJSON_Duplicate(face->celebrity, true);
    if (face->person == NULL || !person_find(call->store, face->person, &person) ||
        person.celebrity == NULL)
        return NULL;
    return cJSON_Parse(person.celebrity);
}

static void
answer_celebrities(struct call *call, const struct face *faces, size_t count, bool *others)
{
    struct part list = set_list(call->output, "CelebrityFaces");

    for (size_t i = 0; i < count; i++) {
        cJSON *celebrity = celebrity_of(call, &faces[i]);

        others[i] = celebrity == NULL;
        if (celebrity != NULL)
            write_celebrity(add_object(list), &faces[i], celebrity);
        cJSON_Delete(celebrity);
    }
}

static void
answer_faces(struct call *call, const struct scene *scene)
{
    size_t count;
    const struct face *faces = scene_faces(call, scene,
        setting_int(call->store, SETTING_DETECT_MAX_CELEBRITIES), false, &count);
    bool *others = store_alloc(call->store, count + 1);
    struct part list;

    answer_celebrities(call, faces, count, others);
    list = set_list(call->output, "UnrecognizedFaces");
    for (size_t i = 0; i < count; i++)
        if (others[i])
            face_write(add_object(list), &faces[i], face_recognized, false);
}

bool
recognize_celebrities(struct call *call)
{
    static const struct picture_limits limits = { .bytes = SETTING_TOTAL,
        .min_side = SETTING_DETECT_MIN_SIDE,
        .max_side = SETTING_TOTAL,
        .max_aspect = SETTING_TOTAL };
    struct scene scene;
    bool seen = scene_look(call, "Image", &limits, &scene);

    if (seen && scene.answer != NULL)
        script_answer(call, scene.answer, &(struct asked){ .list = "CelebrityFaces" });
    else if (seen)
        answer_faces(call, &scene);
    scene_end(&scene);
    return seen;
}

/* ---- by their Id -------------------------------------------------------- */

static void
answer_info(struct call *call, const cJSON *celebrity)
{
    write_urls(call->output, celebrity);
    set_text(call->output, "Name", text_of(celebrity, "Name"));
    write_gender(call->output, celebrity);
}

static bool
is_in_image(struct call *call, const char *shows, const char *id)
{
    cJSON *json = cJSON_Parse(shows);
    const cJSON *item;
    bool found = false;

    cJSON_ArrayForEach(item, member_of(json, "celebrities"))
    {
        const char *own = text_of(item, "Id");

        if (!found && own != NULL && strcmp(own, id) == 0) {
            answer_info(call, item);
            found = true;
        }
    }
    cJSON_Delete(json);
    return found;
}

/* An image that only another account has does not count. */
static bool
is_in_images(struct call *call, const char *id)
{
    struct known_image image;
    int64_t after = 0;

    while (known_image_next(call->store, &after, &image))
        if ((image.account == NULL || strcmp(image.account, call->scope.account) == 0) &&
            is_in_image(call, image.shows, id))
            return true;
    return false;
}

bool
get_celebrity_info(struct call *call)
{
    const char *id = input_text(call, "Id");
    struct person person;
    cJSON *celebrity;

    if (!person_of_celebrity(call->store, id, &person))
        return is_in_images(call, id) ||
               granted(call,
                   refuse(call->store, RESULT_NOT_FOUND, "nobody was declared with the Id %s", id));
    celebrity = cJSON_Parse(person.celebrity);
    answer_info(call, celebrity);
    cJSON_Delete(celebrity);
    return true;
}
