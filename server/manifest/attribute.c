/* Label attributes: what one says, in the two forms that the service supports, and what is wrong with it. */
#include "attribute.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "findings.h"
#include "../json/json.h"

/* Developer Guide, ERROR_BOUNDING_BOX_TOO_SMALL: larger images are made this small to train. */
#define TRAINING_SIDE_MOST 1280

static cJSON *
member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static bool
number(const cJSON *object, const char *name, double *value)
{
    const cJSON *item = member(object, name);

    return item != NULL && json_number(item, value);
}

static bool
is_text(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(member(object, name));

    return text != NULL && *text != '\0';
}

/* A confidence that must be there, from 0 to 1. */
static bool
has_confidence(const cJSON *object, double *value)
{
    return number(object, "confidence", value) && *value >= 0 && *value <= 1;
}

static bool
is_whole(const cJSON *item)
{
    double value;

    return item != NULL && json_number(item, &value) && value == floor(value);
}

/* ---- which members are attributes --------------------------------------- */

cJSON *
manifest_metadata_of(const cJSON *json, const cJSON *item)
{
    static const char suffix[] = "-metadata";
    size_t length = strlen(item->string);
    cJSON *other;

    if (strcmp(item->string, "source-ref") == 0)
        return NULL;
    cJSON_ArrayForEach(other, json)
    {
        if (strncmp(other->string, item->string, length) == 0 &&
            strcmp(other->string + length, suffix) == 0)
            return other;
    }
    return NULL;
}

enum form { FORM_UNREADABLE, FORM_UNSUPPORTED, FORM_CLASSES, FORM_BOXES };

static enum form
form_of(const cJSON *metadata)
{
    const char *type = cJSON_GetStringValue(member(metadata, "type"));

    if (type == NULL)
        return FORM_UNREADABLE;
    if (strcmp(type, "groundtruth/image-classification") == 0)
        return FORM_CLASSES;
    return strcmp(type, "groundtruth/object-detection") == 0 ? FORM_BOXES : FORM_UNSUPPORTED;
}

/* ---- checked first: the format ------------------------------------------ */

/* Required of both forms. What a date looks like is not checked: no source says that it is. */
static bool
metadata_is_common(const cJSON *metadata)
{
    const char *human = cJSON_GetStringValue(member(metadata, "human-annotated"));

    return human != NULL && (strcmp(human, "yes") == 0 || strcmp(human, "no") == 0) &&
           is_text(metadata, "creation-date") &&
           (member(metadata, "job-name") == NULL || cJSON_IsString(member(metadata, "job-name")));
}

static void
check_classes_format(struct manifest *m, cJSON *attribute, cJSON *metadata)
{
    double confidence;

    if (!is_whole(attribute))
        manifest_note(m, attribute, ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT, attribute->string);
    if (!metadata_is_common(metadata) || !is_text(metadata, "class-name") ||
        !has_confidence(metadata, &confidence))
        manifest_note(m, metadata, ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT,
            attribute->string);
}

static bool
is_image_size(const cJSON *list)
{
    const cJSON *size = cJSON_GetArrayItem(list, 0);
    double value;

    return cJSON_IsArray(list) && cJSON_GetArraySize(list) == 1 && number(size, "width", &value) &&
           number(size, "height", &value) && number(size, "depth", &value);
}

/* Annotations may be missing: Developer Guide, WARNING_NO_ATTRIBUTE_ANNOTATIONS. */
static bool
are_annotations(const cJSON *list)
{
    const cJSON *one;
    double value;

    if (list == NULL)
        return true;
    cJSON_ArrayForEach(one, list)
    {
        if (!is_whole(member(one, "class_id")) || !number(one, "left", &value) ||
            !number(one, "top", &value) || !number(one, "width", &value) ||
            !number(one, "height", &value))
            return false;
    }
    return cJSON_IsArray(list);
}

static bool
is_class_map(const cJSON *map)
{
    const cJSON *item;

    cJSON_ArrayForEach(item,
        map) if (!cJSON_IsString(item) || *item->valuestring == '\0') return false;
    return cJSON_IsObject(map);
}

