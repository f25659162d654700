/* Operations on stream processors, which look at streams of video. */

#include <string.h>

#include "../../state/resource/collection.h"
#include "../../state/resource/stream_processor.h"
#include "../../state/store.h"
#include "../call/handlers.h"
#include "../call/paging.h"
#include "../call/tags.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../scene/region.h"
#include "../scene/shaped.h"

/* API Reference, FaceSearchSettings, ConnectedHomeSettings, StreamProcessingStopSelector. */
#define FACE_THRESHOLD 80
#define LABEL_CONFIDENCE 50
#define RUN_SECONDS 10

/* What is kept of CreateStreamProcessor, in the order in which DescribeStreamProcessor has it. */
static const char *const kept[] = { "Input", "Output", "RoleArn", "Settings", "NotificationChannel",
    "KmsKeyId", "RegionsOfInterest", "DataSharingPreference", NULL };

static const cJSON *
deep(const cJSON *object, const char *member, const char *below)
{
    return member_of(member_of(object, member), below);
}

/* ---- creating --------------------------------------------------------------- */

static bool
labels_fit(struct call *call, const cJSON *labels)
{
    static const char *const known[] = { "PERSON", "PET", "PACKAGE", "ALL" };
    const cJSON *label;

    cJSON_ArrayForEach(label, labels)
    {
        size_t i = 0;

        while (i < 4 && strcmp(known[i], label->valuestring) != 0)
            i++;
        if (i == 4)
            return invalid_parameter(call, DOCUMENTED, "API Reference, ConnectedHomeSettings",
                "Labels are PERSON, PET, PACKAGE or ALL");
    }
    return true;
}

static bool
regions_fit(struct call *call, const char *member)
{
    const cJSON *regions = input_member(call, member);

    return regions == NULL || regions_are_places(regions) ||
           invalid_parameter(call, GUESSED, "the API gives a region no other place",
               "each of RegionsOfInterest has a BoundingBox or a Polygon");
}

static bool
face_search_fits(struct call *call, const cJSON *search)
{
    const char *id = text_of(search, "CollectionId");
    struct collection collection;

    if (id == NULL)
        return invalid_parameter(call, GUESSED, "there is nothing to search otherwise",
            "FaceSearch has a CollectionId");
    if (deep(call->input, "Output", "KinesisDataStream") == NULL)
        return invalid_parameter(call, GUESSED, "API Reference, StreamProcessorOutput",
            "with FaceSearch, Output is a KinesisDataStream");
    return collection_find(call->store, &call->scope, id, &collection) == RESULT_OK ||
           invalid_parameter(call, GUESSED,
               "CreateStreamProcessor does not declare ResourceNotFoundException",
               "there is a collection of that CollectionId");
}

static bool
home_fits(struct call *call, const cJSON *home)
{
    if (deep(call->input, "Output", "S3Destination") == NULL)
        return invalid_parameter(call, GUESSED, "API Reference, StreamProcessorOutput",
            "with ConnectedHome, Output is an S3Destination");
    if (input_member(call, "NotificationChannel") == NULL)
        return invalid_parameter(call, GUESSED, "API Reference, CreateStreamProcessor",
            "with ConnectedHome there is a NotificationChannel");
    return labels_fit(call, member_of(home, "Labels"));
}

static bool
request_fits(struct call *call)
{
    const cJSON *search = deep(call->input, "Settings", "FaceSearch");
    const cJSON *home = deep(call->input, "Settings", "ConnectedHome");

    if ((search == NULL) == (home == NULL))
        return invalid_parameter(call, GUESSED, "API Reference, StreamProcessorSettings",
            "Settings are of FaceSearch or of ConnectedHome");
    if (deep(call->input, "Input", "KinesisVideoStream") == NULL)
        return invalid_parameter(call, GUESSED, "there is nothing to look at otherwise",
            "Input is a KinesisVideoStream");
    if (!regions_fit(call, "RegionsOfInterest"))
        return false;
    return home != NULL ? home_fits(call, home) : face_search_fits(call, search);
}

/* What is left out of the settings, or is below what they can be, is as the API has it. */
static void
complete_settings(cJSON *request)
{
    cJSON *settings = cJSON_GetObjectItemCaseSensitive(request, "Settings");
    cJSON *search = cJSON_GetObjectItemCaseSensitive(settings, "FaceSearch");
    cJSON *home = cJSON_GetObjectItemCaseSensitive(settings, "ConnectedHome");
    double threshold = 0;

    if (search != NULL) {
        json_number(member_of(search, "FaceMatchThreshold"), &threshold);
        if (threshold < FACE_THRESHOLD) {
            cJSON_DeleteItemFromObjectCaseSensitive(search, "FaceMatchThreshold");
            cJSON_AddNumberToObject(search, "FaceMatchThreshold", FACE_THRESHOLD);
        }
    }
    if (home != NULL && member_of(home, "MinConfidence") == NULL)
        cJSON_AddNumberToObject(home, "MinConfidence", LABEL_CONFIDENCE);
}

static char *
request_of(struct call *call)
{
    cJSON *request = cJSON_CreateObject();
    char *text;

    for (size_t i = 0; kept[i] != NULL; i++)
        if (input_member(call, kept[i]) != NULL)
            cJSON_AddItemToObject(request, kept[i],
                cJSON_Duplicate(input_member(call, kept[i]), 1));
    complete_settings(request);
    text = json_kept(call, request);
    cJSON_Delete(request);
    return text;
}

