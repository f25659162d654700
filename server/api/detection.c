/* Detection with a model. */

#include <stdlib.h>
#include <string.h>

#include "../../state/digest.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../image.h"
#include "api.h"

static bool
too_large(struct call *call, enum setting limit, const char *found)
{
    fail(call, ImageTooLargeException, DOCUMENTED, "Error handling", "Image size is too large.");
    call->rule = "IMAGE_SIZE";
    call->found = found;
    return beyond(call, limit);
}

static bool
wrong_format(struct call *call, const char *rule)
{
    fail(call, InvalidImageFormatException, DOCUMENTED, "Error handling",
        "Request has invalid image format.");
    call->rule = "IMAGE_FORMAT";
    call->found = rule;
    return false;
}

/*
 * Developer Guide, Guidelines and quotas: sides and aspect. Which error says so is public only for
 * small images.
 */
static bool
measure(struct call *call, const struct image *image)
{
    int64_t least = setting_int(call->store, SETTING_IMAGE_MIN_SIDE);
    int64_t most = setting_int(call->store, SETTING_IMAGE_MAX_SIDE);
    double aspect = image->width > image->height ? (double)image->width / image->height
                                                 : (double)image->height / image->width;

    const char *found = store_format(call->store, "%lld x %lld pixels", (long long)image->width,
        (long long)image->height);

    if (image->width > most || image->height > most)
        return too_large(call, SETTING_IMAGE_MAX_SIDE, found);
    if (image->width < least || image->height < least) {
        invalid_parameter(call, OBSERVED, "a public issue shows it for DetectLabels", found);
        return beyond(call, SETTING_IMAGE_MIN_SIDE);
    }
    if (aspect > setting_number(call->store, SETTING_IMAGE_MAX_ASPECT)) {
        invalid_parameter(call, GUESSED, "as for small images", found);
        return beyond(call, SETTING_IMAGE_MAX_ASPECT);
    }
    return true;
}

static bool
inspect(struct call *call, const unsigned char *bytes, size_t length)
{
    struct image image;

    switch (image_inspect(bytes, length, &image)) {
    case IMAGE_UNKNOWN:
        return wrong_format(call, "neither PNG nor JPEG");
    case IMAGE_DAMAGED:
        return wrong_format(call, "damaged or cut short");
    default:
        return measure(call, &image);
    }
}

static bool
inspect_bytes(struct call *call, const char *base64)
{
    size_t encoded = strlen(base64), length;
    unsigned char *bytes = store_alloc(call->store, BASE64_DECODED_SIZE(encoded));

    if (!base64_decode(base64, encoded, bytes, &length))
        return wrong_format(call, "the bytes are not base64");
    if ((int64_t)length > setting_int(call->store, SETTING_IMAGE_BYTES))
        return too_large(call, SETTING_IMAGE_BYTES, store_format(call->store, "%zu bytes", length));
    return inspect(call, bytes, length);
}

/* Without a store for objects to look into, an S3 object is taken on trust, by its name. */
static bool
inspect_object(struct call *call, const cJSON *object)
{
    if (text_of(object, "Bucket") == NULL || text_of(object, "Name") == NULL) {
        fail(call, InvalidS3ObjectException, DOCUMENTED, "Error handling",
            "Request has invalid S3 object.");
        call->rule = "S3_OBJECT";
        call->found = "Bucket and Name are both needed";
        return false;
    }
    if (call->object == NULL)
        return true;
    if (call->object->result == S3_TOO_LARGE)
        return too_large(call, SETTING_IMAGE_S3_BYTES, call->object->why);
    return object_is_there(call) &&
           inspect(call, (const unsigned char *)call->object->bytes, (size_t)call->object->size);
}

bool
detect_custom_labels(struct call *call)
{
    const cJSON *image = input_member(call, "Image");
    const char *bytes = text_of(image, "Bytes");
    const cJSON *object = member_of(image, "S3Object");

    if (project_version_is_adapter(&call->version))
        return invalid_parameter(call, DOCUMENTED, "API Reference, DetectCustomLabels",
            "the version is an adapter");
    if ((bytes == NULL) == (object == NULL))
        return invalid_parameter(call, GUESSED, "Bytes and S3Object are alternatives",
            "Image has not exactly one of Bytes and S3Object");
    if (!granted(call, project_version_detect(call->store, &call->version)))
        return false;
    if (bytes != NULL ? !inspect_bytes(call, bytes) : !inspect_object(call, object))
        return false;
    set_list(call->output, "CustomLabels");
    return true;
}