/* The label that an annotation's class_id stands for; NULL when the class map has none. */
static const char *
label_of(const cJSON *metadata, const cJSON *annotation)
{
    char id[24];

    snprintf(id, sizeof id, "%" PRId64, json_integer(member(annotation, "class_id")));
    return cJSON_GetStringValue(member(member(metadata, "class-map"), id));
}

/* "One objects entry per annotation", each with a confidence; every class_id in the class map. */
static void
check_boxes_match(struct manifest *m, const cJSON *attribute, cJSON *metadata)
{
    const cJSON *object = member(metadata, "objects")->child;
    const cJSON *annotation;
    bool confident = true, known = true;
    double confidence;

    cJSON_ArrayForEach(annotation, member(attribute, "annotations"))
    {
        confident &= object != NULL && has_confidence(object, &confidence);
        known &= label_of(metadata, annotation) != NULL;
        object = object == NULL ? NULL : object->next;
    }
    if (!confident)
        manifest_note(m, metadata, ERROR_MISSING_BOUNDING_BOX_CONFIDENCE, attribute->string);
    if (!known)
        manifest_note(m, metadata, ERROR_MISSING_CLASS_MAP_ID, attribute->string);
}

static void
check_boxes_format(struct manifest *m, cJSON *attribute, cJSON *metadata)
{
    bool good = is_image_size(member(attribute, "image_size")) &&
                are_annotations(member(attribute, "annotations"));
    bool described = metadata_is_common(metadata) && cJSON_IsArray(member(metadata, "objects")) &&
                     is_class_map(member(metadata, "class-map"));

    if (!good)
        manifest_note(m, attribute, ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT, attribute->string);
    if (!described)
        manifest_note(m, metadata, ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT,
            attribute->string);
    if (good && described)
        check_boxes_match(m, attribute, metadata);
}

static void
check_format(struct manifest *m, cJSON *attribute, cJSON *metadata)
{
    switch (form_of(metadata)) {
    case FORM_CLASSES:
        check_classes_format(m, attribute, metadata);
        break;
    case FORM_BOXES:
        check_boxes_format(m, attribute, metadata);
        break;
    case FORM_UNREADABLE:
        manifest_note(m, metadata, ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT,
            attribute->string);
        break;
    case FORM_UNSUPPORTED:
        break;
    }
}

/* ---- then: what it says ------------------------------------------------- */

struct tally {
    int64_t usable;      /* attributes */
    int64_t annotations; /* of these, good ones and others */
};

static bool
length_fits(const char *label, const struct manifest_limits *limits)
{
    int64_t count = 0;

    for (; *label != '\0'; label++)
        count += ((unsigned char)*label & 0xc0) != 0x80;
    return count <= limits->label_length;
}

static void
use_class(struct manifest *m, cJSON *metadata, const struct manifest_limits *limits,
    struct tally *tally)
{
    const char *label = cJSON_GetStringValue(member(metadata, "class-name"));
    double confidence = 0;

    if (!length_fits(label, limits)) {
        manifest_note(m, metadata, ERROR_INVALID_LABEL_NAME_LENGTH, NULL);
        return;
    }
    tally->usable++;
    has_confidence(metadata, &confidence);
    manifest_add_label(m, label, confidence);
}

static struct manifest_box
read_box(const cJSON *annotation, const cJSON *size)
{
    struct manifest_box box = { 0 };

    number(annotation, "left", &box.left);
    number(annotation, "top", &box.top);
    number(annotation, "width", &box.width);
    number(annotation, "height", &box.height);
    number(size, "width", &box.image_width);
    number(size, "height", &box.image_height);
    return box;
}

static bool
is_off_frame(const struct manifest_box *box)
{
    return box->left < 0 || box->top < 0 || box->width < 0 || box->height < 0 ||
           box->left + box->width > box->image_width || box->top + box->height > box->image_height;
}

/* "greater than 1 x 1 pixels", in the size that the image is trained with. */
static bool
is_too_small(const struct manifest_box *box)
{
    double side = fmax(box->image_width, box->image_height);
    double scale = side > TRAINING_SIDE_MOST ? TRAINING_SIDE_MOST / side : 1;

    return box->width * scale <= 1 || box->height * scale <= 1;
}

