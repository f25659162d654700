/* Labels of images: what is in them, and in which colours. */

#include <stdlib.h>
#include <string.h>

#include "../../state/store.h"
#include "../call/handlers.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../scene/scene.h"
#include "../scene/shaped.h"

/* API Reference, DetectLabels. */
#define CONFIDENCE_LEAST 55
#define LABELS_MOST 1000
#define COLORS_MOST 10
#define MODEL_VERSION "3.0" /* observed */

/* What a label is sure to be where nobody declared it; a guess. */
#define CONFIDENCE_USUAL 99

/* A label, declared or above one that was. */
struct label {
    const char *name;
    double confidence;
    const cJSON *item;  /* the declared label that it is, or is above of */
    const cJSON *above; /* the first of the parents that it has; NULL: none */
    bool is_declared;
};

struct labels {
    struct label *labels;
    size_t count;
};

/* ---- labels ------------------------------------------------------------- */

static double
confidence_of(const cJSON *item)
{
    double confidence = CONFIDENCE_USUAL;

    json_number(member_of(item, "Confidence"), &confidence);
    return confidence;
}

static struct label *
find(struct labels *labels, const char *name)
{
    for (size_t i = 0; i < labels->count; i++)
        if (strcmp(labels->labels[i].name, name) == 0)
            return &labels->labels[i];
    return NULL;
}

/*
 * Developer Guide, Detecting labels: "the response includes all ancestors", each a label of its own: of Car its parent
 * Vehicle and its grandparent Transportation, in this order. They are as sure as the surest below them.
 */
static void
add_ancestors(struct labels *labels, const cJSON *item)
{
    const cJSON *parent;

    cJSON_ArrayForEach(parent, member_of(item, "Parents"))
    {
        const char *name = text_of(parent, "Name");
        struct label *known = name == NULL ? NULL : find(labels, name);

        if (known == NULL && name != NULL)
            labels->labels[labels->count++] = (struct label){ .name = name,
                .confidence = confidence_of(item),
                .item = item,
                .above = parent->next };
        else if (known != NULL && !known->is_declared && known->confidence < confidence_of(item))
            known->confidence = confidence_of(item);
    }
}

static size_t
count_all(const cJSON *declared)
{
    size_t count = 1;
    const cJSON *item;

    cJSON_ArrayForEach(item, declared) count +=
        1 + (size_t)cJSON_GetArraySize(member_of(item, "Parents"));
    return count;
}

static int
compare(const void *one, const void *two)
{
    const struct label *a = one, *b = two;

    if (a->confidence != b->confidence)
        return a->confidence > b->confidence ? -1 : 1;
    if (a->is_declared != b->is_declared)
        return a->is_declared ? -1 : 1;
    return strcmp(a->name, b->name);
}

static struct labels
gather_labels(struct call *call, const struct scene *scene)
{
    const cJSON *declared = scene_part(scene, "labels"), *item;
    struct labels labels = {
        .labels = store_alloc(call->store, count_all(declared) * sizeof(struct label)),
    };

    cJSON_ArrayForEach(item, declared) labels.labels[labels.count++] =
        (struct label){ .name = text_of(item, "Name"),
            .confidence = confidence_of(item),
            .item = item,
            .is_declared = true };
    cJSON_ArrayForEach(item, declared) add_ancestors(&labels, item);
    if (labels.count > 0)
        qsort(labels.labels, labels.count, sizeof *labels.labels, compare);
    return labels;
}

/* ---- filters ------------------------------------------------------------ */

static bool
names(const cJSON *filter, const char *name)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, filter) if (strcmp(item->valuestring, name) == 0) return true;
    return false;
}

static bool
names_category(const cJSON *filter, const struct label *label)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, member_of(label->item, "Categories"))
    {
        const char *name = text_of(item, "Name");

        if (name != NULL && names(filter, name))
            return true;
    }
    return false;
}

/*
 * Developer Guide, Detecting labels: inclusion filters first, by name or category, then exclusion filters. Names are
 * exact. That either inclusion will do where both are given is a guess.
 */
static bool
passes(const cJSON *settings, const struct label *label)
{
    const cJSON *names_in = member_of(settings, "LabelInclusionFilters");
    const cJSON *categories_in = member_of(settings, "LabelCategoryInclusionFilters");
    bool any_in = cJSON_GetArraySize(names_in) + cJSON_GetArraySize(categories_in) > 0;

    if (any_in && !names(names_in, label->name) && !names_category(categories_in, label))
        return false;
    return !names(member_of(settings, "LabelExclusionFilters"), label->name) &&
           !names_category(member_of(settings, "LabelCategoryExclusionFilters"), label);
}

/* ---- answers ------------------------------------------------------------ */

