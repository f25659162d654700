#include "word.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "../../state/delivery.h"
#include "../../state/resource/video_job.h"
#include "../../state/store.h"
#include "../json/tree.h"
#include "../json/write.h"
#include "place.h"

/*
 * As three recorded messages have it, in this order; the guide's reference page has another form. Timestamp is the end,
 * in milliseconds.
 */
static const char *
message(struct store *store, const struct video_job *job, const cJSON *request, const char *status,
    struct written *written)
{
    const cJSON *object = place_object(request);
    struct part body = written_object(written), video;

    set_text(body, "JobId", job->job_id);
    set_text(body, "Status", status);
    set_text(body, "API", store_format(store, "Start%s", job->api));
    set_text(body, "JobTag", text_of(request, "JobTag"));
    set_int(body, "Timestamp", store_now(store));
    video = set_object(body, "Video");
    set_text(video, "S3ObjectName", text_of(object, "Name"));
    set_text(video, "S3Bucket", text_of(object, "Bucket"));
    return written_end(written);
}

void
word_of_end(struct store *store, const struct video_job *job, const char *status)
{
    cJSON *request = cJSON_Parse(job->request);
    const char *topic = text_of(member_of(request, "NotificationChannel"), "SNSTopicArn");
    struct written written = { .depth = 0 };

    if (topic != NULL)
        delivery_add(store, &(struct delivery){ .kind = DELIVERY_SNS,
                                .arn = job->arn,
                                .target = topic,
                                .body = message(store, job, request, status, &written) });
    free(written.text.bytes);
    cJSON_Delete(request);
}
