#include "sight.h"

#include <stdlib.h>
#include <string.h>

#include "../../state/resource/detection.h"
#include "../../state/resource/project_version.h"
#include "../../state/store.h"
#include "../../state/resource/version_image.h"
#include "call.h"
#include "fault.h"
#include "operation.h"
#include "../json/json.h"
#include "../model/model.h"
#include "picture.h"
#include "server.h"
#include "../json/tree.h"
#include "../http/program.h"

/* ---- labels ------------------------------------------------------------- */

static double
number_of(const cJSON *object, const char *member)
{
    double value = 0;

    json_number(member_of(object, member), &value);
    return value;
}

static int
compare(const void *one, const void *two)
{
    const struct detected *a = one, *b = two;

    if (a->confidence != b->confidence)
        return a->confidence > b->confidence ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* From JSON as of version_image.h, whose confidences times `scale` are per cent. */
static void
read_labels(struct store *store, const char *text, double scale, struct detections *found)
{
    cJSON *json = cJSON_Parse(text);
    const cJSON *item, *box;

    found->labels = store_alloc(store, (size_t)cJSON_GetArraySize(json) * sizeof *found->labels);
    cJSON_ArrayForEach(item, json)
    {
        box = member_of(item, "boundingBox");
        found->labels[found->count++] =
            (struct detected){ .name = store_keep(store, text_of(item, "name")),
                .confidence = number_of(item, "confidence") * scale,
                .has_box = box != NULL,
                .left = number_of(box, "left"),
                .top = number_of(box, "top"),
                .width = number_of(box, "width"),
                .height = number_of(box, "height") };
    }
    cJSON_Delete(json);
    qsort(found->labels, found->count, sizeof *found->labels, compare);
}

bool
detected_reaches(const struct detected *label, double least)
{
    return (float)label->confidence >= (float)least;
}

/* ---- who knows ---------------------------------------------------------- */

#define DETECTION_RULE "DETECTION"

static void
say(struct call *call, const char *rule, const char *found)
{
    call->rule = rule;
    call->found = found;
    call->evidence = DOCUMENTED;
    call->source = PROGRAM "'s own: it looks nothing up but what it was told or trained with";
}

/* A script that fits: true, and the call has failed if that is what it says. */
static bool
take_script(struct call *call, struct detection_call *asks, struct detection *script)
{
    enum error error;

    asks->operation = call->operation->name;
    asks->account = call->scope.account;
    asks->errors = call->model->errors;
    if (!detection_take(call->store, asks, script))
        return false;
    if (script->error != NULL) {
        error = error_find(script->error);
        fail_with(call, error,
            script->message == NULL ? fault_message(error, error_rows[error].status)
                                    : script->message);
    }
    say(call, DETECTION_RULE,
        store_format(call->store, "detection %lld decides", (long long)script->id));
    return true;
}

static bool
is_scripted(struct call *call, const char *arn, const char *digest, const char *name,
    struct detections *found)
{
    struct detection script;

    if (!take_script(call,
            &(struct detection_call){ .arn = arn, .has_model = true, .sha256 = digest, .s3 = name },
            &script))
        return false;
    found->answer = script.answer;
    if (script.labels != NULL)
        read_labels(call->store, script.labels, 1, found);
    return true;
}

/* An image is digested only for somebody who would know it by that. */
static const char *
digest_for_scripts(struct call *call, const struct picture *picture)
{
    return picture == NULL || !detection_knows_bytes(call->store) ? NULL
                                                                  : picture_digest(call, picture);
}

bool
sight_script(struct call *call, const struct picture *picture, const struct picture *target,
    const char **answer)
{
    struct detection_call asks = { .arn = "",
        .sha256 = digest_for_scripts(call, picture),
        .s3 = picture == NULL ? NULL : picture_name(call, picture),
        .target_sha256 = digest_for_scripts(call, target),
        .target_s3 = target == NULL ? NULL : picture_name(call, target) };
    struct detection script;

    *answer = take_script(call, &asks, &script) ? script.answer : NULL;
    return call->error == NO_ERROR;
}

bool
sight_lets_pass(struct call *call)
{
    const char *answer;

    return operation_looks(call->operation) || !operation_is_of_collection(call->operation) ||
           sight_script(call, NULL, NULL, &answer);
}

bool
sight_was_scripted(const struct call *call)
{
    return call->rule != NULL && strcmp(call->rule, DETECTION_RULE) == 0;
}

/* Another image that has taken the name of one that was trained with is not known. */
static bool
is_known_by_name(struct call *call, const struct project_version *version, const char *digest,
    const char *name, struct version_image *image)
{
    return name != NULL &&
           version_image_of_source(call->store, version->model_id,
               store_format(call->store, "s3://%s", name), image) &&
           (digest == NULL || image->sha256 == NULL || strcmp(digest, image->sha256) == 0);
}

static bool
is_known(struct call *call, const struct project_version *version, const char *digest,
    const char *name, struct detections *found)
{
    struct version_image image;

    if (version == NULL || ((digest == NULL || !version_image_of_digest(call->store,
                                                   version->model_id, digest, &image)) &&
                               !is_known_by_name(call, version, digest, name, &image)))
        return false;
    read_labels(call->store, image.labels, 100, found);
    say(call, "GROUND_TRUTH", store_format(call->store, "trained with %s", image.source_ref));
    return true;
}

/* An image is digested only for somebody who would know it by that. */
static bool
wants_digest(struct call *call, const struct project_version *version)
{
    return detection_knows_bytes(call->store) ||
           (version != NULL && version_image_has_digests(call->store, version->model_id));
}

bool
detect(struct call *call, const struct project_version *version, const struct picture *picture,
    struct detections *found)
{
    const char *digest = wants_digest(call, version) ? picture_digest(call, picture) : NULL;
    const char *name = picture_name(call, picture);

    *found = (struct detections){ .count = 0 };
    found->known = is_scripted(call, version == NULL ? "" : version->arn, digest, name, found) ||
                   is_known(call, version, digest, name, found);
    if (!found->known)
        say(call, "UNKNOWN_IMAGE", "neither scripted nor trained with");
    return call->error == NO_ERROR;
}