bool
create_stream_processor(struct call *call)
{
    struct stream_processor processor = { .scope = call->scope,
        .name = input_text(call, "Name"),
        .home = deep(call->input, "Settings", "ConnectedHome") != NULL };

    if (!request_fits(call))
        return false;
    processor.request = request_of(call);
    call->asked = store_format(call->store, "%lld",
        (long long)setting_int(call->store, SETTING_LIMIT_STREAM_PROCESSORS));
    if (!granted(call, stream_processor_create(call->store, &processor)) ||
        !tags_set(call, processor.arn, input_member(call, "Tags")))
        return false;
    set_text(call->output, "StreamProcessorArn", processor.arn);
    return true;
}

/* ---- describing ------------------------------------------------------------- */

bool
describe_stream_processor(struct call *call)
{
    const struct stream_processor *processor = call->fetched;
    const struct shape *shape = &shape_DescribeStreamProcessorResponse;
    cJSON *request = cJSON_Parse(processor->request);

    set_text(call->output, "Name", processor->name);
    set_text(call->output, "StreamProcessorArn", processor->arn);
    set_text(call->output, "Status", processor->status);
    set_text(call->output, "StatusMessage", processor->status_message);
    set_time(call->output, "CreationTimestamp", processor->created_ms);
    set_time(call->output, "LastUpdateTimestamp", processor->entered_ms);
    for (size_t i = 0; kept[i] != NULL; i++)
        set_shaped(call->output, kept[i], member_of(request, kept[i]),
            shape_of_member(shape, kept[i]));
    cJSON_Delete(request);
    return true;
}

bool
list_stream_processors(struct call *call)
{
    struct part list = set_list(call->output, "StreamProcessors");
    struct stream_processor *rows;
    struct paging paging;
    size_t count;

    if (!paging_open(call, &paging))
        return false;
    rows = stream_processor_list(call->store, &call->scope, &paging.page, &count);
    for (size_t i = 0; i < count; i++) {
        struct part item = add_object(list);

        set_text(item, "Name", rows[i].name);
        set_text(item, "Status", rows[i].status);
    }
    if (count > 0)
        paging_close_text(call, &paging, rows[count - 1].name);
    return true;
}

/* ---- working ---------------------------------------------------------------- */

/* API Reference, StartStreamProcessor: both selectors are required with ConnectedHome. */
static bool
selectors_fit(struct call *call)
{
    const cJSON *start = deep(call->input, "StartSelector", "KVSStreamStartSelector");

    return (start != NULL && input_member(call, "StopSelector") != NULL &&
               (member_of(start, "ProducerTimestamp") == NULL) !=
                   (member_of(start, "FragmentNumber") == NULL)) ||
           invalid_parameter(call, DOCUMENTED, "API Reference, StartStreamProcessor",
               "with ConnectedHome there are a StartSelector, by one of ProducerTimestamp and "
               "FragmentNumber, and a StopSelector");
}

bool
start_stream_processor(struct call *call)
{
    struct stream_processor processor = *(const struct stream_processor *)call->fetched;
    double seconds = RUN_SECONDS;

    if (processor.home && !selectors_fit(call))
        return false;
    json_number(deep(call->input, "StopSelector", "MaxDurationInSeconds"), &seconds);
    if (!granted(call, stream_processor_start(call->store, &processor, (int64_t)(seconds * 1000))))
        return false;
    if (processor.home)
        set_text(call->output, "SessionId", processor.session);
    return true;
}

bool
stop_stream_processor(struct call *call)
{
    return granted(call, stream_processor_stop(call->store, call->fetched));
}

bool
delete_stream_processor(struct call *call)
{
    return granted(call, stream_processor_delete(call->store, call->fetched));
}

/* ---- updating --------------------------------------------------------------- */

static void
replace(cJSON *object, const char *member, const cJSON *value)
{
    if (value == NULL)
        return;
    cJSON_DeleteItemFromObjectCaseSensitive(object, member);
    cJSON_AddItemToObject(object, member, cJSON_Duplicate(value, 1));
}

static void
remove_parameters(cJSON *request, cJSON *home, const cJSON *parameters)
{
    const cJSON *parameter;

    cJSON_ArrayForEach(parameter, parameters)
    {
        if (strcmp(parameter->valuestring, "RegionsOfInterest") == 0)
            cJSON_DeleteItemFromObjectCaseSensitive(request, "RegionsOfInterest");
        else
            cJSON_DeleteItemFromObjectCaseSensitive(home, "MinConfidence");
    }
}

static char *
updated_request(struct call *call, const struct stream_processor *processor)
{
    cJSON *request = cJSON_Parse(processor->request);
    cJSON *home =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(request, "Settings"),
            "ConnectedHome");
    const cJSON *settings = deep(call->input, "SettingsForUpdate", "ConnectedHomeForUpdate");
    char *text;

    remove_parameters(request, home, input_member(call, "ParametersToDelete"));
    replace(home, "Labels", member_of(settings, "Labels"));
    replace(home, "MinConfidence", member_of(settings, "MinConfidence"));
    replace(request, "RegionsOfInterest", input_member(call, "RegionsOfInterestForUpdate"));
    replace(request, "DataSharingPreference", input_member(call, "DataSharingPreferenceForUpdate"));
    complete_settings(request);
    text = json_kept(call, request);
    cJSON_Delete(request);
    return text;
}

bool
update_stream_processor(struct call *call)
{
    const struct stream_processor *processor = call->fetched;
    const cJSON *settings = deep(call->input, "SettingsForUpdate", "ConnectedHomeForUpdate");

    if (!processor->home)
        return invalid_parameter(call, GUESSED,
            "API Reference, UpdateStreamProcessor: label detection settings",
            "a stream processor for faces has nothing that can be updated");
    return regions_fit(call, "RegionsOfInterestForUpdate") &&
           labels_fit(call, member_of(settings, "Labels")) &&
           granted(call,
               stream_processor_update(call->store, processor, updated_request(call, processor)));
}
