/*
 * Control of detections: scripts of what is seen in images, by models and by operations.
 *
 * A script that could never be what a call is answered with is refused: labels that the service
 * could not answer, what is not the operation's own output, errors that it does not have.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/resource.h"
#include "../../state/base/memory.h"
#include "../../state/resource/detection.h"
#include "../../state/base/digest.h"
#include "../../state/base/glob.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../call/near.h"
#include "../call/operation.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../model/validate.h"
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

/* ---- images ------------------------------------------------------------- */

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
read_image(struct control *control, const char *member, const char **digest, const char **s3)
{
    const cJSON *image = member_of(control->body, member);

    if (image == NULL)
        return true;
    if (!read_digest(control, image, digest))
        return false;
    *s3 = text_of(image, "s3");
    if ((*digest == NULL) == (*s3 == NULL))
        return control_fail(control, 400, "InvalidValue",
            "Give 'sha256' or 's3' of the '%s'; without '%s' it is for any.", member, member);
    if (*s3 == NULL)
        return true;
    if (strncmp(*s3, "s3://", 5) == 0 || strpbrk(*s3, "/*") == NULL || **s3 == '/' ||
        strlen(*s3) > GLOB_MAX)
        return control_fail(control, 400, "InvalidValue",
            "'s3' must be bucket/key, or a glob of such names: images/birds/*.png");
    return true;
}

/* The second image, which one operation has. */
static bool
read_target(struct control *control, struct detection *detection)
{
    if (member_of(control->body, "target") != NULL &&
        (detection->operation == NULL || strcmp(detection->operation, "CompareFaces") != 0))
        return control_fail(control, 400, "InvalidValue",
            "'target' is the TargetImage of CompareFaces: no other operation has a second image.");
    return read_image(control, "target", &detection->target_sha256, &detection->target_s3);
}

/* ---- whose calls -------------------------------------------------------- */

/* What a script can be for; NULL and a failed call: nothing. */
static const struct operation *
find_operation(struct control *control, const char *name)
{
    const struct operation *operation = operation_find(name);
    const char *meant = operation == NULL ? near_name(name, operation_name) : NULL;

    if (operation == NULL)
        control_fail(control, 400, "UnknownOperation", "The service has no operation '%.64s'%s%s.",
            name, meant == NULL ? "" : "; the nearest is ", meant == NULL ? "" : meant);
    else if (!operation_looks(operation) && !operation_is_of_collection(operation))
        control_fail(control, 400, "InvalidValue",
            "%s looks at no image: /_local/faults has any operation end in an error.", name);
    else if (operation->handle == NULL)
        control_fail(control, 400, "InvalidValue", "This program does not serve %s.", name);
    else
        return operation;
    return NULL;
}

static bool
has_model(const char *operation)
{
    return operation == NULL || strcmp(operation, "DetectCustomLabels") == 0 ||
           strcmp(operation, "DetectModerationLabels") == 0;
}

static bool
read_version(struct control *control, struct detection *detection)
{
    if (member_of(control->body, "version") == NULL && detection->operation != NULL) {
        detection->version = "*";
        return true;
    }
    if (!has_model(detection->operation))
        return control_fail(control, 400, "InvalidValue",
            "%s has no model of yours: 'version' is of DetectCustomLabels and "
            "DetectModerationLabels.",
            detection->operation);
    return control_arn_glob(control, "version", &detection->version) &&
           (!glob_is_literal(detection->version) ||
               resource_of_arn(detection->version, &(struct scope){ "", "" }) ==
                   RESOURCE_project_version ||
               control_fail(control, 400, "InvalidValue",
                   "'version' must be of versions: all of a project's are "
                   "*:project/NAME/version/*."));
}

/* ---- what they are answered --------------------------------------------- */

static bool
check_answer(struct control *control, const struct operation *operation, const cJSON *answer)
{
    char *why = NULL;
    bool fits = output_fits(answer, operation->model->output, &why);

    if (!fits)
        control_fail(control, 400, "InvalidValue", "'answer' is not what %s answers: %.600s.",
            operation->name, why);
    free(why);
    return fits;
}

static bool
read_answer(struct control *control, const struct operation *operation, struct detection *detection)
{
    const cJSON *answer = member_of(control->body, "answer");

    if (operation == NULL)
        return control_fail(control, 400, "InvalidValue",
            "Give the 'operation' whose 'answer' it is.");
    if (operation_is_of_collection(operation))
        return control_fail(control, 400, "InvalidValue",
            "%s answers from its collection, which an 'answer' would not be in: declare what the "
            "image shows, at /_local/images. It takes an 'error'.",
            operation->name);
    if (!check_answer(control, operation, answer))
        return false;
    detection->answer = memory_made(cJSON_PrintUnformatted(answer));
    return true;
}

/* Labels of a model, an answer, or an error. */
static bool
read_end(struct control *control, const struct operation *operation, struct detection *detection)
{
    const cJSON *labels = member_of(control->body, "labels");
    const cJSON *answer = member_of(control->body, "answer");
    struct rule_error error = { .code = NULL };

    if (!rule_read_error(control,
            operation == NULL ? operation_find("DetectCustomLabels") : operation,
            RULE_DECLARED_ERROR, &error))
        return false;
    detection->error = error.code;
    detection->message = error.message;
    if ((error.code != NULL) + (answer != NULL) + (labels != NULL && labels->child != NULL) > 1)
        return control_fail(control, 400, "InvalidValue",
            "A call ends in an error, with an answer or with labels: give one of them.");
    if (error.code != NULL)
        return true;
    if (answer != NULL)
        return read_answer(control, operation, detection);
    if (labels == NULL)
        return control_fail(control, 400, "InvalidValue", "Give %s or an 'error'.",
            operation == NULL ? "'labels'" : "an 'answer'");
    return has_model(detection->operation)
               ? read_labels(control, detection, labels)
               : control_fail(control, 400, "InvalidValue",
                     "'labels' are what a model sees: %s takes an 'answer'.",
                     operation == NULL ? "it" : operation->name);
}

static bool
read_detection(struct control *control, struct detection *detection)
{
    const struct operation *operation = NULL;

    detection->operation = text_of(control->body, "operation");
    detection->account = text_of(control->body, "account");
    detection->times = control_count(control->body, "times", DETECTION_ALWAYS);
    if (detection->operation != NULL) {
        operation = find_operation(control, detection->operation);
        if (operation == NULL)
            return false;
    }
    return read_version(control, detection) &&
           read_image(control, "image", &detection->sha256, &detection->s3) &&
           read_target(control, detection) && read_end(control, operation, detection);
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
    cJSON_free((void *)detection.answer);
}

/* ---- listing ------------------------------------------------------------ */

static void
set_image(cJSON *json, const char *member, const char *sha256, const char *s3)
{
    cJSON *image;

    if (sha256 == NULL && s3 == NULL)
        return;
    image = tree_set_object(json, member);
    tree_set_text(image, "sha256", sha256);
    tree_set_text(image, "s3", s3);
}

/* As it was given, and what became of it. */
static cJSON *
describe(const struct detection *detection)
{
    cJSON *json = cJSON_CreateObject();

    control_set_id(json, detection->id);
    tree_set_text(json, "operation", detection->operation);
    tree_set_text(json, "account", detection->account);
    cJSON_AddStringToObject(json, "version", detection->version);
    set_image(json, "image", detection->sha256, detection->s3);
    set_image(json, "target", detection->target_sha256, detection->target_s3);
    tree_set_json(json, "labels", detection->labels);
    tree_set_json(json, "answer", detection->answer);
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
