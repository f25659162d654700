#include "look.h"

#include <string.h>

#include "../../state/base/array.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../call/call.h"
#include "../call/sight.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../scene/face.h"
#include "../scene/label.h"
#include "../scene/moderation.h"
#include "../scene/scene.h"
#include "../scene/shaped.h"
#include "../scene/text.h"
#include "segment.h"

/* API Reference, StartLabelDetection: "the operation returns labels with confidence values above or equal to 50". */
#define LABELS_LEAST 50

static struct store *
store_of(const struct looking *looking)
{
    return looking->call->store;
}

static double
least_of(const struct looking *looking, double otherwise)
{
    json_number(member_of(looking->request, "MinConfidence"), &otherwise);
    return otherwise;
}

static struct sight *
room_for(const struct looking *looking, size_t count)
{
    return store_alloc(store_of(looking), (count + 1) * sizeof(struct sight));
}

/* ---- labels ------------------------------------------------------------- */

static void
look_labels(const struct looking *looking, struct stretch *stretch)
{
    const cJSON *settings = member_of(member_of(looking->request, "Settings"), "GeneralLabels");
    struct labels labels = labels_of(store_of(looking), member_of(stretch->shown, "labels"));
    double least = least_of(looking, LABELS_LEAST);

    stretch->sights = room_for(looking, labels.count);
    for (size_t i = 0; i < labels.count; i++)
        if (label_passes(&labels.labels[i], least, settings))
            stretch->sights[stretch->count++] = (struct sight){ .name = labels.labels[i].name,
                .confidence = labels.labels[i].confidence,
                .thing = &labels.labels[i] };
}

static void
write_labels(const struct looking *looking, struct part item, const struct stretch *stretch,
    const struct sight *sight, bool bare)
{
    (void)looking, (void)stretch;
    if (bare)
        label_write_bare(set_object(item, "Label"), sight->thing);
    else
        label_write(set_object(item, "Label"), sight->thing, -1);
}

/* ---- moderation labels -------------------------------------------------- */

static void
look_moderation(const struct looking *looking, struct stretch *stretch)
{
    double least = least_of(looking, MODERATION_LEAST);
    struct detections found;

    moderation_read(store_of(looking), member_of(stretch->shown, "moderation"), &found);
    moderation_add_parents(store_of(looking), &found);
    stretch->sights = room_for(looking, found.count);
    for (size_t i = 0; i < found.count; i++)
        if (detected_reaches(&found.labels[i], least))
            stretch->sights[stretch->count++] = (struct sight){ .name = found.labels[i].name,
                .confidence = found.labels[i].confidence,
                .thing = &found.labels[i] };
}

static void
write_moderation(const struct looking *looking, struct part item, const struct stretch *stretch,
    const struct sight *sight, bool bare)
{
    const cJSON *types = member_of(stretch->shown, "contentTypes");

    (void)looking, (void)bare;
    moderation_write(set_object(item, "ModerationLabel"), sight->thing);
    if (types != NULL)
        moderation_write_types(item, types);
}

/* ---- faces -------------------------------------------------------------- */

/* What was declared of whose face it is, as finding.h has it. */
static const cJSON *
declared_of(const struct stretch *stretch, const struct face *face)
{
    const cJSON *persons = member_of(stretch->shown, "persons");
    int place = face->identity.place, count = cJSON_GetArraySize(persons);

    return place < count
               ? cJSON_GetArrayItem(persons, place)
               : cJSON_GetArrayItem(member_of(stretch->shown, "celebrities"), place - count);
}

static int64_t
index_of(const struct stretch *stretch, const struct face *face)
{
    const cJSON *index = member_of(declared_of(stretch, face), "index");

    return index == NULL ? face->identity.place : json_integer(index);
}

static void
look_faces(const struct looking *looking, struct stretch *stretch)
{
    struct scene scene = { .image = looking->video, .shows = (cJSON *)stretch->shown };
    size_t count;
    const struct face *faces = scene_faces(looking->call, &scene,
        setting_int(store_of(looking), SETTING_DETECT_MAX_FACES), false, &count);

    stretch->sights = room_for(looking, count);
    for (size_t i = 0; i < count; i++)
        stretch->sights[stretch->count++] = (struct sight){ .index = index_of(stretch, &faces[i]),
            .confidence = faces[i].confidence,
            .thing = &faces[i] };
}

/* API Reference, GetFaceDetection: FaceOccluded and EyeDirection are not returned. */
static void
write_faces(const struct looking *looking, struct part item, const struct stretch *stretch,
    const struct sight *sight, bool bare)
{
    static const char *const all[] = { "BoundingBox", "AgeRange", "Smile", "Eyeglasses",
        "Sunglasses", "Gender", "Beard", "Mustache", "EyesOpen", "MouthOpen", "Emotions",
        "Landmarks", "Pose", "Quality", "Confidence", NULL };
    const char *attributes = text_of(looking->request, "FaceAttributes");
    bool wants_all = attributes != NULL && strcmp(attributes, "ALL") == 0;

    (void)stretch, (void)bare;
    face_write(set_object(item, "Face"), sight->thing, wants_all ? all : face_default, wants_all);
}

/* ---- persons ------------------------------------------------------------ */

static void
look_persons(const struct looking *looking, struct stretch *stretch)
{
    look_faces(looking, stretch);
}

