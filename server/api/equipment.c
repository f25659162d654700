/* Protective equipment: who wears what, and who wears all that is required. */

#include <string.h>

#include "../../state/base/array.h"
#include "../../state/store.h"
#include "../call/handlers.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../scene/scene.h"
#include "../scene/script.h"
#include "../scene/shaped.h"

#define MODEL_VERSION "1.0" /* documented */
#define CONFIDENCE_USUAL 99 /* a guess: of what was declared without one */

static double
confidence_of(const cJSON *item)
{
    double confidence = CONFIDENCE_USUAL;

    json_number(member_of(item, "Confidence"), &confidence);
    return confidence;
}

/* ---- persons ------------------------------------------------------------ */

static void
write_detection(struct part item, const cJSON *detection)
{
    set_shaped(item, "BoundingBox", member_of(detection, "BoundingBox"), &shape_BoundingBox);
    set_float(item, "Confidence", confidence_of(detection));
    set_text(item, "Type", text_of(detection, "Type"));
    set_shaped(item, "CoversBodyPart", member_of(detection, "CoversBodyPart"),
        &shape_CoversBodyPart);
}

static void
write_body_part(struct part item, const cJSON *body_part)
{
    const cJSON *detection;
    struct part list;

    set_text(item, "Name", text_of(body_part, "Name"));
    set_float(item, "Confidence", confidence_of(body_part));
    list = set_list(item, "EquipmentDetections");
    cJSON_ArrayForEach(detection, member_of(body_part, "EquipmentDetections"))
        write_detection(add_object(list), detection);
}

static void
write_person(struct part item, const cJSON *person, int id)
{
    struct part list = set_list(item, "BodyParts");
    const cJSON *body_part;

    cJSON_ArrayForEach(body_part, member_of(person, "BodyParts"))
        write_body_part(add_object(list), body_part);
    set_shaped(item, "BoundingBox", member_of(person, "BoundingBox"), &shape_BoundingBox);
    set_float(item, "Confidence", confidence_of(person));
    set_int(item, "Id", id);
}

/* ---- summary ------------------------------------------------------------ */

enum wearing { WEARS, LACKS, UNCLEAR };

/* Which parts of the body a type of equipment is worn on. */
static const struct cover {
    const char *type, *body_part;
} covers[] = {
    { "FACE_COVER", "FACE" },
    { "HEAD_COVER", "HEAD" },
    { "HAND_COVER", "LEFT_HAND" },
    { "HAND_COVER", "RIGHT_HAND" },
};

static bool
is_covered(const cJSON *body_part, const char *type, double least)
{
    const cJSON *item, *does;

    cJSON_ArrayForEach(item, member_of(body_part, "EquipmentDetections"))
    {
        const char *own = text_of(item, "Type");

        does = member_of(item, "CoversBodyPart");
        if (own != NULL && strcmp(own, type) == 0 && (float)confidence_of(item) >= (float)least &&
            (does == NULL || (cJSON_IsTrue(member_of(does, "Value")) &&
                                 (float)confidence_of(does) >= (float)least)))
            return true;
    }
    return false;
}

/* NULL: it is not seen well enough. */
static const cJSON *
part_of(const cJSON *person, const char *name, double least)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, member_of(person, "BodyParts"))
    {
        const char *own = text_of(item, "Name");

        if (own != NULL && strcmp(own, name) == 0 && (float)confidence_of(item) >= (float)least)
            return item;
    }
    return NULL;
}

/* One hand that is seen bare is enough to lack a cover; that it takes no more is a guess. */
static enum wearing
wears(const cJSON *person, const char *type, double least)
{
    enum wearing wearing = UNCLEAR;

    for (size_t i = 0; i < COUNT(covers); i++) {
        const cJSON *body_part;

        if (strcmp(covers[i].type, type) != 0)
            continue;
        body_part = part_of(person, covers[i].body_part, least);
        if (body_part == NULL)
            continue;
        if (!is_covered(body_part, type, least))
            return LACKS;
        wearing = WEARS;
    }
    return wearing;
}

/*
 * Developer Guide, Detecting personal protective equipment: with all the required types, without one of them, or it
 * could not be determined; MinConfidence counts for persons, parts of bodies, equipment and what it covers. That a
 * person who is not sure enough is indeterminate is a guess.
 */
