#include "scene.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/resource/known_image.h"
#include "../../state/store.h"
#include "../call/call.h"
#include "../call/sight.h"
#include "../http/program.h"
#include "../image/looks.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "likeness.h"

/* ---- who knows ---------------------------------------------------------- */

/* Of two images of one call the one that is assumed is what the journal tells of. */
static void
say(struct call *call, const char *rule, enum evidence evidence, const char *found)
{
    if (call->rule != NULL && strcmp(call->rule, "ASSUMED") == 0)
        return;
    call->rule = rule;
    call->found = found;
    call->evidence = evidence;
    call->source = PROGRAM "'s own: it does not look at images, it is told what they show";
}

static bool
refuse_to_assume(struct call *call, const struct scene *scene)
{
    fail(call, ImageNotDeclared, DOCUMENTED, PROGRAM "'s own",
        "Nobody declared what this image shows, and the setting unknown.image is refuse. "
        "POST /_local/images {\"image\":{\"%s\":\"%s\"},\"shows\":{}} declares it.",
        scene->has_digest ? "sha256" : "s3", scene->image);
    call->rule = "UNKNOWN_IMAGE";
    call->found = "unknown.image is refuse";
    return false;
}

bool
scene_assume(struct call *call, struct scene *scene)
{
    switch (setting_int(call->store, SETTING_UNKNOWN_IMAGE)) {
    case UNKNOWN_IMAGE_REFUSE:
        return refuse_to_assume(call, scene);
    case UNKNOWN_IMAGE_FACE:
        scene->assumed = true;
        say(call, "ASSUMED", GUESSED,
            "nobody declared the image; unknown.image: it shows one face, who is the image");
        return true;
    default:
        say(call, "ASSUMED", GUESSED, "nobody declared the image; unknown.image: it shows nothing");
        return true;
    }
}

/* Pixels are looked at only where somebody would know the image by them. */
static bool
find_alike(struct call *call, const struct picture *picture, struct scene *scene)
{
    struct known_image known;
    uint64_t looks;
    int bits;

    if (picture->bytes == NULL || !known_image_has_looks(call->store, call->scope.account) ||
        image_looks(picture->bytes, picture->length, &looks) != LOOKS_FINE)
        return false;
    bits = known_image_alike(call->store, call->scope.account, looks,
        (int)setting_int(call->store, SETTING_LOOKS_DISTANCE), &known);
    if (bits < 0)
        return false;
    scene->shows = cJSON_Parse(known.shows);
    say(call, "DECLARED", DOCUMENTED,
        store_format(call->store,
            "image %lld says what it shows: %d of the 64 bits of their looks differ",
            (long long)known.id, bits));
    return true;
}

bool
scene_find(struct call *call, const struct picture *picture, struct scene *scene)
{
    const char *digest = picture_digest(call, picture), *name = picture_name(call, picture);
    struct known_image known;

    *scene =
        (struct scene){ .image = digest != NULL ? digest : name, .has_digest = digest != NULL };
    if (!known_image_find(call->store,
            &(struct image_names){ .account = call->scope.account, .sha256 = digest, .s3 = name },
            &known))
        return find_alike(call, picture, scene);
    scene->shows = cJSON_Parse(known.shows);
    say(call, "DECLARED", DOCUMENTED,
        store_format(call->store, "image %lld says what it shows", (long long)known.id));
    return true;
}

static bool
read(struct call *call, const char *member, const struct picture_limits *limits,
    struct picture *picture)
{
    return picture_is_given(call, member) && picture_read(call, member, limits, picture);
}

static bool
know(struct call *call, const struct picture *picture, struct scene *scene)
{
    return scene_find(call, picture, scene) || scene_assume(call, scene);
}

bool
scene_look(struct call *call, const char *member, const struct picture_limits *limits,
    struct scene *scene)
{
    struct picture picture;

    *scene = (struct scene){ .assumed = false };
    return read(call, member, limits, &picture) &&
           sight_script(call, &picture, NULL, &scene->answer) &&
           (scene->answer != NULL || know(call, &picture, scene));
}

