#include "portrait.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "../../state/base/hash.h"
#include "../../state/base/memory.h"
#include "../../state/resource/known_image.h"
#include "../../state/resource/liveness.h"
#include "../../state/store.h"
#include "../image/draw.h"
#include "../image/image.h"
#include "../json/json.h"
#include "../json/tree.h"

/* ---- pictures ----------------------------------------------------------- */

static void
draw_portrait(const struct liveness *session, uint64_t nth, struct portrait *portrait)
{
    uint64_t seed = hash_bytes(session->name, strlen(session->name));

    portrait->bytes = draw_face(hash_draw(seed, nth), &portrait->length);
    portrait->width = DRAWN_WIDTH;
    portrait->height = DRAWN_HEIGHT;
    portrait->face = true;
}

static void
decode_portrait(const char *base64, struct portrait *portrait)
{
    size_t encoded = strlen(base64);
    struct image image;

    portrait->bytes = memory_new(BASE64_DECODED_SIZE(encoded));
    base64_decode(base64, encoded, portrait->bytes, &portrait->length);
    if (image_inspect(portrait->bytes, portrait->length, &image) == IMAGE_FINE) {
        portrait->width = image.width;
        portrait->height = image.height;
    }
}

/* "bucket/key". */
static void
find_object(struct store *store, const char *s3, struct portrait *portrait)
{
    const char *slash = strchr(s3, '/');

    portrait->bucket = store_keep_bytes(store, s3, (size_t)(slash - s3));
    portrait->key = store_keep(store, slash + 1);
}

static void
make_reference(struct store *store, const struct liveness *session, struct portrait *portrait)
{
    cJSON *given =
        session->result.reference == NULL ? NULL : cJSON_Parse(session->result.reference);

    if (given == NULL)
        draw_portrait(session, 0, portrait);
    else if (text_of(given, "s3") != NULL)
        find_object(store, text_of(given, "s3"), portrait);
    else
        decode_portrait(text_of(given, "bytes"), portrait);
    cJSON_Delete(given);
}

/* The names of objects are not public: these are ours. */
static void
place_portrait(struct store *store, const struct liveness *session, const cJSON *config, size_t nth,
    struct portrait *portrait)
{
    const char *prefix = text_of(config, "S3KeyPrefix");

    if (config == NULL || portrait->bucket != NULL)
        return;
    portrait->bucket = store_keep(store, text_of(config, "S3Bucket"));
    portrait->key = nth == 0 ? store_format(store, "%s%s/reference.jpg",
                                   prefix == NULL ? "" : prefix, session->name)
                             : store_format(store, "%s%s/audit_%zu.jpg",
                                   prefix == NULL ? "" : prefix, session->name, nth);
}

void
portraits_make(struct store *store, const struct liveness *session, struct portraits *portraits)
{
    cJSON *request = cJSON_Parse(session->request);
    const cJSON *settings = member_of(request, "Settings");
    const cJSON *limit = member_of(settings, "AuditImagesLimit");

    *portraits =
        (struct portraits){ .count = 1 + (limit == NULL ? 0 : (size_t)json_integer(limit)) };
    make_reference(store, session, &portraits->list[0]);
    for (size_t i = 1; i < portraits->count; i++)
        draw_portrait(session, i, &portraits->list[i]);
    for (size_t i = 0; i < portraits->count; i++) {
        struct portrait *portrait = &portraits->list[i];

        if (portrait->bytes != NULL)
            sha256_hex(portrait->bytes, portrait->length, portrait->sha256);
        place_portrait(store, session, member_of(settings, "OutputConfig"), i, portrait);
    }
    cJSON_Delete(request);
}

void
portraits_free(struct portraits *portraits)
{
    for (size_t i = 0; i < portraits->count; i++)
        free(portraits->list[i].bytes);
}

/* ---- who is in them ----------------------------------------------------- */

static char *
shows(const struct liveness *session)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *person = tree_append_object(tree_set_list(json, "persons")), *box;
    char stranger[64], *text;

    snprintf(stranger, sizeof stranger, "liveness:%s", session->name);
    cJSON_AddStringToObject(person, "person",
        session->result.person == NULL ? stranger : session->result.person);
    box = tree_set_object(person, "box");
    cJSON_AddNumberToObject(box, "left", DRAWN_LEFT);
    cJSON_AddNumberToObject(box, "top", DRAWN_TOP);
    cJSON_AddNumberToObject(box, "width", DRAWN_FACE_WIDTH);
    cJSON_AddNumberToObject(box, "height", DRAWN_FACE_HEIGHT);
    text = memory_made(cJSON_PrintUnformatted(json));
    cJSON_Delete(json);
    return text;
}

/* Once: what the account has said of it since then counts. */
static void
declare(struct store *store, const struct liveness *session, const char *sha256, const char *s3,
    const char *text)
{
    struct known_image known;

    if (known_image_find(store,
            &(struct image_names){ .account = session->scope.account, .sha256 = sha256, .s3 = s3 },
            &known))
        return;
    known_image_add(store, &(struct known_image){ .account = session->scope.account,
                               .sha256 = sha256,
                               .s3 = s3,
                               .shows = text });
}

/* A picture that was given is somebody's only where that was told. Objects that are not read are known by name. */
void
portraits_declare(struct store *store, const struct liveness *session,
    const struct portraits *portraits)
{
    char *text = shows(session);

    for (size_t i = 0; i < portraits->count; i++) {
        const struct portrait *portrait = &portraits->list[i];

        if (!portrait->face && session->result.person == NULL)
            continue;
        if (portrait->bytes != NULL)
            declare(store, session, portrait->sha256, NULL, text);
        if (portrait->bucket != NULL && !session->writes)
            declare(store, session, NULL,
                store_format(store, "%s/%s", portrait->bucket, portrait->key), text);
    }
    cJSON_free(text);
}
