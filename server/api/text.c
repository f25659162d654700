/* Text in images. */

#include "../../state/store.h"
#include "../call/handlers.h"
#include "../json/tree.h"
#include "../scene/region.h"
#include "../scene/scene.h"
#include "../scene/script.h"
#include "../scene/text.h"

#define MODEL_VERSION "3.0" /* documented */

static void
answer_text(struct call *call, const struct scene *scene)
{
    struct page_of_text page = text_read(call->store, scene_part(scene, "text"),
        input_member(call, "Filters"), setting_int(call->store, SETTING_DETECT_MAX_WORDS));
    struct part list = set_list(call->output, "TextDetections");

    for (int i = 0; i < page.count; i++)
        text_write(add_object(list), &page, i);
    set_text(call->output, "TextModelVersion", MODEL_VERSION);
}

bool
detect_text(struct call *call)
{
    static const struct picture_limits limits = { .bytes = SETTING_TOTAL,
        .min_side = SETTING_DETECT_MIN_SIDE,
        .max_side = SETTING_TOTAL,
        .max_aspect = SETTING_TOTAL };
    static const struct asked asked = { .list = "TextDetections",
        .version_member = "TextModelVersion",
        .version = MODEL_VERSION };
    struct scene scene;
    bool seen;

    if (!regions_are_places(member_of(input_member(call, "Filters"), "RegionsOfInterest")))
        return invalid_parameter(call, GUESSED, "API Reference, RegionOfInterest",
            "a region of interest has neither a BoundingBox nor a Polygon of three points");
    seen = scene_look(call, "Image", &limits, &scene);
    if (seen && scene.answer != NULL)
        script_answer(call, scene.answer, &asked);
    else if (seen)
        answer_text(call, &scene);
    scene_end(&scene);
    return seen;
}
