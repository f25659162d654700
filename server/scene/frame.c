#include "frame.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../state/base/array.h"
#include "../../state/base/hash.h"
#include "../../state/base/memory.h"
#include "../../state/delivery.h"
#include "../../state/resource/collection.h"
#include "../../state/resource/stream_processor.h"
#include "../../state/resource/tag.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../call/call.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "region.h"
#include "search.h"

/* ---- numbers ---------------------------------------------------------------- */

/* Observed: with the fewest digits that tell a number of 32 bits; a hundred is 100, not 1e+02. */
static void
set_number(cJSON *object, const char *member, double value)
{
    char text[40];

    for (int digits = 1; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtof(text, NULL) == (float)value && strchr(text, '+') == NULL)
            break;
    }
    cJSON_AddRawToObject(object, member, text);
}

static void
copy_numbers(cJSON *to, const cJSON *from, const char *const *members)
{
    double value;

    for (; *members != NULL; members++)
        if (json_number(member_of(from, *members), &value))
            set_number(to, *members, value);
}

/* 47 digits, as those that were seen; of the processor and the frame. */
static char *
fragment_of(struct call *call, const struct frame *frame)
{
    const char *arn = frame->processor->arn;

    return store_format(call->store, "91343852333%018" PRIu64 "%018" PRId64,
        hash_bytes(arn, strlen(arn)) % UINT64_C(1000000000000000000), frame->processor->frames + 1);
}

static const cJSON *
below(const cJSON *object, const char *member, const char *inner)
{
    return member_of(member_of(object, member), inner);
}

static void
add_delivery(struct call *call, struct frame *frame, const struct delivery *delivery)
{
    int64_t id = delivery_add(call->store, delivery);

    if (frame->count < FRAME_DELIVERIES_MAX)
        frame->deliveries[frame->count++] = id;
}

/* ---- faces: a record for Kinesis --------------------------------------------- */

static const char *const box_members[] = { "Height", "Width", "Left", "Top", NULL };
static const char *const point_members[] = { "X", "Y", NULL };
static const char *const pose_members[] = { "Pitch", "Roll", "Yaw", NULL };
static const char *const quality_members[] = { "Brightness", "Sharpness", NULL };
static const char *const confidence_members[] = { "Confidence", NULL };

static void
add_landmarks(cJSON *face, const cJSON *landmarks)
{
    cJSON *list = tree_set_list(face, "Landmarks");
    const cJSON *landmark;

    cJSON_ArrayForEach(landmark, landmarks)
    {
        cJSON *item = tree_append_object(list);

        copy_numbers(item, landmark, point_members);
        tree_set_text(item, "Type", text_of(landmark, "Type"));
    }
}

/* The same as the API's answers have, in the order in which records were seen to have it. */
static void
add_detected(cJSON *response, const struct face *face)
{
    struct written written = { 0 };
    cJSON *detected = tree_set_object(response, "DetectedFace"), *detail;

    face_write(written_object(&written), face, face_default, false);
    detail = cJSON_Parse(written_end(&written));
    free(written.text.bytes);
    copy_numbers(tree_set_object(detected, "BoundingBox"), member_of(detail, "BoundingBox"),
        box_members);
    copy_numbers(detected, detail, confidence_members);
    add_landmarks(detected, member_of(detail, "Landmarks"));
    copy_numbers(tree_set_object(detected, "Pose"), member_of(detail, "Pose"), pose_members);
    copy_numbers(tree_set_object(detected, "Quality"), member_of(detail, "Quality"),
        quality_members);
    cJSON_Delete(detail);
}

static void
add_input(struct call *call, const struct frame *frame, const cJSON *request, cJSON *record)
{
    cJSON *video = tree_set_object(tree_set_object(record, "InputInformation"), "KinesisVideo");
    double seconds = (double)store_now(call->store) / 1000;

    tree_set_text(video, "StreamArn",
        text_of(below(request, "Input", "KinesisVideoStream"), "Arn"));
    tree_set_text(video, "FragmentNumber", fragment_of(call, frame));
    tree_set_shortest(video, "ServerTimestamp", seconds);
    tree_set_shortest(video, "ProducerTimestamp", seconds);
    set_number(video, "FrameOffsetInSeconds", 0);
}

