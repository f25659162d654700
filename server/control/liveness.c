/*
 * Control of Face Liveness: how checks end, for there is no camera.
 *
 * The rule: an end takes the sessions under way that fit it, the oldest first, and then those to come, `times` of them.
 */

#include <stdlib.h>
#include <string.h>

#include "../../state/base/digest.h"
#include "../../state/base/duration.h"
#include "../../state/base/memory.h"
#include "../../state/resource/liveness.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../image/image.h"
#include "../json/tree.h"
#include "control.h"
#include "rule.h"

#define IMAGE_MOST 204800                   /* bytes, of LivenessImageBlob */
#define AFTER_MAX_MS INT64_C(3153600000000) /* a hundred years, as of every duration */

static bool
check_bytes(struct control *control, const char *base64)
{
    size_t encoded = strlen(base64), length = 0;
    unsigned char *bytes = memory_new(BASE64_DECODED_SIZE(encoded));
    struct image image;
    bool fits = base64_decode(base64, encoded, bytes, &length) && length <= IMAGE_MOST &&
                image_inspect(bytes, length, &image) == IMAGE_FINE;

    free(bytes);
    return fits || control_fail(control, 400, "InvalidValue",
                       "'bytes' of 'referenceImage' must be base64 of a PNG or JPEG of at most "
                       "%d bytes.",
                       IMAGE_MOST);
}

static bool
check_name(struct control *control, const char *s3)
{
    const char *slash = strchr(s3, '/');

    return (slash != NULL && slash != s3 && slash[1] != '\0' && strncmp(s3, "s3://", 5) != 0) ||
           control_fail(control, 400, "InvalidValue",
               "'s3' of 'referenceImage' must be bucket/key.");
}

static bool
read_reference(struct control *control, struct liveness_end *end)
{
    const cJSON *given = member_of(control->body, "referenceImage");
    const char *bytes = text_of(given, "bytes"), *s3 = text_of(given, "s3");

    if (given == NULL)
        return true;
    if ((bytes == NULL) == (s3 == NULL))
        return control_fail(control, 400, "InvalidValue",
            "Give 'bytes' or 's3' of the 'referenceImage'.");
    if (bytes != NULL ? !check_bytes(control, bytes) : !check_name(control, s3))
        return false;
    end->result.reference = memory_made(cJSON_PrintUnformatted(given));
    return true;
}

static bool
is_session(const char *text)
{
    return strcmp(text, LIVENESS_ANY) == 0 ||
           (strlen(text) == 36 && strspn(text, "0123456789abcdef-") == 36);
}

static bool
read_end(struct control *control, struct liveness_end *end)
{
    *end = (struct liveness_end){ .account = text_of(control->body, "account"),
        .session = text_of(control->body, "session"),
        .status = text_of(control->body, "to"),
        .after_ms = control_duration(control->body, "after", LIVENESS_AT_ONCE),
        .times = control_count(control->body, "times", 1),
        .result = { .confidence = control_number(control->body, "confidence", LIVENESS_USUAL),
            .person = text_of(control->body, "person") } };
    if (!is_session(end->session))
        return control_fail(control, 400, "InvalidValue",
            "'session' must be a SessionId, or * for any.");
    if (strcmp(end->status, "IN_PROGRESS") == 0 && end->after_ms != LIVENESS_AT_ONCE)
        return control_fail(control, 400, "InvalidValue",
            "'after' is how long a check takes: one that is IN_PROGRESS has no end.");
    if (end->after_ms > AFTER_MAX_MS)
        return control_fail(control, 400, "InvalidValue",
            "'after' must be at most a hundred years.");
    if (end->result.person != NULL && *end->result.person == '\0')
        return control_fail(control, 400, "InvalidValue", "'person' must not be empty.");
    return read_reference(control, end);
}

void
control_liveness_post(struct control *control)
{
    struct liveness_end end;

    if (!read_end(control, &end))
        return;
    step_begin(control->store, "liveness");
    rule_added(control, liveness_end_add(control->store, &end));
    cJSON_free((void *)end.result.reference);
}

/* ---- listing ------------------------------------------------------------ */

/* As it was given, and what became of it. */
static cJSON *
next(struct store *store, int64_t *after)
{
    struct liveness_end end;
    char text[DURATION_SIZE];
    cJSON *json;

    if (!liveness_end_next(store, after, &end))
        return NULL;
    json = cJSON_CreateObject();
    control_set_id(json, end.id);
    tree_set_text(json, "account", end.account);
    tree_set_text(json, "session", end.session);
    tree_set_text(json, "to", end.status);
    if (end.result.confidence >= 0)
        cJSON_AddNumberToObject(json, "confidence", end.result.confidence);
    tree_set_text(json, "person", end.result.person);
    tree_set_json(json, "referenceImage", end.result.reference);
    if (end.after_ms != LIVENESS_AT_ONCE) {
        duration_print(end.after_ms, text);
        cJSON_AddStringToObject(json, "after", text);
    }
    cJSON_AddNumberToObject(json, "times", (double)end.times);
    cJSON_AddNumberToObject(json, "hits", (double)end.hits);
    cJSON_AddNumberToObject(json, "left", (double)(end.times - end.hits));
    return json;
}

static const struct rule_kind ends = { .one = "end of a check",
    .all = "liveness",
    .next = next,
    .remove = liveness_end_remove,
    .remove_all = liveness_end_remove_all };

void
control_liveness(struct control *control)
{
    rules_list(control, &ends);
}

void
control_liveness_delete(struct control *control)
{
    rules_delete(control, &ends);
}

void
control_liveness_one(struct control *control)
{
    rule_get(control, &ends);
}

void
control_liveness_one_delete(struct control *control)
{
    rule_delete(control, &ends);
}
