#include "gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/setting.h"
#include "../../state/step.h"
#include "call.h"
#include "operation.h"
#include "server.h"
#include "../json/tree.h"

enum want { WANT_WHOLE, WANT_HEAD };

static const struct gather_row {
    const char *operation, *path;
    enum want want;
} rows[] = {
#define GATHER(operation, path, want) { #operation, path, WANT_##want },
#include "gather.def"
#undef GATHER
};

/* A call that waits for its object. `object` is first: call->object is the whole. */
struct gathering {
    struct call_object object;
    struct call *call;
    size_t length, room;
    char why[256];
    void (*gathered)(void *context);
    void *context;
};

static const struct gather_row *
find_row(const struct call *call)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].operation, call->operation->name) == 0)
            return &rows[i];
    return NULL;
}

/* The member of the input that `path` leads to, "Image.S3Object"; NULL when there is none. */
static const cJSON *
follow(const cJSON *item, const char *path)
{
    char name[64];
    size_t length;

    for (; item != NULL && *path != '\0'; path += length + (path[length] == '.')) {
        length = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)length, path);
        item = member_of(item, name);
    }
    return item;
}

static void
make_room(struct gathering *gathering, size_t room)
{
    gathering->room = room;
    gathering->object.bytes = realloc(gathering->object.bytes, room);
    if (gathering->object.bytes == NULL)
        abort();
}

static bool
on_piece(void *context, const char *bytes, size_t length)
{
    struct gathering *gathering = context;

    if (gathering->length + length > gathering->room)
        make_room(gathering, 2 * (gathering->length + length));
    memcpy(gathering->object.bytes + gathering->length, bytes, length);
    gathering->length += length;
    return true;
}

static void
on_done(void *context, const struct s3_answer *answer)
{
    struct gathering *gathering = context;
    struct call_object *object = &gathering->object;

    object->result = answer->result;
    object->size = answer->size;
    snprintf(gathering->why, sizeof gathering->why, "%s", answer->why);
    if (answer->result != S3_OK) {
        free(object->bytes);
        object->bytes = NULL;
    }
    gathering->call->object = object;
    gathering->gathered(gathering->context);
}

static struct gathering *
gathering_make(struct call *call, void (*gathered)(void *context), void *context)
{
    struct gathering *gathering = calloc(1, sizeof *gathering);

    if (gathering == NULL)
        abort();
    gathering->call = call;
    gathering->object.why = gathering->why;
    gathering->gathered = gathered;
    gathering->context = context;
    return gathering;
}

bool
gather(struct server *server, struct call *call, void (*gathered)(void *context), void *context)
{
    const struct gather_row *row = find_row(call);
    const cJSON *named = row == NULL ? NULL : follow(call->input, row->path);
    struct s3_object object = { .region = call->scope.region,
        .bucket = text_of(named, "Bucket"),
        .key = text_of(named, "Name"),
        .version = text_of(named, "Version") };
    struct gathering *gathering;
    int64_t most;

    if (server->outbound == NULL || object.bucket == NULL || object.key == NULL)
        return false;
    step_begin(server->store, "gather");
    object.patience = s3_patience(server->store);
    object.patience.total_ms = setting_int(server->store, SETTING_S3_CALL);
    most = setting_int(server->store, SETTING_IMAGE_S3_BYTES);
    step_end(server->store, true);
    gathering = gathering_make(call, gathered, context);
    if (row->want == WANT_WHOLE)
        make_room(gathering, S3_PIECE_MAX);
    if (row->want == WANT_HEAD)
        s3_head(server->outbound, &object, on_done, gathering);
    else
        s3_get(server->outbound, &object, most, on_piece, on_done, gathering);
    return true;
}

void
gather_free(struct call *call)
{
    if (call->object != NULL)
        free(call->object->bytes);
    free((void *)call->object);
    call->object = NULL;
}