static void
write_colors(struct part part, const cJSON *colors, int64_t most)
{
    struct part list = set_list(part, "DominantColors");
    const cJSON *item = colors == NULL ? NULL : colors->child;

    for (; item != NULL && most > 0; item = item->next, most--)
        set_members_shaped(add_object(list), item, &shape_DominantColor);
}

static int64_t
colors_asked_for(struct call *call)
{
    const cJSON *most = member_of(member_of(input_member(call, "Settings"), "ImageProperties"),
        "MaxDominantColors");

    return most == NULL ? COLORS_MOST : json_integer(most);
}

static void
write_instances(struct part part, const struct label *label, int64_t colors)
{
    struct part list = set_list(part, "Instances"), item;
    const cJSON *instance;

    if (!label->is_declared)
        return;
    cJSON_ArrayForEach(instance, member_of(label->item, "Instances"))
    {
        item = add_object(list);
        set_shaped(item, "BoundingBox", member_of(instance, "BoundingBox"), &shape_BoundingBox);
        set_float(item, "Confidence",
            member_of(instance, "Confidence") == NULL ? label->confidence
                                                      : confidence_of(instance));
        if (colors >= 0 && member_of(instance, "DominantColors") != NULL)
            write_colors(item, member_of(instance, "DominantColors"), colors);
    }
}

static void
write_names(struct part part, const char *member, const cJSON *item)
{
    struct part list = set_list(part, member);

    for (; item != NULL; item = item->next)
        set_text(add_object(list), "Name", text_of(item, "Name"));
}

static const cJSON *
first_of(const cJSON *item, const char *list)
{
    const cJSON *found = member_of(item, list);

    return found == NULL ? NULL : found->child;
}

/* `colors`: of each instance, or -1. */
static void
write_label(struct part item, const struct label *label, int64_t colors)
{
    set_text(item, "Name", label->name);
    set_float(item, "Confidence", label->confidence);
    write_instances(item, label, colors);
    write_names(item, "Parents",
        label->is_declared ? first_of(label->item, "Parents") : label->above);
    write_names(item, "Aliases", label->is_declared ? first_of(label->item, "Aliases") : NULL);
    write_names(item, "Categories", first_of(label->item, "Categories"));
}

static void
answer_labels(struct call *call, const struct scene *scene, int64_t colors)
{
    const cJSON *settings = member_of(input_member(call, "Settings"), "GeneralLabels");
    struct labels labels = gather_labels(call, scene);
    int64_t left = input_int(call, "MaxLabels", LABELS_MOST);
    struct part list = set_list(call->output, "Labels");
    double least = CONFIDENCE_LEAST;

    if (left > LABELS_MOST)
        left = LABELS_MOST;
    json_number(input_member(call, "MinConfidence"), &least);
    for (size_t i = 0; i < labels.count && left > 0; i++)
        if ((float)labels.labels[i].confidence >= (float)least &&
            passes(settings, &labels.labels[i])) {
            write_label(add_object(list), &labels.labels[i], colors);
            left--;
        }
}

static void
write_ground(struct part part, const char *member, const cJSON *ground, int64_t colors)
{
    struct part object = set_object(part, member);

    set_shaped(object, "Quality", member_of(ground, "Quality"), &shape_DetectLabelsImageQuality);
    write_colors(object, member_of(ground, "DominantColors"), colors);
}

static void
answer_properties(struct call *call, const struct scene *scene, int64_t colors)
{
    const cJSON *properties = scene_part(scene, "properties");
    struct part part = set_object(call->output, "ImageProperties");

    set_shaped(part, "Quality", member_of(properties, "Quality"), &shape_DetectLabelsImageQuality);
    write_colors(part, member_of(properties, "DominantColors"), colors);
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

bool
detect_labels(struct call *call)
{
    static const struct picture_limits limits = { .bytes = SETTING_TOTAL,
        .min_side = SETTING_DETECT_MIN_SIDE,
        .max_side = SETTING_LABELS_MAX_SIDE,
        .max_aspect = SETTING_TOTAL,
        .too_wide = "Image dimensions: null x null pixels exceed the maximum limit." };
    bool properties = wants(call, "IMAGE_PROPERTIES");
    struct scene scene;
    bool seen;

    if (asks_in_vain(call))
        return invalid_parameter(call, GUESSED,
            "API Reference, DetectLabels: they are only valid with GENERAL_LABELS",
            "MaxLabels and MinConfidence are for GENERAL_LABELS alone");
    seen = scene_look(call, "Image", &limits, &scene);
    if (seen && wants(call, "GENERAL_LABELS"))
        answer_labels(call, &scene, properties ? colors_asked_for(call) : -1);
    if (seen)
        set_text(call->output, "LabelModelVersion", MODEL_VERSION);
    if (seen && properties)
        answer_properties(call, &scene, colors_asked_for(call));
    scene_end(&scene);
    return seen;
}
