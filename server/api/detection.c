/* Detection with a model, or an adapter. */

#include <stdlib.h>
#include <string.h>

#include "../../state/resource/project_version.h"
#include "../../state/store.h"
#include "../../state/resource/inference.h"
#include "../../state/resource/version_image.h"
#include "../call/adapter.h"
#include "../call/assume.h"
#include "../call/sight.h"
#include "../json/json.h"
#include "../call/picture.h"
#include "../call/handlers.h"
#include "../json/tree.h"
#include "../scene/moderation.h"
#include "../scene/scene.h"
#include "../scene/script.h"

/* ---- custom labels ------------------------------------------------------ */

/* API Reference, CustomLabel: image-level labels have no Geometry. */
static void
add_custom_label(struct part list, const struct detected *label)
{
    struct part item = add_object(list), box;

    set_text(item, "Name", label->name);
    set_float(item, "Confidence", label->confidence);
    if (!label->has_box)
        return;
    box = set_object(set_object(item, "Geometry"), "BoundingBox");
    set_float(box, "Width", label->width);
    set_float(box, "Height", label->height);
    set_float(box, "Left", label->left);
    set_float(box, "Top", label->top);
}

/*
 * API Reference, DetectCustomLabels: MinConfidence 0 returns all labels; "If you don't specify
 * MinConfidence, the response includes labels based on the assumed threshold of each label." A
 * label at the limit is returned: the member says none that is "lower" is, the operation that all
 * "higher" ones are.
 */
static bool
is_confident(struct call *call, const struct detected *label)
{
    const struct project_version *version = call->fetched;
    double least;

    if (!json_number(input_member(call, "MinConfidence"), &least))
        least = 100 * version_label_threshold(call->store, version->model_id, label->name, 0);
    return detected_reaches(label, least);
}

/* MaxResults: those of the highest confidence. That none is returned for 0 is a guess. */
static void
answer_custom_labels(struct call *call, const struct detections *found)
{
    struct part list = set_list(call->output, "CustomLabels");
    int64_t left = input_int(call, "MaxResults", INT64_MAX);

    for (size_t i = 0; i < found->count && left > 0; i++)
        if (is_confident(call, &found->labels[i])) {
            add_custom_label(list, &found->labels[i]);
            left--;
        }
}

/* Whether the version is running, and the inference units that it runs on serve the call. */
static bool
serves(struct call *call, const struct project_version *version)
{
    return granted(call, project_version_detects(call->store, version)) &&
           granted(call, inference_serve(call->store, version->arn, version->units,
                             version->max_units > version->min_units));
}

bool
detect_custom_labels(struct call *call)
{
    static const struct picture_limits limits = { .bytes = SETTING_IMAGE_BYTES,
        .min_side = SETTING_IMAGE_MIN_SIDE,
        .max_side = SETTING_IMAGE_MAX_SIDE,
        .max_aspect = SETTING_IMAGE_MAX_ASPECT };
    static const struct asked asked = { .list = "CustomLabels",
        .sureness = "Confidence",
        .least_member = "MinConfidence",
        .most_member = "MaxResults" };
    const struct project_version *version = call->fetched;
    struct picture picture;
    struct detections found;

    if (project_version_is_adapter(version))
        return invalid_parameter(call, DOCUMENTED, "API Reference, DetectCustomLabels",
            "the version is an adapter");
    if (!picture_is_given(call, "Image") || !serves(call, version) ||
        !picture_read(call, "Image", &limits, &picture) || !detect(call, version, &picture, &found))
        return false;
    if (found.answer != NULL) {
        script_answer(call, found.answer, &asked);
        return true;
    }
    if (!found.known)
        assume_labels(call, version, &picture, &found);
    answer_custom_labels(call, &found);
    return true;
}

/* ---- moderation labels -------------------------------------------------- */

static void
answer_moderation_labels(struct call *call, const struct detections *found)
{
    struct part list = set_list(call->output, "ModerationLabels");
    double least = MODERATION_LEAST;

    json_number(input_member(call, "MinConfidence"), &least);
    for (size_t i = 0; i < found->count; i++)
        if (detected_reaches(&found->labels[i], least))
            moderation_write(add_object(list), &found->labels[i]);
}

static void
answer_script(struct call *call, const struct project_version *adapter, const char *answer)
{
    const struct asked asked = { .list = "ModerationLabels",
        .sureness = "Confidence",
        .least_member = "MinConfidence",
        .least = MODERATION_LEAST,
        .version_member = "ModerationModelVersion",
        .version = MODERATION_MODEL,
        .adapter_member = "ProjectVersion",
        .adapter = adapter == NULL ? NULL : adapter->arn };

    script_answer(call, answer, &asked);
}

/*
 * API Reference, HumanLoopActivationOutput: "If there is no HumanLoopArn, the input did not trigger human review." The
 * conditions of a flow definition are Augmented AI's, and none is known here: a script may say that one was met.
 */
static void
answer_human_loop(struct call *call)
{
    if (input_member(call, "HumanLoopConfig") != NULL)
        set_object(call->output, "HumanLoopActivationOutput");
}

static void
answer_rest(struct call *call, const struct project_version *adapter, const struct scene *scene)
{
    set_text(call->output, "ModerationModelVersion", MODERATION_MODEL);
    if (adapter != NULL)
        set_text(call->output, "ProjectVersion", adapter->arn);
    moderation_write_types(call->output, scene_part(scene, "contentTypes"));
    answer_human_loop(call);
}

/* A script decides, then what was declared of the image, then what the adapter was trained with. */
static bool
moderate(struct call *call, const struct project_version *adapter, const struct picture *picture,
    struct scene *scene)
{
    struct detections found;

    if (!detect(call, adapter, picture, &found))
        return false;
    if (found.answer != NULL) {
        answer_script(call, adapter, found.answer);
        return true;
    }
    if (!sight_was_scripted(call) && scene_find(call, picture, scene))
        moderation_read(call->store, scene_part(scene, "moderation"), &found);
    else if (!found.known && !scene_assume(call, scene))
        return false;
    moderation_add_parents(call->store, &found);
    answer_moderation_labels(call, &found);
    answer_rest(call, adapter, scene);
    return true;
}

/* With an adapter, as far as that goes; the service's own model knows nothing but what it is told. */
bool
detect_moderation_labels(struct call *call)
{
    static const struct picture_limits limits = { .bytes = SETTING_MODERATION_BYTES,
        .min_side = SETTING_MODERATION_MIN_SIDE,
        .max_side = SETTING_MODERATION_MAX_SIDE,
        .max_aspect = SETTING_TOTAL };
    const struct project_version *adapter;
    struct picture picture;
    struct scene scene = { .shows = NULL };
    bool done;

    done = picture_is_given(call, "Image") &&
           adapter_fetch(call, input_text(call, "ProjectVersion"), &adapter) &&
           picture_read(call, "Image", &limits, &picture) &&
           moderate(call, adapter, &picture, &scene);
    scene_end(&scene);
    return done;
}