/* API Reference, FaceSearchSettings, FaceMatchThreshold: "The default value is 80%". */
#define MATCH_LEAST 80

#define MATCHES_MOST 100 /* of a face; a guess: nothing in a processor says how many */

/* As records were seen to have it: less of it than answers have, and in another order. */
static void
add_match(cJSON *list, const struct found_face *found)
{
    cJSON *match = tree_append_object(list), *face, *box;

    set_number(match, "Similarity", found->similarity);
    face = tree_set_object(match, "Face");
    box = tree_set_object(face, "BoundingBox");
    set_number(box, "Height", found->face.height);
    set_number(box, "Width", found->face.width);
    set_number(box, "Left", found->face.left);
    set_number(box, "Top", found->face.top);
    tree_set_text(face, "FaceId", found->face.face_id);
    set_number(face, "Confidence", found->face.confidence);
    tree_set_text(face, "ImageId", found->face.image_id);
    tree_set_text(face, "ExternalImageId", found->face.external_image_id);
}

/* Whom the collection has, as it is now; one that was deleted meanwhile has nobody: a guess. */
static void
add_matches(struct call *call, const cJSON *request, const struct face *face, cJSON *response)
{
    const cJSON *search = below(request, "Settings", "FaceSearch");
    const struct collection *collection =
        collection_fetch(call->store, &call->scope, text_of(search, "CollectionId"));
    struct sought sought = { .identity = face->identity,
        .least = MATCH_LEAST,
        .most = MATCHES_MOST };
    cJSON *list = tree_set_list(response, "MatchedFaces");
    const struct found_face *found;
    size_t count;

    if (collection == NULL)
        return;
    json_number(member_of(search, "FaceMatchThreshold"), &sought.least);
    found = search_collection(call->store, collection, &sought, &count);
    for (size_t i = 0; i < count; i++)
        add_match(list, &found[i]);
}

static void
tell_faces(struct call *call, struct frame *frame, const cJSON *request)
{
    cJSON *record = cJSON_CreateObject(), *list;
    const struct face *faces;
    size_t count;
    char *text;

    add_input(call, frame, request, record);
    tree_set_text(tree_set_object(record, "StreamProcessorInformation"), "Status", "RUNNING");
    list = tree_set_list(record, "FaceSearchResponse");
    faces = scene_faces(call, &frame->scene, setting_int(call->store, SETTING_DETECT_MAX_FACES),
        false, &count);
    for (size_t i = 0; i < count; i++) {
        cJSON *response;

        if (!regions_have(member_of(request, "RegionsOfInterest"), &faces[i].box))
            continue;
        response = tree_append_object(list);
        add_detected(response, &faces[i]);
        add_matches(call, request, &faces[i], response);
    }
    text = memory_made(cJSON_PrintUnformatted(record));
    cJSON_Delete(record);
    add_delivery(call, frame,
        &(struct delivery){ .kind = DELIVERY_KINESIS,
            .arn = frame->processor->arn,
            .target = text_of(below(request, "Output", "KinesisDataStream"), "Arn"),
            .body = text });
    cJSON_free(text);
}

/* ---- labels: words for SNS, objects for S3 ------------------------------------- */

/* Developer Guide, Detecting labels in streaming video events: people, pets and packages. */
static const char *const home_labels[] = { "PERSON", "PET", "PACKAGE" };

struct sighting {
    const char *label;
    double confidence;
    struct box box;
};

static bool
is_looked_for(const cJSON *request, const char *label)
{
    const cJSON *item, *home = below(request, "Settings", "ConnectedHome");

    cJSON_ArrayForEach(item,
        member_of(home, "Labels")) if (strcmp(item->valuestring, label) == 0 ||
                                       strcmp(item->valuestring, "ALL") == 0) return true;
    return false;
}

