#include "face.h"

#include <string.h>

#include "../../state/base/array.h"
#include "../../state/base/hash.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "shaped.h"

#define USUAL_LANDMARKS 5

const char *const face_default[] = { "BoundingBox", "Landmarks", "Pose", "Quality", "Confidence",
    NULL };
const char *const face_compared[] = { "BoundingBox", "Confidence", "Landmarks", "Pose", "Quality",
    NULL };
const char *const face_recognized[] = { "BoundingBox", "Confidence", "Landmarks", "Pose", "Quality",
    "Emotions", "Smile", NULL };

static const struct landmark {
    const char *type;
    double x, y;
} landmarks[] = {
#define LANDMARK(type, x, y) { #type, x, y },
#include "landmarks.def"
#undef LANDMARK
};

/* ---- chance ------------------------------------------------------------- */

/* From 0 on, below 1; of one word always the same for the same person. */
static double
of_person(const struct face *face, const char *word)
{
    const char *key = face->identity.key;

    return hash_ratio(hash_mix(hash_bytes(key, strlen(key)) ^ hash_bytes(word, strlen(word))));
}

/* The same for this face in this image. */
static double
of_image(const struct face *face, const char *word)
{
    const char *image = face->identity.image;
    uint64_t seed = hash_bytes(image, strlen(image)) + (uint64_t)face->identity.place;

    return hash_ratio(hash_mix(hash_mix(seed) ^ hash_bytes(word, strlen(word))));
}

static bool
is_unusable(const struct face *face, const char *reason)
{
    const cJSON *item;

    cJSON_ArrayForEach(item,
        face->unusable) if (strcmp(item->valuestring, reason) == 0) return true;
    return false;
}

/* ---- box ---------------------------------------------------------------- */

static bool
side(const cJSON *box, const char *api, const char *ours, double *value)
{
    const cJSON *item = member_of(box, api);

    return json_number(item == NULL ? member_of(box, ours) : item, value);
}

bool
box_read(const cJSON *json, struct box *box)
{
    struct box read;

    if (!side(json, "Left", "left", &read.left) || !side(json, "Top", "top", &read.top) ||
        !side(json, "Width", "width", &read.width) || !side(json, "Height", "height", &read.height))
        return false;
    *box = read;
    return true;
}

/* In the order in which the service was seen to have them. */
void
box_write(struct part part, const struct box *box)
{
    set_float(part, "Width", box->width);
    set_float(part, "Height", box->height);
    set_float(part, "Left", box->left);
    set_float(part, "Top", box->top);
}

/* Beside each other, the first a little larger than the next. */
static struct box
place_box(const struct face *face, int nth, int count)
{
    double slot = 1.0 / count, width = slot * (0.6 - 0.1 * nth / count);
    double height = 0.3 + 0.3 * width + 0.05 * of_image(face, "height");

    if (is_unusable(face, "SMALL_BOUNDING_BOX"))
        width = height = 0.01;
    return (struct box){ .left = slot * nth + (slot - width) * (0.3 + 0.4 * of_image(face, "left")),
        .top = (1 - height) * (0.2 + 0.3 * of_image(face, "top")),
        .width = width,
        .height = height };
}

void
face_complete(struct face *face, int nth, int count)
{
    if (!box_read(member_of(face->declared, "BoundingBox"), &face->box) && face->box.width <= 0)
        face->box = place_box(face, nth, count);
    if (!json_number(member_of(face->declared, "Confidence"), &face->confidence))
        face->confidence = is_unusable(face, "LOW_CONFIDENCE")
                               ? 55 + 10 * of_image(face, "confidence")
                               : 99.9 + 0.0999 * of_image(face, "confidence");
}

/* ---- members ------------------------------------------------------------ */

static void
write_landmark(struct part list, const struct face *face, const struct landmark *landmark)
{
    struct part item = add_object(list);

    set_text(item, "Type", landmark->type);
    set_float(item, "X", face->box.left + landmark->x * face->box.width);
    set_float(item, "Y", face->box.top + landmark->y * face->box.height);
}

static bool
is_usual(const char *type)
{
    for (size_t i = 0; i < USUAL_LANDMARKS; i++)
        if (strcmp(landmarks[i].type, type) == 0)
            return true;
    return false;
}

static void
write_declared_landmarks(struct part list, const cJSON *declared, bool all)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, declared)
    {
        const char *type = text_of(item, "Type");

        if (all || type == NULL || is_usual(type))
            set_members_shaped(add_object(list), item, &shape_Landmark);
    }
}

static void
write_landmarks(struct part part, const struct face *face, bool all)
{
    const cJSON *declared = member_of(face->declared, "Landmarks");
    struct part list = set_list(part, "Landmarks");

    if (declared != NULL)
        write_declared_landmarks(list, declared, all);
    else
        for (size_t i = 0; i < (all ? COUNT(landmarks) : USUAL_LANDMARKS); i++)
            write_landmark(list, face, &landmarks[i]);
}