static enum wearing
wears_all(const cJSON *person, const cJSON *types, double least)
{
    enum wearing all = WEARS, one;
    const cJSON *type;

    if ((float)confidence_of(person) < (float)least)
        return UNCLEAR;
    cJSON_ArrayForEach(type, types)
    {
        one = wears(person, type->valuestring, least);
        if (one == LACKS)
            return LACKS;
        if (one == UNCLEAR)
            all = UNCLEAR;
    }
    return all;
}

static void
answer_summary(struct call *call, const enum wearing *wearing, int count)
{
    static const struct {
        enum wearing wearing;
        const char *member;
    } lists[] = {
        { WEARS, "PersonsWithRequiredEquipment" },
        { LACKS, "PersonsWithoutRequiredEquipment" },
        { UNCLEAR, "PersonsIndeterminate" },
    };
    struct part summary = set_object(call->output, "Summary");

    for (size_t i = 0; i < COUNT(lists); i++) {
        struct part list = set_list(summary, lists[i].member);

        for (int id = 0; id < count; id++)
            if (wearing[id] == lists[i].wearing)
                add_int(list, id);
    }
}

/* ---- answers ------------------------------------------------------------ */

/* Below a face there is a body, as far as the image goes. */
static cJSON *
body_of(const struct face *face)
{
    cJSON *person = cJSON_CreateObject(), *parts = cJSON_CreateArray();
    cJSON *box = tree_set_object(person, "BoundingBox"), *part;
    double left = face->box.left - face->box.width / 2, top = face->box.top;
    double right = face->box.left + 1.5 * face->box.width;

    left = left < 0 ? 0 : left;
    top = top < 0 ? 0 : top;
    cJSON_AddNumberToObject(box, "Width", (right > 1 ? 1 : right) - left);
    cJSON_AddNumberToObject(box, "Height", 1 - top);
    cJSON_AddNumberToObject(box, "Left", left);
    cJSON_AddNumberToObject(box, "Top", top);
    cJSON_AddItemToObject(person, "BodyParts", parts);
    part = tree_append_object(parts);
    cJSON_AddStringToObject(part, "Name", "FACE");
    part = tree_append_object(parts);
    cJSON_AddStringToObject(part, "Name", "HEAD");
    return person;
}

/* What is declared; where nothing is, who is seen wears nothing. The caller deletes it. */
static cJSON *
persons_in(struct call *call, const struct scene *scene)
{
    const cJSON *declared = scene_part(scene, "equipment");
    const struct face *faces;
    cJSON *persons;
    size_t count;

    if (declared != NULL)
        return cJSON_Duplicate(declared, true);
    persons = cJSON_CreateArray();
    faces = scene_faces(call, scene, setting_int(call->store, SETTING_EQUIPMENT_MAX_PERSONS), false,
        &count);
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(persons, body_of(&faces[i]));
    return persons;
}

static void
answer_persons(struct call *call, const cJSON *persons)
{
    const cJSON *asked = input_member(call, "SummarizationAttributes"), *person;
    int64_t most = setting_int(call->store, SETTING_EQUIPMENT_MAX_PERSONS);
    enum wearing *wearing =
        store_alloc(call->store, (size_t)(cJSON_GetArraySize(persons) + 1) * sizeof *wearing);
    struct part list;
    double least = 0;
    int id = 0;

    json_number(member_of(asked, "MinConfidence"), &least);
    set_text(call->output, "ProtectiveEquipmentModelVersion", MODEL_VERSION);
    list = set_list(call->output, "Persons");
    cJSON_ArrayForEach(person, persons)
    {
        if (id == most)
            break;
        write_person(add_object(list), person, id);
        wearing[id++] = wears_all(person, member_of(asked, "RequiredEquipmentTypes"), least);
    }
    if (asked != NULL)
        answer_summary(call, wearing, id);
}

bool
detect_protective_equipment(struct call *call)
{
    static const struct picture_limits limits = { .bytes = SETTING_EQUIPMENT_BYTES,
        .min_side = SETTING_EQUIPMENT_MIN_SIDE,
        .max_side = SETTING_EQUIPMENT_MAX_SIDE,
        .max_aspect = SETTING_TOTAL };
    static const struct asked asked = { .list = "Persons",
        .version_member = "ProtectiveEquipmentModelVersion",
        .version = MODEL_VERSION };
    struct scene scene;
    cJSON *persons;
    bool seen = scene_look(call, "Image", &limits, &scene);

    if (seen && scene.answer != NULL) {
        script_answer(call, scene.answer, &asked);
    } else if (seen) {
        persons = persons_in(call, &scene);
        answer_persons(call, persons);
        cJSON_Delete(persons);
    }
    scene_end(&scene);
    return seen;
}
