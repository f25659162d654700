/* Objects of S3, for whoever looks at what a dataset or a training is about. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/base64.h>

#include "../../state/base/memory.h"
#include "../../state/setting.h"
#include "../../state/step.h"
#include "../call/server.h"
#include "../http/http.h"
#include "../json/tree.h"
#include "../s3/s3.h"
#include "control.h"

/* An object under way. */
struct object {
    struct control control;
    char *bytes;
    size_t length, room;
};

static bool
on_piece(void *context, const char *bytes, size_t length)
{
    struct object *object = context;

    if (object->length + length > object->room) {
        object->room = 2 * (object->length + length);
        object->bytes = memory_resize(object->bytes, object->room);
    }
    memcpy(object->bytes + object->length, bytes, length);
    object->length += length;
    return true;
}

static void
add_bytes(cJSON *json, const struct object *object)
{
    size_t room = BASE64_ENCODE_RAW_LENGTH(object->length);
    char *text = memory_resize(NULL, room + 1);

    base64_encode_raw(text, object->length, (const uint8_t *)object->bytes);
    text[room] = '\0';
    cJSON_AddStringToObject(json, "bytes", text);
    free(text);
}

static void
answer_bytes(struct control *control, const struct object *object)
{
    cJSON *json = cJSON_CreateObject();

    add_bytes(json, object);
    control_answer(control, json);
}

static void
answer_why_not(struct control *control, const char *why)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddNullToObject(json, "bytes");
    tree_set_text(json, "why", why);
    control_answer(control, json);
}

/* That there is no such object is an answer, too: who looks at many is not to take it for a failure. */
static void
on_done(void *context, const struct s3_answer *s3)
{
    struct object *object = context;

    object->control.ended = false;
    if (s3->result == S3_OK)
        answer_bytes(&object->control, object);
    else
        answer_why_not(&object->control,
            s3->result == S3_TOO_LARGE ? "it is larger than image.maxS3Bytes" : s3->why);
    free(object->bytes);
    free(object);
}

static bool
read_patience(struct control *control, struct s3_object *wanted, int64_t *most)
{
    step_begin(control->store, "objects");
    wanted->patience = s3_patience(control->store);
    wanted->patience.total_ms = setting_int(control->store, SETTING_S3_CALL);
    *most = setting_int(control->store, SETTING_IMAGE_S3_BYTES);
    return control_step_end(control, true);
}

void
control_objects(struct control *control)
{
    const char *name = exchange_argument(control->exchange, "s3");
    const char *slash = name == NULL ? NULL : strchr(name, '/');
    char bucket[256];
    struct s3_object wanted = { .bucket = bucket };
    struct object *object;
    struct scope scope;
    int64_t most;

    if (!control_scope(control, &scope))
        return;
    if (slash == NULL || (size_t)(slash - name) >= sizeof bucket) {
        control_fail(control, 400, "InvalidValue", "'s3' must be bucket/key.");
        return;
    }
    snprintf(bucket, sizeof bucket, "%.*s", (int)(slash - name), name);
    wanted.key = slash + 1;
    wanted.region = *scope.region == '\0' ? control->server->region : scope.region;
    if (control->server->outbound == NULL) {
        answer_why_not(control, "S3 is off: see --s3");
        return;
    }
    if (!read_patience(control, &wanted, &most))
        return;
    object = memory_new(sizeof *object);
    object->control = control_later(control);
    s3_get(control->server->outbound, &wanted, most, on_piece, on_done, object);
}
