#include "gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/memory.h"
#include "../../state/setting.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "call.h"
#include "operation.h"
#include "permit.h"
#include "server.h"
#include "../json/tree.h"

/* A call that waits for its objects. They come first: call->gathered is the whole. */
struct gathering {
    struct object {
        struct gathered gathered;
        struct gathering *gathering;
        size_t length, room; /* of the bytes so far */
    } objects[GATHERS_MAX];
    size_t waits_for;
    void (*go_on)(void *context);
    void *context;
};

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
make_room(struct object *object, size_t room)
{
    object->room = room;
    object->gathered.bytes = memory_resize(object->gathered.bytes, room);
}

static bool
on_piece(void *context, const char *bytes, size_t length)
{
    struct object *object = context;

    if (object->length + length > object->room)
        make_room(object, 2 * (object->length + length));
    memcpy(object->gathered.bytes + object->length, bytes, length);
    object->length += length;
    return true;
}

static void
on_done(void *context, const struct s3_answer *answer)
{
    struct object *object = context;
    struct gathered *gathered = &object->gathered;
    struct gathering *gathering = object->gathering;

    gathered->result = answer->result;
    gathered->size = answer->size;
    snprintf(gathered->why, sizeof gathered->why, "%s", answer->why);
    if (answer->result != S3_OK) {
        free(gathered->bytes);
        gathered->bytes = NULL;
    }
    if (--gathering->waits_for == 0)
        gathering->go_on(gathering->context);
}

static struct s3_object
object_named(const struct call *call, const cJSON *named)
{
    return (struct s3_object){ .region = call->scope.region,
        .bucket = text_of(named, "Bucket"),
        .key = text_of(named, "Name"),
        .version = text_of(named, "Version") };
}

/* Which of the objects of the operation's row the input names; how many there are. */
static size_t
find_named(const struct call *call, const cJSON *named[GATHERS_MAX], enum want wants[GATHERS_MAX])
{
    const struct gather *row = call->operation->gather;
    size_t count = 0;

    for (size_t i = 0; i < GATHERS_MAX && row[i].want != WANT_NONE; i++) {
        const cJSON *item = follow(call->input, row[i].path);
        struct s3_object object = object_named(call, item);

        if (object.bucket != NULL && object.key != NULL) {
            named[count] = item;
            wants[count++] = row[i].want;
        }
    }
    return count;
}

static struct gathering *
gathering_make(size_t count, const cJSON *named[GATHERS_MAX])
{
    struct gathering *gathering = memory_new(sizeof *gathering);

    for (size_t i = 0; i < count; i++) {
        struct object *object = &gathering->objects[i];

        object->gathering = gathering;
        object->gathered.named = named[i];
        object->gathered.next = i + 1 < count ? &gathering->objects[i + 1].gathered : NULL;
    }
    return gathering;
}

/* S3 User Guide, *Policy actions for Amazon S3*: versions have an action of their own. */
static bool
may_read(struct call *call, const cJSON *named)
{
    struct s3_object object = object_named(call, named);

    return may_use_object(call, object.version == NULL ? "s3:GetObject" : "s3:GetObjectVersion",
        object.bucket, object.key);
}

/* What is asked of the world first: how long to wait, how much to read, and what the caller may. */
static struct s3_patience
prepare(struct call *call, struct gathering *gathering, size_t count, int64_t *most)
{
    struct s3_patience patience;

    step_begin_of(call->store, "gather", call->scope.account);
    call->at_ms = store_now(call->store);
    patience = s3_patience(call->store);
    patience.total_ms = setting_int(call->store, SETTING_S3_CALL);
    *most = setting_int(call->store, SETTING_IMAGE_S3_BYTES);
    for (size_t i = 0; i < count; i++) {
        struct gathered *gathered = &gathering->objects[i].gathered;

        gathered->forbidden = !may_read(call, gathered->named);
    }
    step_end(call->store, true);
    return patience;
}

static void
ask(struct outbound *outbound, const struct s3_object *wanted, enum want want, int64_t most,
    struct object *object)
{
    object->gathering->waits_for++;
    if (want == WANT_HEAD) {
        s3_head(outbound, wanted, on_done, object);
    } else {
        make_room(object, S3_PIECE_MAX);
        s3_get(outbound, wanted, most, on_piece, on_done, object);
    }
}

bool
gather(struct server *server, struct call *call, void (*go_on)(void *context), void *context)
{
    const cJSON *named[GATHERS_MAX];
    enum want wants[GATHERS_MAX];
    struct s3_patience patience;
    int64_t most;
    struct gathering *gathering;
    bool anything = server->outbound != NULL || call->policies != POLICIES_OFF;
    size_t count = anything ? find_named(call, named, wants) : 0;

    if (count == 0)
        return false;
    gathering = gathering_make(count, named);
    gathering->go_on = go_on;
    gathering->context = context;
    call->gathered = &gathering->objects[0].gathered;
    patience = prepare(call, gathering, count, &most);
    for (size_t i = 0; i < count; i++) {
        struct gathered *gathered = &gathering->objects[i].gathered;
        struct s3_object wanted = object_named(call, named[i]);

        wanted.patience = patience;
        if (server->outbound == NULL)
            gathered->named = gathered->forbidden ? gathered->named : NULL;
        else if (!gathered->forbidden)
            ask(server->outbound, &wanted, wants[i], most, &gathering->objects[i]);
    }
    return gathering->waits_for > 0;
}

bool
gather_was_stopped(const struct call *call)
{
    for (const struct gathered *each = call->gathered; each != NULL; each = each->next)
        if (each->result == S3_STOPPED)
            return true;
    return false;
}

const struct gathered *
gathered_of(const struct call *call, const cJSON *named)
{
    const struct gathered *each = call->gathered;

    while (each != NULL && each->named != named)
        each = each->next;
    return each;
}

bool
gathered_is_there(struct call *call, const cJSON *named)
{
    const struct gathered *gathered = gathered_of(call, named);

    if (gathered == NULL || (gathered->result == S3_OK && !gathered->forbidden))
        return true;
    fail(call, InvalidS3ObjectException, DOCUMENTED, "Developer Guide, Error handling",
        "Unable to get object metadata from S3. Check object key, region and/or access "
        "permissions.");
    call->rule = gathered->forbidden ? "S3_PERMISSION" : "S3_OBJECT";
    call->found =
        gathered->forbidden ? store_keep(call->store, call->decisions.bytes) : gathered->why;
    return false;
}

void
gather_free(struct call *call)
{
    for (struct gathered *each = call->gathered; each != NULL; each = each->next)
        free(each->bytes);
    free(call->gathered);
    call->gathered = NULL;
}
