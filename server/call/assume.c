#include "assume.h"

#include <string.h>

#include "../../state/base/hash.h"
#include "../../state/resource/project_version.h"
#include "../../state/resource/version_image.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../http/program.h"
#include "call.h"
#include "once.h"
#include "picture.h"
#include "sight.h"

/* The numbers of one image, in the order in which they are drawn. */
struct lot {
    uint64_t seed, drawn;
};

static double
draw(struct lot *lot)
{
    return hash_ratio(hash_draw(lot->seed, ++lot->drawn));
}

static struct lot
lot_of(struct call *call, const struct picture *picture)
{
    const struct ids *ids = store_ids(call->store);
    const char *name = picture_digest(call, picture);

    if (name == NULL)
        name = picture_name(call, picture);
    return (struct lot){ .seed = hash_bytes(name, strlen(name)) ^
                                 (ids->seeded ? hash_mix(ids->seed) : 0) };
}

/* One of its labels; NULL if it has none, for with S3 off no manifest was read. */
static const char *
drawn_label(struct store *store, int64_t model_id, struct lot *lot, double *threshold)
{
    const char *name = "";
    size_t count = 0, wanted;

    while (version_label_next(store, model_id, &name, threshold))
        count++;
    if (count == 0)
        return NULL;
    wanted = (size_t)(draw(lot) * (double)count);
    name = "";
    for (size_t i = 0; i <= wanted; i++)
        version_label_next(store, model_id, &name, threshold);
    return name;
}

static const char *
project_name(struct store *store, const char *version_arn)
{
    const char *name = strstr(version_arn, ":project/") + strlen(":project/");

    return store_format(store, "%.*s", (int)strcspn(name, "/"), name);
}

/* Whether what it was trained with has boxes. */
static bool
finds_boxes(struct store *store, int64_t model_id)
{
    struct version_image image;
    const char *after = "";

    return version_image_next(store, model_id, &after, &image) &&
           strstr(image.labels, "\"boundingBox\"") != NULL;
}

static void
draw_box(struct lot *lot, struct detected *label)
{
    label->has_box = true;
    label->width = 0.1 + 0.4 * draw(lot);
    label->height = 0.1 + 0.4 * draw(lot);
    label->left = draw(lot) * (1 - label->width);
    label->top = draw(lot) * (1 - label->height);
}

static void
assume_label(struct call *call, const struct project_version *version,
    const struct picture *picture, struct detections *found)
{
    struct lot lot = lot_of(call, picture);
    double threshold = 0.5;
    const char *name = drawn_label(call->store, version->model_id, &lot, &threshold);
    struct detected *label = store_alloc(call->store, sizeof *label);

    *label =
        (struct detected){ .name = name != NULL ? name : project_name(call->store, version->arn) };
    label->confidence = 100 * (threshold + (1 - threshold) * (0.2 + 0.7 * draw(&lot)));
    if (finds_boxes(call->store, version->model_id))
        draw_box(&lot, label);
    *found = (struct detections){ .labels = label, .count = 1 };
    call->rule = "ASSUMED";
    call->found = name != NULL
                      ? "unknown.labels: one of the model's labels, drawn from the image"
                      : "unknown.labels: named after the project, as the model has no labels";
    call->evidence = GUESSED;
    call->source = PROGRAM "'s own: nothing was found, the setting asks for a label";
}

void
assume_labels(struct call *call, const struct project_version *version,
    const struct picture *picture, struct detections *found)
{
    if (setting_int(call->store, SETTING_UNKNOWN_LABELS) == UNKNOWN_LABELS_LABEL)
        assume_label(call, version, picture, found);
    else if (once_first(call->once, "unknown.labels", version->arn))
        call->found = "neither scripted nor trained with: unknown.labels (a setting) and "
                      "/_local/detections have something found";
}