static void
use_annotation(struct manifest *m, cJSON *annotation, const cJSON *object, struct manifest_box box,
    const struct manifest_limits *limits, struct tally *tally)
{
    tally->annotations++;
    if (is_off_frame(&box)) {
        manifest_note(m, annotation, ERROR_INVALID_BOUNDING_BOX, NULL);
    } else if (is_too_small(&box)) {
        manifest_note(m, annotation, ERROR_BOUNDING_BOX_TOO_SMALL, NULL);
    } else if (!length_fits(box.label, limits)) {
        manifest_note(m, annotation, ERROR_INVALID_LABEL_NAME_LENGTH, NULL);
    } else {
        has_confidence(object, &box.confidence);
        manifest_add_box(m, &box);
    }
}

static bool
side_fits(const cJSON *size, const char *name, const struct manifest_limits *limits)
{
    double side = 0;

    return number(size, name, &side) && side >= (double)limits->side_least &&
           side <= (double)limits->side_most;
}

static void
use_boxes(struct manifest *m, cJSON *attribute, cJSON *metadata,
    const struct manifest_limits *limits, struct tally *tally)
{
    const cJSON *size = member(attribute, "image_size")->child;
    const cJSON *object = member(metadata, "objects")->child;
    cJSON *annotations = member(attribute, "annotations"), *annotation;

    if (!side_fits(size, "width", limits) || !side_fits(size, "height", limits)) {
        manifest_note(m, attribute, ERROR_INVALID_IMAGE_DIMENSION, NULL);
        return;
    }
    if (cJSON_GetArraySize(annotations) > limits->boxes) {
        manifest_note(m, attribute, ERROR_TOO_MANY_BOUNDING_BOXES, NULL);
        return;
    }
    tally->usable++;
    cJSON_ArrayForEach(annotation, annotations)
    {
        struct manifest_box box = read_box(annotation, size);

        box.label = label_of(metadata, annotation);
        use_annotation(m, annotation, object, box, limits, tally);
        object = object == NULL ? NULL : object->next;
    }
}

static void
use(struct manifest *m, cJSON *attribute, cJSON *metadata, const struct manifest_limits *limits,
    struct tally *tally)
{
    switch (form_of(metadata)) {
    case FORM_CLASSES:
        use_class(m, metadata, limits, tally);
        break;
    case FORM_BOXES:
        use_boxes(m, attribute, metadata, limits, tally);
        break;
    default:
        manifest_note(m, metadata, ERROR_UNSUPPORTED_USE_CASE_TYPE, attribute->string);
    }
}

/* Somebody has looked at the image, and what was found is there. */
static bool
is_labeled(const cJSON *attribute, const cJSON *metadata)
{
    return form_of(metadata) != FORM_BOXES ||
           cJSON_GetArraySize(member(attribute, "annotations")) > 0;
}

/*
 * An image may have so many labels; that more make the line useless is a guess, no code is public
 * for it.
 */
static void
conclude(struct manifest *m, const struct manifest_limits *limits, const struct tally *tally)
{
    if (tally->usable == 0 || (int64_t)m->line.label_count > limits->labels)
        manifest_note(m, NULL, ERROR_NO_VALID_LABEL_ATTRIBUTES, NULL);
    else if (tally->annotations > 0 && m->line.label_count == 0)
        manifest_note(m, NULL, ERROR_NO_VALID_ANNOTATIONS, NULL);
    if (m->errors != NULL)
        m->line.label_count = m->line.box_count = 0;
}

void
manifest_check_attributes(struct manifest *m, const struct manifest_limits *limits)
{
    struct tally tally = { 0 };
    cJSON *attribute, *metadata;

    cJSON_ArrayForEach(attribute, m->json)
    {
        metadata = manifest_metadata_of(m->json, attribute);
        if (metadata == NULL)
            continue;
        m->line.is_labeled |= is_labeled(attribute, metadata);
        check_format(m, attribute, metadata);
    }
    if (m->stopped)
        return;
    cJSON_ArrayForEach(attribute, m->json)
    {
        metadata = manifest_metadata_of(m->json, attribute);
        if (metadata != NULL)
            use(m, attribute, metadata, limits, &tally);
    }
    m->line.is_empty = m->line.label_count == 0 && tally.annotations == 0 && tally.usable > 0;
    conclude(m, limits, &tally);
}
