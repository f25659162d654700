#include "finding.h"

#include <string.h>

#include <cjson/cJSON.h>

#include "../../state/lifecycle.h"
#include "../../state/resource/known_video.h"
#include "../../state/resource/person.h"
#include "../../state/resource/video_job.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "film.h"
#include "look.h"
#include "match.h"
#include "place.h"
#include "word.h"

/* ---- people ------------------------------------------------------------- */

/* Whom the video has shown so far. */
struct cast {
    const char **keys;
    size_t count;
};

/* Which person of the video it is, from 0. */
static size_t
index_in(struct store *store, struct cast *cast, const char *key)
{
    size_t i = 0;

    while (i < cast->count && strcmp(cast->keys[i], key) != 0)
        i++;
    if (i == cast->count) {
        cast->keys = store_more(store, cast->keys, cast->count, sizeof *cast->keys);
        cast->keys[cast->count++] = store_keep(store, key);
    }
    return i;
}

static void
number(struct store *store, struct cast *cast, cJSON *item, const char *form, const char *name)
{
    size_t index = index_in(store, cast, store_format(store, form, name == NULL ? "" : name));

    cJSON_AddItemToObject(item, "index", json_long((int64_t)index));
}

static void
set_celebrity(struct store *store, cJSON *item, const char *name)
{
    struct person person;

    if (name != NULL && person_find(store, name, &person) && person.celebrity != NULL)
        cJSON_AddItemToObject(item, "celebrity", cJSON_Parse(person.celebrity));
}

static void
name_people(struct store *store, struct cast *cast, cJSON *shown)
{
    cJSON *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(shown, "persons"))
    {
        number(store, cast, item, "person:%s", text_of(item, "person"));
        set_celebrity(store, item, text_of(item, "person"));
    }
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(shown, "celebrities"))
    {
        const char *id = text_of(item, "Id");

        number(store, cast, item, "celebrity:%s", id == NULL ? text_of(item, "Name") : id);
    }
}

/* ---- all of it ---------------------------------------------------------- */

static void
set_number(cJSON *film, const char *member, double value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(film, member);
    cJSON_AddNumberToObject(film, member, value);
}

static void
set_word(cJSON *film, const char *member, const char *value)
{
    cJSON *copy = cJSON_CreateString(value); /* which may be the one that goes */

    cJSON_DeleteItemFromObjectCaseSensitive(film, member);
    cJSON_AddItemToObject(film, member, copy);
}

static void
set_measures(cJSON *film, const struct film_measures *measures)
{
    set_number(film, "durationMs", (double)measures->duration_ms);
    set_number(film, "frameRate", measures->frame_rate);
    set_number(film, "width", (double)measures->width);
    set_number(film, "height", (double)measures->height);
    set_word(film, "codec", measures->codec);
    set_word(film, "format", measures->format);
    set_word(film, "colorRange", measures->color_range);
}

static void
set_audio(cJSON *film, const cJSON *container)
{
    const cJSON *audio = member_of(container, "audio");

    if (audio != NULL && member_of(film, "audio") == NULL)
        cJSON_AddItemToObject(film, "audio", cJSON_Duplicate(audio, true));
}

static const char *
print_kept(struct store *store, const cJSON *json)
{
    char *text = cJSON_PrintUnformatted(json);
    const char *kept = store_keep(store, text);

    cJSON_free(text);
    return kept;
}

/* What was declared of the job's video; of one that nobody declared, nothing. */
static cJSON *
film_of(struct store *store, const struct video_job *job)
{
    struct known_video known;
    cJSON *film = NULL;

    if (known_video_find(store, job->scope.account, place_name(store, job), &known))
        film = cJSON_Parse(known.film);
    return film == NULL ? cJSON_CreateObject() : film;
}

static const char *
finish(struct store *store, const struct video_job *job, cJSON *film, const cJSON *container,
    const struct film_measures *measures)
{
    struct cast cast = { .count = 0 };
    cJSON *shown;

    set_audio(film, container);
    cJSON_ArrayForEach(shown, cJSON_GetObjectItemCaseSensitive(film, "shows"))
        name_people(store, &cast, shown);
    if (strcmp(job->api, "FaceSearch") == 0)
        match_faces(store, job, film);
    set_measures(film, measures);
    return print_kept(store, film);
}

/* What a job that has begun says of a video that lasts too long, no source tells: the words of the error are a guess. */
static const char *
refused_of(struct store *store, const struct film_measures *film)
{
    if (film->duration_ms > setting_int(store, SETTING_VIDEO_LENGTH))
        return "The file size or duration of the supplied media is too large.";
    return film_refused(film);
}

const char *
finding_make(struct store *store, const struct video_job *job, const char **refused)
{
    cJSON *film = film_of(store, job);
    cJSON *container = job->container == NULL ? NULL : cJSON_Parse(job->container);
    struct film_measures measures = film_measures(film, container);
    const char *found = NULL;

    *refused = refused_of(store, &measures);
    if (*refused == NULL)
        found = finish(store, job, film, container, &measures);
    cJSON_Delete(film);
    cJSON_Delete(container);
    return found;
}

/* ---- the end ------------------------------------------------------------ */

static void
judge(struct store *store, const struct video_job *job, struct verdict *end)
{
    const char *refused, *found = finding_make(store, job, &refused);

    if (found != NULL) {
        video_job_set_found(store, job->arn, found);
        return;
    }
    end->event = "not_finished";
    end->message = refused;
}

void
finding_judge(struct store *store, struct verdict *end)
{
    struct video_job job;

    if (strcmp(end->kind, VIDEO_JOB) != 0 || strcmp(end->event, "forget") == 0 ||
        !video_job_find(store, end->arn, &job))
        return;
    if (strcmp(end->event, "finished") == 0)
        judge(store, &job, end);
    word_of_end(store, &job, strcmp(end->event, "finished") == 0 ? "SUCCEEDED" : "FAILED");
}
