/* Control of what stored videos show: what the service would find in them, for every job that looks. */

#include "../../state/base/memory.h"
#include "../../state/resource/known_video.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../json/tree.h"
#include "../video/film.h"
#include "control.h"
#include "rule.h"

/* The film is the body without what says which video it is, and whose. */
static bool
read_video(struct control *control, struct known_video *video)
{
    cJSON *film = cJSON_Duplicate(control->body, true);
    struct declared_fault fault;
    bool good;

    *video = (struct known_video){ .account = text_of(control->body, "account"),
        .s3 = film_name(member_of(control->body, "video"), &fault) };
    cJSON_DeleteItemFromObjectCaseSensitive(film, "video");
    cJSON_DeleteItemFromObjectCaseSensitive(film, "account");
    good = video->s3 != NULL && film_check(film, &fault);
    if (good)
        video->film = memory_made(cJSON_PrintUnformatted(film));
    else
        control_fail(control, 400, "InvalidValue", "%s.", fault.message);
    cJSON_Delete(film);
    return good;
}

void
control_videos_post(struct control *control)
{
    struct known_video video;

    if (!read_video(control, &video))
        return;
    step_begin(control->store, "videos");
    rule_added(control, known_video_add(control->store, &video));
    cJSON_free((void *)video.film);
}

static cJSON *
next(struct store *store, int64_t *after)
{
    struct known_video video;
    cJSON *json, *film;

    if (!known_video_next(store, after, &video))
        return NULL;
    json = cJSON_CreateObject();
    control_set_id(json, video.id);
    tree_set_text(tree_set_object(json, "video"), "s3", video.s3);
    tree_set_text(json, "account", video.account);
    film = cJSON_Parse(video.film);
    while (film != NULL && film->child != NULL) {
        cJSON *item = cJSON_DetachItemViaPointer(film, film->child);

        cJSON_AddItemToObject(json, item->string, item);
    }
    cJSON_Delete(film);
    return json;
}

static const struct rule_kind videos = { .one = "video",
    .all = "videos",
    .next = next,
    .remove = known_video_remove,
    .remove_all = known_video_remove_all };

void
control_videos(struct control *control)
{
    rules_list(control, &videos);
}

void
control_videos_delete(struct control *control)
{
    rules_delete(control, &videos);
}

void
control_video(struct control *control)
{
    rule_get(control, &videos);
}

void
control_video_delete(struct control *control)
{
    rule_delete(control, &videos);
}
