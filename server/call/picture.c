#include "picture.h"

#include <string.h>

#include "../../state/base/digest.h"
#include "../../state/store.h"
#include "call.h"
#include "gather.h"
#include "../image/image.h"
#include "../json/tree.h"

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
measure(struct call *call, const struct picture_limits *limits, const struct image *image)
{
    int64_t least = setting_int(call->store, limits->min_side);
    int64_t most =
        limits->max_side == SETTING_TOTAL ? INT64_MAX : setting_int(call->store, limits->max_side);
    double aspect = image->width > image->height ? (double)image->width / image->height
                                                 : (double)image->height / image->width;
    const char *found = store_format(call->store, "%lld x %lld pixels", (long long)image->width,
        (long long)image->height);

    if (image->width > most || image->height > most) {
        if (limits->too_wide == NULL)
            return too_large(call, limits->max_side, found);
        fail(call, ImageTooLargeException, OBSERVED, "public programs know the text", "%s",
            limits->too_wide);
        call->rule = "IMAGE_SIZE";
        call->found = found;
        return beyond(call, limits->max_side);
    }
    if (image->width < least || image->height < least) {
        invalid_parameter(call, OBSERVED, "a public issue shows it for DetectLabels", found);
        return beyond(call, limits->min_side);
    }
    if (limits->max_aspect != SETTING_TOTAL &&
        aspect > setting_number(call->store, limits->max_aspect)) {
        invalid_parameter(call, GUESSED, "as for small images", found);
        return beyond(call, limits->max_aspect);
    }
    return true;
}

static bool
inspect(struct call *call, const struct picture_limits *limits, const struct picture *picture)
{
    struct image image;

    switch (image_inspect(picture->bytes, picture->length, &image)) {
    case IMAGE_UNKNOWN:
        return wrong_format(call, "neither PNG nor JPEG");
    case IMAGE_DAMAGED:
        return wrong_format(call, "damaged or cut short");
    default:
        return measure(call, limits, &image);
    }
}

static bool
decode(struct call *call, const char *base64, const struct picture_limits *limits,
    struct picture *picture)
{
    size_t encoded = strlen(base64);
    unsigned char *bytes = store_alloc(call->store, BASE64_DECODED_SIZE(encoded));

    if (!base64_decode(base64, encoded, bytes, &picture->length))
        return wrong_format(call, "the bytes are not base64");
    picture->bytes = bytes;
    if (limits->bytes != SETTING_TOTAL &&
        (int64_t)picture->length > setting_int(call->store, limits->bytes))
        return too_large(call, limits->bytes,
            store_format(call->store, "%zu bytes", picture->length));
    return true;
}

static bool
find_object(struct call *call, const cJSON *object, struct picture *picture)
{
    const struct gathered *gathered = gathered_of(call, object);

    picture->bucket = text_of(object, "Bucket");
    picture->key = text_of(object, "Name");
    if (picture->bucket == NULL || picture->key == NULL) {
        fail(call, InvalidS3ObjectException, DOCUMENTED, "Error handling",
            "Request has invalid S3 object.");
        call->rule = "S3_OBJECT";
        call->found = "Bucket and Name are both needed";
        return false;
    }
    if (gathered == NULL)
        return true;
    if (gathered->result == S3_TOO_LARGE)
        return too_large(call, SETTING_IMAGE_S3_BYTES, gathered->why);
    if (!gathered_is_there(call, object))
        return false;
    picture->bytes = (const unsigned char *)gathered->bytes;
    picture->length = (size_t)gathered->size;
    return true;
}

bool
picture_is_given(struct call *call, const char *member)
{
    const cJSON *image = input_member(call, member);

    return (member_of(image, "Bytes") == NULL) != (member_of(image, "S3Object") == NULL) ||
           invalid_parameter(call, GUESSED, "Bytes and S3Object are alternatives",
               store_format(call->store, "%s has not exactly one of Bytes and S3Object", member));
}

bool
picture_read(struct call *call, const char *member, const struct picture_limits *limits,
    struct picture *picture)
{
    const cJSON *image = input_member(call, member);
    const char *bytes = text_of(image, "Bytes");

    *picture = (struct picture){ .length = 0 };
    if (bytes != NULL ? !decode(call, bytes, limits, picture)
                      : !find_object(call, member_of(image, "S3Object"), picture))
        return false;
    return picture->bytes == NULL || inspect(call, limits, picture);
}

const char *
picture_name(struct call *call, const struct picture *picture)
{
    return picture->key == NULL ? NULL
                                : store_format(call->store, "%s/%s", picture->bucket, picture->key);
}

const char *
picture_digest(struct call *call, const struct picture *picture)
{
    char *digest;

    if (picture->bytes == NULL)
        return NULL;
    digest = store_alloc(call->store, SHA256_HEX_SIZE);
    sha256_hex(picture->bytes, picture->length, digest);
    return digest;
}
