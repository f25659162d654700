#include "place.h"

#include "../../state/resource/video_job.h"
#include "../../state/store.h"
#include "../json/tree.h"

const cJSON *
place_object(const cJSON *request)
{
    return member_of(member_of(request, "Video"), "S3Object");
}

const char *
place_name(struct store *store, const struct video_job *job)
{
    cJSON *request = cJSON_Parse(job->request);
    const cJSON *object = place_object(request);
    const char *bucket = text_of(object, "Bucket"), *key = text_of(object, "Name");
    const char *name =
        store_format(store, "%s/%s", bucket == NULL ? "" : bucket, key == NULL ? "" : key);

    cJSON_Delete(request);
    return name;
}
