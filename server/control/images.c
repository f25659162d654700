/* Control of what images show: what the service would see in them, for every operation that looks. */

#include "../../state/base/memory.h"
#include "../../state/resource/known_image.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../json/tree.h"
#include "../scene/declared.h"
#include "control.h"
#include "rule.h"

static bool
read_image(struct control *control, struct known_image *image)
{
    cJSON *named = cJSON_GetObjectItemCaseSensitive(control->body, "image");
    cJSON *shows = cJSON_GetObjectItemCaseSensitive(control->body, "shows");
    struct declared_fault fault;

    *image = (struct known_image){ .account = text_of(control->body, "account") };
    if (!declared_image(named, image, &fault) || !declared_shows(shows, &fault))
        return control_fail(control, 400, "InvalidValue", "%s.", fault.message);
    image->shows = memory_made(cJSON_PrintUnformatted(shows));
    return true;
}

void
control_images_post(struct control *control)
{
    struct known_image image;

    if (!read_image(control, &image))
        return;
    step_begin(control->store, "images");
    rule_added(control, known_image_add(control->store, &image));
    cJSON_free((void *)image.shows);
}

static cJSON *
next(struct store *store, int64_t *after)
{
    struct known_image image;
    cJSON *json, *named;

    if (!known_image_next(store, after, &image))
        return NULL;
    json = cJSON_CreateObject();
    control_set_id(json, image.id);
    named = tree_set_object(json, "image");
    tree_set_text(named, "sha256", image.sha256);
    tree_set_text(named, "s3", image.s3);
    tree_set_text(named, "looks", image.looks);
    tree_set_text(json, "account", image.account);
    tree_set_json(json, "shows", image.shows);
    return json;
}

static const struct rule_kind images = { .one = "image",
    .all = "images",
    .next = next,
    .remove = known_image_remove,
    .remove_all = known_image_remove_all };

void
control_images(struct control *control)
{
    rules_list(control, &images);
}

void
control_images_delete(struct control *control)
{
    rules_delete(control, &images);
}

void
control_image(struct control *control)
{
    rule_get(control, &images);
}

void
control_image_delete(struct control *control)
{
    rule_delete(control, &images);
}
