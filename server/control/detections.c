/*
 * Control of detections: what models are told to see in images.
 *
 * A script that could never be what a call is answered with is refused: labels that the service
 * could not answer, errors that DetectCustomLabels does not have.
 */

#include <ctype.h>
#include <string.h>

#include "../../state/resource.h"
#include "../../state/base/memory.h"
#include "../../state/resource/detection.h"
#include "../../state/base/digest.h"
#include "../../state/base/glob.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../call/operation.h"
#include "../json/tree.h"
#include "control.h"
#include "rule.h"

#define LABELS_MAX 10000
#define NAME_MAX_BYTES 1024
#define GLOB_MAX 2048

/* Forgives what doubles do to sums such as 0.7 + 0.3. */
#define NEARLY 1e-6

/* ---- labels ------------------------------------------------------------- */

/* Sides are ratios of the image's: a box that lies in it, and is not empty. */
static bool
check_box(struct control *control, const cJSON *box)
{
    double left = control_number(box, "left", 0), top = control_number(box, "top", 0);
    double width = control_number(box, "width", 0), height = control_number(box, "height", 0);

    if (box == NULL ||
        (width > 0 && height > 0 && left + width <= 1 + NEARLY && top + height <= 1 + NEARLY))
        return true;
    return control_fail(control, 400, "InvalidValue",
        "'boundingBox' must lie in the image and not be empty: its sides are ratios of the "
        "image's.");
}

static bool
check_label(struct control *control, const cJSON *label)
{
    const char *name = text_of(label, "name");

    if (*name == '\0' || strlen(name) > NAME_MAX_BYTES)
        return control_fail(control, 400, "InvalidValue",
            "Give the 'name' of each label: 1 to %d bytes.", NAME_MAX_BYTES);
    return check_box(control, member_of(label, "boundingBox"));
}

static bool
read_labels(struct control *control, struct detection *detection, const cJSON *labels)
{
    const cJSON *label;

    if (cJSON_GetArraySize(labels) > LABELS_MAX)
        return control_fail(control, 400, "InvalidValue", "'labels' must be at most %d.",
            LABELS_MAX);
    cJSON_ArrayForEach(label, labels) if (!check_label(control, label)) return false;
    detection->labels = memory_made(cJSON_PrintUnformatted(labels));
    return true;
}

/* ---- posting ------------------------------------------------------------ */

/* Hands the digest over in lower-case digits, in place. */
static bool
read_digest(struct control *control, const cJSON *image, const char **digest)
{
    const cJSON *item = member_of(image, "sha256");

    if (item == NULL)
        return true;
    *digest = item->valuestring;
    if (strlen(*digest) != SHA256_HEX_SIZE - 1 ||
        strspn(*digest, "0123456789abcdefABCDEF") != SHA256_HEX_SIZE - 1)
        return control_fail(control, 400, "InvalidValue",
            "'sha256' must be the 64 hexadecimal digits of the image's SHA-256.");
    for (char *digit = item->valuestring; *digit != '\0'; digit++)
        *digit = (char)tolower((unsigned char)*digit);
    return true;
}

static bool
read_image(struct control *control, struct detection *detection)
{
    const cJSON *image = member_of(control->body, "image");

    if (image == NULL)
        return true;
    if (!read_digest(control, image, &detection->sha256))
        return false;
    detection->s3 = text_of(image, "s3");
    if ((detection->sha256 == NULL) == (detection->s3 == NULL))
        return control_fail(control, 400, "InvalidValue",
            "Give 'sha256' or 's3' of the 'image'; without 'image' it is for any.");
    if (detection->s3 == NULL)
        return true;
    if (strncmp(detection->s3, "s3://", 5) == 0 || strpbrk(detection->s3, "/*") == NULL ||
        *detection->s3 == '/' || strlen(detection->s3) > GLOB_MAX)
        return control_fail(control, 400, "InvalidValue",
            "'s3' must be bucket/key, or a glob of such names: images/birds/*.png");
    return true;
}

static bool
read_version(struct control *control, struct detection *detection)
{
    return control_arn_glob(control, "version", &detection->version) &&
           (!glob_is_literal(detection->version) ||
               resource_of_arn(detection->version, &(struct scope){ "", "" }) ==
                   RESOURCE_project_version ||
               control_fail(control, 400, "InvalidValue",
                   "'version' must be of versions: all of a project's are "
                   "*:project/NAME/version/*."));
}

/* Labels, or an error. */
static bool
read_answer(struct control *control, struct detection *detection)
{
    const cJSON *labels = member_of(control->body, "labels");
    struct rule_error error = { .code = NULL };

    if (!rule_read_error(control, operation_find("DetectCustomLabels"), RULE_DECLARED_ERROR,
            &error))
        return false;
    detection->error = error.code;
    detection->message = error.message;
    if (error.code == NULL)
        return labels == NULL
                   ? control_fail(control, 400, "InvalidValue", "Give 'labels' or an 'error'.")
                   : read_labels(control, detection, labels);
    return labels == NULL || labels->child == NULL ||
           control_fail(control, 400, "InvalidValue",
               "A call ends in an error or with labels: give one of the two.");
}

static bool
read_detection(struct control *control, struct detection *detection)
{
    detection->times = control_count(control->body, "times", DETECTION_ALWAYS);
    return read_version(control, detection) && read_image(control, detection) &&
           read_answer(control, detection);
}

void
control_detections_post(struct control *control)
{
    struct detection detection = { .id = 0 };

    if (!read_detection(control, &detection))
        return;
    step_begin(control->store, "detections");
    rule_added(control, detection_add(control->store, &detection));
    cJSON_free((void *)detection.labels);
}

/* ---- listing ------------------------------------------------------------ */

static void
set_image(cJSON *json, const struct detection *detection)
{
    cJSON *image;

    if (detection->sha256 == NULL && detection->s3 == NULL)
        return;
    image = cJSON_AddObjectToObject(json, "image");
    if (detection->sha256 != NULL)
        cJSON_AddStringToObject(image, "sha256", detection->sha256);
    else
        cJSON_AddStringToObject(image, "s3", detection->s3);
}

/* As it was given, and what became of it. */
static cJSON *
describe(const struct detection *detection)
{
    cJSON *json = cJSON_CreateObject();

    control_set_id(json, detection->id);
    cJSON_AddStringToObject(json, "version", detection->version);
    set_image(json, detection);
    if (detection->labels != NULL)
        cJSON_AddItemToObject(json, "labels", cJSON_Parse(detection->labels));
    rule_set_error(json,
        &(struct rule_error){ .code = detection->error, .message = detection->message });
    if (detection->times != DETECTION_ALWAYS)
        cJSON_AddNumberToObject(json, "times", (double)detection->times);
    cJSON_AddNumberToObject(json, "hits", (double)detection->hits);
    if (detection->times != DETECTION_ALWAYS)
        cJSON_AddNumberToObject(json, "left", (double)(detection->times - detection->hits));
    return json;
}

static cJSON *
next(struct store *store, int64_t *after)
{
    struct detection detection;

    return detection_next(store, after, &detection) ? describe(&detection) : NULL;
}

static const struct rule_kind detections = { .one = "detection",
    .all = "detections",
    .next = next,
    .remove = detection_remove,
    .remove_all = detection_remove_all };

void
control_detections(struct control *control)
{
    rules_list(control, &detections);
}

void
control_detections_delete(struct control *control)
{
    rules_delete(control, &detections);
}

void
control_detection(struct control *control)
{
    rule_get(control, &detections);
}

void
control_detection_delete(struct control *control)
{
    rule_delete(control, &detections);
}