/* Of a label itself or what it is a kind of: a dog is a pet. */
static bool
is_kind_of(const cJSON *label, const char *home_label)
{
    const char *name = text_of(label, "Name");
    const cJSON *parent;

    if (name != NULL && strcasecmp(name, home_label) == 0)
        return true;
    cJSON_ArrayForEach(parent,
        member_of(label, "Parents")) if (is_kind_of(parent, home_label)) return true;
    return false;
}

static void
keep_the_surest(const cJSON *request, struct sighting *best, double confidence,
    const struct box *box)
{
    double least = 0;

    json_number(member_of(below(request, "Settings", "ConnectedHome"), "MinConfidence"), &least);
    if (confidence < least || confidence <= best->confidence ||
        !regions_have(member_of(request, "RegionsOfInterest"), box))
        return;
    best->confidence = confidence;
    best->box = *box;
}

static void
look_for_label(const struct frame *frame, const cJSON *request, struct sighting *best)
{
    const cJSON *label, *instance;

    cJSON_ArrayForEach(label, scene_part(&frame->scene, "labels"))
    {
        struct box whole = { .width = 1, .height = 1 };
        double confidence = 100;

        if (!is_kind_of(label, best->label))
            continue;
        json_number(member_of(label, "Confidence"), &confidence);
        if (cJSON_GetArraySize(member_of(label, "Instances")) == 0)
            keep_the_surest(request, best, confidence, &whole);
        cJSON_ArrayForEach(instance, member_of(label, "Instances"))
        {
            struct box box = whole;

            box_read(member_of(instance, "BoundingBox"), &box);
            json_number(member_of(instance, "Confidence"), &confidence);
            keep_the_surest(request, best, confidence, &box);
        }
    }
}

/* Whose face is seen is a person. */
static void
look_for_faces(struct call *call, const struct frame *frame, const cJSON *request,
    struct sighting *best)
{
    const struct face *faces;
    size_t count;

    faces = scene_faces(call, &frame->scene, setting_int(call->store, SETTING_DETECT_MAX_FACES),
        false, &count);
    for (size_t i = 0; i < count; i++)
        keep_the_surest(request, best, faces[i].confidence, &faces[i].box);
}

static void
add_box(cJSON *label, const struct box *box)
{
    cJSON *object = tree_set_object(label, "boundingBox");

    set_number(object, "left", box->left);
    set_number(object, "top", box->top);
    set_number(object, "height", box->height);
    set_number(object, "width", box->width);
}

static void
add_mapping(struct call *call, const struct frame *frame, cJSON *label)
{
    cJSON *mapping = tree_set_object(tree_set_object(label, "videoMapping"), "kinesisVideoMapping");

    tree_set_text(mapping, "fragmentNumber", fragment_of(call, frame));
    tree_set_int(mapping, "serverTimestamp", store_now(call->store));
    tree_set_int(mapping, "producerTimestamp", store_now(call->store));
    tree_set_int(mapping, "frameOffsetMillis", 0);
}

static void
add_tags(struct call *call, const struct frame *frame, cJSON *message)
{
    cJSON *map = tree_set_object(message, "tags");
    size_t count;
    const struct tag *tags = tag_list(call->store, frame->processor->arn, &count);

    for (size_t i = 0; i < count; i++)
        cJSON_AddStringToObject(map, tags[i].key, tags[i].value);
}