/* Where a person is but for the face, nobody has declared: the box is that of the face, a guess. */
static void
write_persons(const struct looking *looking, struct part item, const struct stretch *stretch,
    const struct sight *sight, bool bare)
{
    struct part person = set_object(item, "Person");
    const struct face *face = sight->thing;

    (void)looking, (void)stretch, (void)bare;
    set_int(person, "Index", sight->index);
    box_write(set_object(person, "BoundingBox"), &face->box);
    face_write(set_object(person, "Face"), face, face_default, false);
}

static void
look_matches(const struct looking *looking, struct stretch *stretch)
{
    look_faces(looking, stretch);
}

/* API Reference, PersonMatch: a person who is like nobody has no FaceMatches. */
static void
write_matches(const struct looking *looking, struct part item, const struct stretch *stretch,
    const struct sight *sight, bool bare)
{
    const cJSON *matches = member_of(declared_of(stretch, sight->thing), "matches");

    write_persons(looking, item, stretch, sight, bare);
    if (cJSON_GetArraySize(matches) > 0)
        set_shaped(item, "FaceMatches", matches, &shape_FaceMatchList);
}

/* ---- celebrities -------------------------------------------------------- */

static const cJSON *
celebrity_of(const struct stretch *stretch, const struct face *face)
{
    return face->celebrity != NULL ? face->celebrity
                                   : member_of(declared_of(stretch, face), "celebrity");
}

/* Those of whom nobody said that they are famous are not among them. */
static void
look_celebrities(const struct looking *looking, struct stretch *stretch)
{
    size_t famous = 0;

    look_faces(looking, stretch);
    for (size_t i = 0; i < stretch->count; i++) {
        const cJSON *celebrity = celebrity_of(stretch, stretch->sights[i].thing);

        if (celebrity == NULL)
            continue;
        stretch->sights[famous] = stretch->sights[i];
        stretch->sights[famous++].name = text_of(celebrity, "Id");
    }
    stretch->count = famous;
}

static void
write_celebrities(const struct looking *looking, struct part item, const struct stretch *stretch,
    const struct sight *sight, bool bare)
{
    const struct face *face = sight->thing;
    const cJSON *celebrity = celebrity_of(stretch, face), *url;
    struct part object = set_object(item, "Celebrity"), urls = set_list(object, "Urls");

    (void)looking, (void)bare;
    cJSON_ArrayForEach(url, member_of(celebrity, "Urls")) if (cJSON_IsString(url))
        add_text(urls, url->valuestring);
    set_text(object, "Name", text_of(celebrity, "Name"));
    set_text(object, "Id", text_of(celebrity, "Id"));
    set_float(object, "Confidence", face->match);
    box_write(set_object(object, "BoundingBox"), &face->box);
    face_write(set_object(object, "Face"), face, face_default, false);
    set_shaped(object, "KnownGender", member_of(celebrity, "KnownGender"), &shape_KnownGender);
}

/* ---- text --------------------------------------------------------------- */

static void
look_text(const struct looking *looking, struct stretch *stretch)
{
    struct page_of_text *page = store_alloc(store_of(looking), sizeof *page);

    *page = text_read(store_of(looking), member_of(stretch->shown, "text"),
        member_of(looking->request, "Filters"),
        setting_int(store_of(looking), SETTING_DETECT_MAX_WORDS));
    stretch->context = page;
    stretch->sights = room_for(looking, (size_t)page->count);
    for (int i = 0; i < page->count; i++)
        stretch->sights[stretch->count++] =
            (struct sight){ .index = i, .confidence = text_confidence(page, i) };
}

static void
write_text(const struct looking *looking, struct part item, const struct stretch *stretch,
    const struct sight *sight, bool bare)
{
    (void)looking, (void)bare;
    text_write(set_object(item, "TextDetection"), stretch->context, (int)sight->index);
}

/* ---- segments ----------------------------------------------------------- */

static void
look_segments(const struct looking *looking, struct stretch *stretch)
{
    size_t count;
    const struct segment *segments =
        segments_of(store_of(looking), stretch->shown, looking->request, &count);

    stretch->sights = room_for(looking, count);
    for (size_t i = 0; i < count; i++)
        stretch->sights[stretch->count++] =
            (struct sight){ .index = (int64_t)i, .thing = &segments[i] };
}

static void
write_segments(const struct looking *looking, struct part item, const struct stretch *stretch,
    const struct sight *sight, bool bare)
{
    (void)stretch, (void)bare;
    segment_write(item, sight->thing, looking->frame_rate);
}

/* ---- the table ---------------------------------------------------------- */

static const struct kind kinds[] = {
#define VIDEO(api, list, looks, first, interval, evidence, source, member, version, groups, same, \
    aggregates)                                                                                   \
    { #api, list, first, interval, evidence, source, member, version, groups, SAME_##same,        \
        aggregates, look_##looks, write_##looks },
#include "video.def"
#undef VIDEO
};

const struct kind *
video_kind(const char *name)
{
    const char *api = strncmp(name, "Start", 5) == 0 ? name + 5
                      : strncmp(name, "Get", 3) == 0 ? name + 3
                                                     : name;

    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(kinds[i].api, api) == 0)
            return &kinds[i];
    return NULL;
}
