/* Labels of images: what is in them, and in which colours. */

#include <string.h>

#include "../../state/store.h"
#include "../call/handlers.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../scene/label.h"
#include "../scene/scene.h"
#include "../scene/script.h"
#include "../scene/shaped.h"

/* API Reference, DetectLabels. */
#define CONFIDENCE_LEAST 55
#define LABELS_MOST 1000
#define COLORS_MOST 10
#define MODEL_VERSION "3.0" /* observed */

static bool
names(const cJSON *filter, const char *name)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, filter) if (strcmp(item->valuestring, name) == 0) return true;
    return false;
}

static int64_t
colors_asked_for(struct call *call)
{
    const cJSON *most = member_of(member_of(input_member(call, "Settings"), "ImageProperties"),
        "MaxDominantColors");

    return most == NULL ? COLORS_MOST : json_integer(most);
}

static void
answer_labels(struct call *call, const struct scene *scene, int64_t colors)
{
    const cJSON *settings = member_of(input_member(call, "Settings"), "GeneralLabels");
    struct labels labels = labels_of(call->store, scene_part(scene, "labels"));
    int64_t left = input_int(call, "MaxLabels", LABELS_MOST);
    struct part list = set_list(call->output, "Labels");
    double least = CONFIDENCE_LEAST;

    if (left > LABELS_MOST)
        left = LABELS_MOST;
    json_number(input_member(call, "MinConfidence"), &least);
    for (size_t i = 0; i < labels.count && left > 0; i++)
        if (label_passes(&labels.labels[i], least, settings)) {
            label_write(add_object(list), &labels.labels[i], colors);
            left--;
        }
}

static void
write_ground(struct part part, const char *member, const cJSON *ground, int64_t colors)
{
    struct part object = set_object(part, member);

    set_shaped(object, "Quality", member_of(ground, "Quality"), &shape_DetectLabelsImageQuality);
    label_write_colors(object, member_of(ground, "DominantColors"), colors);
}

static void
answer_properties(struct call *call, const struct scene *scene, int64_t colors)
{
    const cJSON *properties = scene_part(scene, "properties");
    struct part part = set_object(call->output, "ImageProperties");

    set_shaped(part, "Quality", member_of(properties, "Quality"), &shape_DetectLabelsImageQuality);
    label_write_colors(part, member_of(properties, "DominantColors"), colors);
    write_ground(part, "Foreground", member_of(properties, "Foreground"), colors);
    write_ground(part, "Background", member_of(properties, "Background"), colors);
}

/* API Reference, DetectLabels, Features: "If no option is specified GENERAL_LABELS is used by default". */
static bool
wants(struct call *call, const char *feature)
{
    const cJSON *features = input_member(call, "Features");

    if (cJSON_GetArraySize(features) == 0)
        return strcmp(feature, "GENERAL_LABELS") == 0;
    return names(features, feature);
}

/* MaxLabels, MinConfidence: "Only valid when GENERAL_LABELS is specified as a feature type". */
static bool
asks_in_vain(struct call *call)
{
    return !wants(call, "GENERAL_LABELS") &&
           (input_member(call, "MaxLabels") != NULL || input_member(call, "MinConfidence") != NULL);
}

static void
answer_scene(struct call *call, const struct scene *scene)
{
    bool properties = wants(call, "IMAGE_PROPERTIES");

    if (wants(call, "GENERAL_LABELS"))
        answer_labels(call, scene, properties ? colors_asked_for(call) : -1);
    set_text(call->output, "LabelModelVersion", MODEL_VERSION);
    if (properties)
        answer_properties(call, scene, colors_asked_for(call));
}

bool
detect_labels(struct call *call)
{
    static const struct picture_limits limits = { .bytes = SETTING_TOTAL,
        .min_side = SETTING_DETECT_MIN_SIDE,
        .max_side = SETTING_LABELS_MAX_SIDE,
        .max_aspect = SETTING_TOTAL,
        .too_wide = "Image dimensions: null x null pixels exceed the maximum limit." };
    static const struct asked asked = { .list = "Labels",
        .sureness = "Confidence",
        .least_member = "MinConfidence",
        .least = CONFIDENCE_LEAST,
        .most_member = "MaxLabels",
        .version_member = "LabelModelVersion",
        .version = MODEL_VERSION };
    struct scene scene;
    bool seen;

    if (asks_in_vain(call))
        return invalid_parameter(call, GUESSED,
            "API Reference, DetectLabels: they are only valid with GENERAL_LABELS",
            "MaxLabels and MinConfidence are for GENERAL_LABELS alone");
    seen = scene_look(call, "Image", &limits, &scene);
    if (seen && scene.answer != NULL)
        script_answer(call, scene.answer, &asked);
    else if (seen)
        answer_scene(call, &scene);
    scene_end(&scene);
    return seen;
}