static void
write_box(struct part part, const struct face *face)
{
    box_write(set_object(part, "BoundingBox"), &face->box);
}

static void
write_confidence(struct part part, const struct face *face)
{
    set_float(part, "Confidence", face->confidence);
}

static void
write_pose(struct part part, const struct face *face)
{
    struct part pose = set_object(part, "Pose");
    bool extreme = is_unusable(face, "EXTREME_POSE");

    set_float(pose, "Roll", 10 * of_image(face, "roll") - 5);
    set_float(pose, "Yaw",
        extreme ? 70 + 15 * of_image(face, "yaw") : 20 * of_image(face, "yaw") - 10);
    set_float(pose, "Pitch", 20 * of_image(face, "pitch") - 10);
}

static void
write_quality(struct part part, const struct face *face)
{
    struct part quality = set_object(part, "Quality");
    double brightness = of_image(face, "brightness"), sharpness = of_image(face, "sharpness");

    set_float(quality, "Brightness",
        is_unusable(face, "LOW_BRIGHTNESS") ? 5 + 10 * brightness : 70 + 25 * brightness);
    set_float(quality, "Sharpness",
        is_unusable(face, "LOW_SHARPNESS") ? 1 + 4 * sharpness : 78 + 20 * sharpness);
}

static void
write_age(struct part part, const struct face *face)
{
    struct part range = set_object(part, "AgeRange");
    int low = 18 + (int)(40 * of_person(face, "age"));

    set_int(range, "Low", low);
    set_int(range, "High", low + 8);
}

static void
write_gender(struct part part, const struct face *face)
{
    struct part gender = set_object(part, "Gender");

    set_text(gender, "Value", of_person(face, "gender") < 0.5 ? "Female" : "Male");
    set_float(gender, "Confidence", 95 + 4.99 * of_image(face, "gender"));
}

/* Most sure first: observed. */
static void
write_emotions(struct part part, const struct face *face)
{
    static const char *const others[] = { "SURPRISED", "FEAR", "HAPPY", "SAD", "CONFUSED", "ANGRY",
        "DISGUSTED" };
    struct part list = set_list(part, "Emotions"), item = add_object(list);
    double rest = 2 + 8 * of_image(face, "emotions");

    set_text(item, "Type", "CALM");
    set_float(item, "Confidence", 100 - rest);
    for (size_t i = 0; i < COUNT(others); i++) {
        rest /= 2;
        item = add_object(list);
        set_text(item, "Type", others[i]);
        set_float(item, "Confidence", rest);
    }
}

static void
write_eye_direction(struct part part, const struct face *face)
{
    struct part direction = set_object(part, "EyeDirection");

    set_float(direction, "Yaw", 10 * of_image(face, "eye yaw") - 5);
    set_float(direction, "Pitch", 10 * of_image(face, "eye pitch") - 5);
    set_float(direction, "Confidence", 99 + 0.99 * of_image(face, "eye direction"));
}

/* Yes or no, and how sure that is; a person's own is the same in every image. */
static void
write_flag(struct part part, const struct face *face, const char *member)
{
    bool is_own = strcmp(member, "Beard") == 0 || strcmp(member, "Mustache") == 0;
    bool value = strcmp(member, "EyesOpen") == 0;
    struct part flag = set_object(part, member);

    if (is_own)
        value = of_person(face, "gender") >= 0.5 && of_person(face, member) < 0.3;
    set_flag(flag, "Value", value);
    set_float(flag, "Confidence", 90 + 9.99 * of_image(face, member));
}

static const struct drawn_member {
    const char *name;
    void (*write)(struct part, const struct face *); /* NULL: a flag */
} drawn_members[] = {
    { "BoundingBox", write_box },
    { "AgeRange", write_age },
    { "Smile", NULL },
    { "Eyeglasses", NULL },
    { "Sunglasses", NULL },
    { "Gender", write_gender },
    { "Beard", NULL },
    { "Mustache", NULL },
    { "EyesOpen", NULL },
    { "MouthOpen", NULL },
    { "Emotions", write_emotions },
    { "Pose", write_pose },
    { "Quality", write_quality },
    { "Confidence", write_confidence },
    { "FaceOccluded", NULL },
    { "EyeDirection", write_eye_direction },
};

static void
write_drawn(struct part part, const struct face *face, const char *member)
{
    size_t i = 0;

    while (strcmp(drawn_members[i].name, member) != 0)
        i++;
    if (drawn_members[i].write == NULL)
        write_flag(part, face, member);
    else
        drawn_members[i].write(part, face);
}

void
face_write(struct part part, const struct face *face, const char *const *members,
    bool all_landmarks)
{
    for (; *members != NULL; members++) {
        const cJSON *declared = member_of(face->declared, *members);

        if (strcmp(*members, "Landmarks") == 0)
            write_landmarks(part, face, all_landmarks);
        else if (declared != NULL && strcmp(*members, "BoundingBox") != 0)
            set_shaped(part, *members, declared, shape_of_member(&shape_FaceDetail, *members));
        else
            write_drawn(part, face, *members);
    }
}