bool
scene_look_at_both(struct call *call, const char *member, const char *other,
    const struct picture_limits *limits, struct scene *scene, struct scene *other_scene)
{
    struct picture picture, second;

    *scene = *other_scene = (struct scene){ .assumed = false };
    return read(call, member, limits, &picture) && read(call, other, limits, &second) &&
           sight_script(call, &picture, &second, &scene->answer) &&
           (scene->answer != NULL ||
               (know(call, &picture, scene) && know(call, &second, other_scene)));
}

void
scene_end(struct scene *scene)
{
    cJSON_Delete(scene->shows);
}

const cJSON *
scene_part(const struct scene *scene, const char *part)
{
    return member_of(scene->shows, part);
}

/* ---- faces -------------------------------------------------------------- */

static int
compare(const void *one, const void *two)
{
    const struct face *a = one, *b = two;
    double size = a->box.width * a->box.height, other = b->box.width * b->box.height;

    if (size != other)
        return size > other ? -1 : 1;
    return a->identity.place - b->identity.place;
}

/* Two pictures of one person: how sure the service is that it is that celebrity is a guess. */
static double
match_of(const struct identity *identity)
{
    return similarity(identity,
        &(struct identity){ .key = identity->key, .image = "", .place = -1 }, RESEMBLANCE_NONE);
}

static struct face
face_of_person(struct call *call, const struct scene *scene, const cJSON *item, int place)
{
    const char *name = text_of(item, "person");
    struct face face = { .identity = { .image = scene->image, .place = place },
        .person = name,
        .declared = member_of(item, "detail"),
        .unusable = member_of(item, "unusable") };

    face.identity.key = store_format(call->store, PERSON_KEY "%s", name);
    box_read(member_of(item, "box"), &face.box);
    return face;
}

static struct face
face_of_celebrity(struct call *call, const struct scene *scene, const cJSON *item, int place)
{
    struct face face = { .identity = { .image = scene->image, .place = place },
        .declared = member_of(item, "Face"),
        .celebrity = item };
    const char *id = text_of(item, "Id");

    face.identity.key =
        store_format(call->store, CELEBRITY_KEY "%s", id == NULL ? text_of(item, "Name") : id);
    return face;
}

static struct face
face_of_image(struct call *call, const struct scene *scene)
{
    return (struct face){
        .identity = { .key = store_format(call->store, IMAGE_KEY "%s", scene->image),
            .image = scene->image },
    };
}

static bool
is_usable(const struct face *face)
{
    return cJSON_GetArraySize(face->unusable) == 0;
}

/* Room for all of them, in the order in which they were declared; how many there are. */
static size_t
gather_faces(struct call *call, const struct scene *scene, struct face **faces)
{
    const cJSON *persons = scene_part(scene, "persons"), *stars = scene_part(scene, "celebrities");
    size_t most = (size_t)cJSON_GetArraySize(persons) + (size_t)cJSON_GetArraySize(stars) + 1;
    const cJSON *item;
    int count = 0;

    *faces = store_alloc(call->store, most * sizeof **faces);
    cJSON_ArrayForEach(item, persons)
    {
        (*faces)[count] = face_of_person(call, scene, item, count);
        count++;
    }
    cJSON_ArrayForEach(item, stars)
    {
        (*faces)[count] = face_of_celebrity(call, scene, item, count);
        count++;
    }
    if (scene->assumed)
        (*faces)[count++] = face_of_image(call, scene);
    return (size_t)count;
}

const struct face *
scene_faces(struct call *call, const struct scene *scene, int64_t most, bool usable, size_t *count)
{
    struct face *faces;
    size_t all = gather_faces(call, scene, &faces);

    *count = 0;
    for (size_t i = 0; i < all; i++) {
        face_complete(&faces[i], (int)i, (int)all);
        faces[i].match = match_of(&faces[i].identity);
        json_number(member_of(faces[i].celebrity, "MatchConfidence"), &faces[i].match);
        if (!usable || is_usable(&faces[i]))
            faces[(*count)++] = faces[i];
    }
    if (*count > 0)
        qsort(faces, *count, sizeof *faces, compare);
    if (*count > (size_t)most)
        *count = (size_t)most;
    return faces;
}

/* ---- likeness ----------------------------------------------------------- */

double
scene_similarity(struct call *call, const struct face *one, const struct face *other)
{
    struct likenesses likenesses = likenesses_of(call->store, one->identity.key);

    return similarity(&one->identity, &other->identity,
        likeness_to(&likenesses, other->identity.key));
}
