#include "moderate.h"

#include <assert.h>
#include <stdlib.h>

#include "../../state/resource/media_job.h"
#include "../../state/store.h"
#include "../call/call.h"
#include "../call/gather.h"
#include "../call/operation.h"
#include "../call/shown.h"
#include "../json/tree.h"

/* The input that a caller would have sent. */
static cJSON *
input_of(const cJSON *config, const char *bucket, const char *key, const cJSON **object)
{
    cJSON *input = cJSON_CreateObject(), *named;
    const cJSON *item;

    named = tree_set_object(tree_set_object(input, "Image"), "S3Object");
    tree_set_text(named, "Bucket", bucket);
    tree_set_text(named, "Name", key);
    cJSON_ArrayForEach(item, config)
        cJSON_AddItemToObject(input, item->string, cJSON_Duplicate(item, true));
    *object = named;
    return input;
}

void
moderate_object(struct store *store, struct once *once, const struct media_job *job,
    const cJSON *config, const char *bucket, const char *key, struct gathered *object,
    struct moderated *said)
{
    const struct operation *operation = operation_find("DetectModerationLabels");
    const cJSON *named;
    struct call call = { .operation = operation,
        .model = operation->model,
        .store = store,
        .scope = job->scope,
        .access_key_id = "",
        .at_ms = store_now(store),
        .input = input_of(config, bucket, key, &named),
        .reads_s3 = object != NULL,
        .gathered = object,
        .once = once };
    bool done;

    if (object != NULL)
        object->named = named;
    call.output = written_object(&call.answer);
    done = operation->handle(&call);
    written_end(&call.answer);
    *said = (struct moderated){ .error = call.error, .rule = call.rule };
    assert(done == (call.error == NO_ERROR));
    if (done) {
        said->answer = call.answer.text.bytes;
        call.answer.text = (struct text){ .bytes = NULL };
    } else {
        said->message = call.message;
        call.message = NULL;
    }
    free(call.answer.text.bytes);
    free(call.message);
    shown_forget(&call);
    cJSON_Delete(call.input);
}

void
moderated_free(struct moderated *said)
{
    free(said->answer);
    free(said->message);
    *said = (struct moderated){ .answer = NULL };
}