/* The documented path, but for its last part, of which nothing is said. */
static const char *
keep_image(struct call *call, struct frame *frame, const cJSON *request)
{
    const cJSON *place = below(request, "Output", "S3Destination");
    const char *prefix = text_of(place, "KeyPrefix"), *bucket = text_of(place, "Bucket");
    bool is_png = frame->bytes != NULL && strncmp(frame->bytes, "iVBOR", 5) == 0, has_prefix;
    const char *target;

    if (frame->bytes == NULL || bucket == NULL)
        return NULL;
    has_prefix = prefix != NULL && *prefix != '\0';
    target =
        store_format(call->store, "%s/%s%s%s/%s/%" PRId64 ".%s", bucket, has_prefix ? prefix : "",
            has_prefix && prefix[strlen(prefix) - 1] != '/' ? "/" : "", frame->processor->name,
            frame->processor->session, frame->processor->frames + 1, is_png ? "png" : "jpg");
    add_delivery(call, frame,
        &(struct delivery){ .kind = DELIVERY_S3,
            .arn = frame->processor->arn,
            .target = target,
            .type = is_png ? "image/png" : "image/jpeg",
            .body = frame->bytes });
    return store_format(call->store, "s3://%s", target);
}

static cJSON *
begin_message(const cJSON *request)
{
    cJSON *message = cJSON_CreateObject();

    tree_set_text(tree_set_object(tree_set_object(message, "inputInformation"), "kinesisVideo"),
        "streamArn", text_of(below(request, "Input", "KinesisVideoStream"), "Arn"));
    tree_set_text(tree_set_object(message, "eventNamespace"), "type", "LABEL_DETECTED");
    return message;
}

static void
tell_label(struct call *call, struct frame *frame, const cJSON *request,
    const struct sighting *seen, const char *image_uri)
{
    cJSON *whole = cJSON_CreateObject(), *message = begin_message(request);
    cJSON *label = tree_append_object(tree_set_list(message, "labels"));
    const char *id = store_format(call->store, "%s-%" PRId64 "-%s", frame->processor->session,
        frame->processor->frames + 1, seen->label);
    char *text;

    tree_set_text(label, "id", id);
    set_number(label, "confidence", seen->confidence);
    tree_set_text(label, "name", seen->label);
    tree_set_text(label, "frameImageUri", image_uri);
    add_mapping(call, frame, label);
    add_box(label, &seen->box);
    tree_set_text(message, "eventId", id);
    add_tags(call, frame, message);
    tree_set_text(message, "sessionId", frame->processor->session);
    tree_set_text(whole, "Subject", "Rekognition Stream Processing Event");
    cJSON_AddItemToObject(whole, "Message", message);
    text = memory_made(cJSON_PrintUnformatted(whole));
    cJSON_Delete(whole);
    add_delivery(call, frame,
        &(struct delivery){ .kind = DELIVERY_SNS,
            .arn = frame->processor->arn,
            .target = text_of(member_of(request, "NotificationChannel"), "SNSTopicArn"),
            .body = text });
    cJSON_free(text);
}

/* API Reference, StreamProcessorNotificationChannel: of each kind the first in a run is told of. */
static const char *
tell_labels(struct call *call, struct frame *frame, const cJSON *request)
{
    const char *seen = frame->processor->seen, *uri = NULL;

    for (size_t i = 0; i < COUNT(home_labels); i++) {
        struct sighting best = { .label = home_labels[i] };
        const char *word = store_format(call->store, " %s", home_labels[i]);

        if (!is_looked_for(request, home_labels[i]) || strstr(seen, word) != NULL)
            continue;
        look_for_label(frame, request, &best);
        if (i == 0)
            look_for_faces(call, frame, request, &best);
        if (best.confidence == 0)
            continue;
        if (uri == NULL)
            uri = keep_image(call, frame, request);
        tell_label(call, frame, request, &best, uri);
        seen = store_format(call->store, "%s%s", seen, word);
    }
    return seen;
}

/* ---- both -------------------------------------------------------------------- */

void
frame_show(struct call *call, struct frame *frame)
{
    cJSON *request = cJSON_Parse(frame->processor->request);
    const char *seen = frame->processor->seen;

    frame->count = 0;
    if (frame->processor->home)
        seen = tell_labels(call, frame, request);
    else
        tell_faces(call, frame, request);
    stream_processor_saw(call->store, frame->processor, seen);
    cJSON_Delete(request);
}
