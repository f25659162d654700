/* Frames: what stream processors are shown, in place of video. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/digest.h"
#include "../../state/base/memory.h"
#include "../../state/resource.h"
#include "../../state/resource/known_image.h"
#include "../../state/resource/stream_processor.h"
#include "../../state/setting.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../call/call.h"
#include "../call/server.h"
#include "../json/tree.h"
#include "../scene/declared.h"
#include "../scene/frame.h"
#include "control.h"

/* Whose it is, and its name. */
static bool
read_processor(struct control *control, struct scope *scope, const char **name)
{
    const char *text = text_of(control->body, "processor");

    snprintf(scope->account, sizeof scope->account, "%s", control->server->account);
    snprintf(scope->region, sizeof scope->region, "%s", control->server->region);
    *name = text;
    if (strncmp(text, "arn:", strlen("arn:")) != 0)
        return true;
    if (resource_of_arn(text, scope) != RESOURCE_stream_processor)
        return control_fail(control, 400, "InvalidValue",
            "'processor' must be the ARN of a stream processor, or its name.");
    *name = strrchr(text, '/') + 1;
    return true;
}

/* ---- what it shows ------------------------------------------------------------ */

static bool
read_bytes(struct control *control, const struct frame *frame, char digest[SHA256_HEX_SIZE])
{
    size_t length = strlen(frame->bytes);
    unsigned char *bytes = memory_resize(NULL, length + 1);
    bool good = base64_decode(frame->bytes, length, bytes, &length) && length > 0;

    if (good)
        sha256_hex(bytes, length, digest);
    free(bytes);
    return good || control_fail(control, 400, "InvalidValue", "'image.bytes' must be base64.");
}

static bool
read_image(struct control *control, struct frame *frame, char digest[SHA256_HEX_SIZE])
{
    const cJSON *image = member_of(control->body, "image");
    const char *sha256 = text_of(image, "sha256"), *s3 = text_of(image, "s3");

    frame->bytes = text_of(image, "bytes");
    *digest = '\0';
    if ((sha256 != NULL) + (s3 != NULL) + (frame->bytes != NULL) != 1)
        return control_fail(control, 400, "InvalidValue",
            "Give one of 'sha256', 's3' and 'bytes' of the 'image'.");
    if (frame->bytes != NULL && !read_bytes(control, frame, digest))
        return false;
    if (sha256 != NULL && (strlen(sha256) != SHA256_HEX_SIZE - 1 ||
                              strspn(sha256, "0123456789abcdefABCDEF") != SHA256_HEX_SIZE - 1))
        return control_fail(control, 400, "InvalidValue",
            "'sha256' must be the 64 hexadecimal digits of the image's SHA-256.");
    for (size_t i = 0; sha256 != NULL && i < SHA256_HEX_SIZE; i++)
        digest[i] = (char)tolower((unsigned char)sha256[i]);
    frame->scene.has_digest = *digest != '\0';
    frame->scene.image = frame->scene.has_digest ? digest : s3;
    return true;
}

/* In a step: what was declared of the image, or what is assumed of one that nobody declared. */
static bool
know(struct control *control, const struct scope *scope, struct frame *frame)
{
    struct scene *scene = &frame->scene;
    struct known_image known;

    if (known_image_find(control->store,
            &(struct image_names){ .account = scope->account,
                .sha256 = scene->has_digest ? scene->image : NULL,
                .s3 = scene->has_digest ? NULL : scene->image },
            &known))
        scene->shows = cJSON_Parse(known.shows);
    else if (setting_int(control->store, SETTING_UNKNOWN_IMAGE) == UNKNOWN_IMAGE_REFUSE)
        return control_fail(control, 400, "InvalidValue",
            "Nobody declared what this image shows, and the setting unknown.image is refuse.");
    else
        scene->assumed = setting_int(control->store, SETTING_UNKNOWN_IMAGE) == UNKNOWN_IMAGE_FACE;
    return true;
}

static bool
read_persons(struct control *control, struct frame *frame)
{
    cJSON *shows = cJSON_CreateObject();
    struct declared_fault fault;
    bool good;

    cJSON_AddItemToObject(shows, "persons",
        cJSON_Duplicate(member_of(control->body, "persons"), 1));
    frame->scene.shows = shows;
    frame->scene.image = "frame";
    good = declared_shows(shows, &fault);
    return good || control_fail(control, 400, "InvalidValue", "%s.", fault.message);
}

static bool
read_frame(struct control *control, struct frame *frame, char digest[SHA256_HEX_SIZE])
{
    if ((member_of(control->body, "image") == NULL) ==
        (member_of(control->body, "persons") == NULL))
        return control_fail(control, 400, "InvalidValue", "Give 'image' or 'persons'.");
    return member_of(control->body, "image") != NULL ? read_image(control, frame, digest)
                                                     : read_persons(control, frame);
}

/* ---- showing it ----------------------------------------------------------------- */

/* In a step. */
static bool
show(struct control *control, const struct scope *scope, const char *name, struct frame *frame)
{
    struct call call = { .store = control->store, .scope = *scope };

    frame->processor = stream_processor_fetch(control->store, scope, name);
    if (frame->processor == NULL)
        return control_fail(control, 404, "NotFound", "There is no stream processor '%s'.", name);
    if (!stream_processor_is_at_work(frame->processor))
        return control_fail(control, 409, "NotAtWork", "It is %s: it sees frames while %s.",
            frame->processor->status, frame->processor->home ? "STARTING" : "RUNNING");
    if (frame->scene.shows == NULL && !know(control, scope, frame))
        return false;
    if (member_of(control->body, "persons") != NULL) /* each frame is an image of its own */
        frame->scene.image = store_format(control->store, "frame:%s:%lld", frame->processor->arn,
            (long long)frame->processor->frames + 1);
    frame_show(&call, frame);
    return true;
}

static void
answer(struct control *control, const struct frame *frame)
{
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "deliveries");

    for (size_t i = 0; i < frame->count; i++) {
        char id[24];

        snprintf(id, sizeof id, "%lld", (long long)frame->deliveries[i]);
        cJSON_AddItemToArray(list, cJSON_CreateString(id));
    }
    control_answer(control, json);
}

void
control_frames_post(struct control *control)
{
    struct frame frame = { .count = 0 };
    char digest[SHA256_HEX_SIZE];
    struct scope scope;
    const char *name;
    bool shown;

    if (read_processor(control, &scope, &name) && read_frame(control, &frame, digest)) {
        step_begin_of(control->store, "frames", scope.account);
        shown = show(control, &scope, name, &frame);
        if (!shown)
            step_end(control->store, false);
        else if (control_step_end(control, true))
            answer(control, &frame);
    }
    scene_end(&frame.scene);
}
