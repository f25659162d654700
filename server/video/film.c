#include "film.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/array.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../model/model.h"
#include "../model/validate.h"

#define GLOB_MAX 2048
#define DAY_MS 86400000.0
#define RANGES_MAX 10000
#define SIGHTS_MAX 1e6 /* what a job may find: of each of its kinds of things */

/* What recordings of the service have of the video that its samples use; the length is a guess. */
#define USUAL_DURATION_MS 10000
#define USUAL_FRAME_RATE 30
#define USUAL_WIDTH 1280
#define USUAL_HEIGHT 720
#define USUAL_CODEC "h264"
#define USUAL_FORMAT "QuickTime / MOV"
#define USUAL_COLORS "LIMITED"

const char *
film_name(const cJSON *video, struct declared_fault *fault)
{
    const char *s3 = text_of(video, "s3");

    if (s3 != NULL && strncmp(s3, "s3://", 5) != 0 && strpbrk(s3, "/*") != NULL && *s3 != '/' &&
        strlen(s3) <= GLOB_MAX)
        return s3;
    declared_refuse(fault,
        "'s3' of the 'video' must be bucket/key, or a glob of such names: videos/cats/*.mp4");
    return NULL;
}

/* ---- measures ----------------------------------------------------------- */

static const struct measure {
    const char *name;
    double least, most;
    bool whole;
} measures[] = {
    { "durationMs", 1, DAY_MS, true },
    { "frameRate", 0.001, 1000, false },
    { "width", 1, 65536, true },
    { "height", 1, 65536, true },
};

static bool
check_measure(const cJSON *film, const struct measure *measure, struct declared_fault *fault)
{
    const cJSON *item = member_of(film, measure->name);
    double value;

    if (item == NULL)
        return true;
    if (!json_number(item, &value) || value < measure->least || value > measure->most ||
        (measure->whole && value != (double)(int64_t)value))
        return declared_refuse(fault, "'%s' must be a %snumber from %g to %g", measure->name,
            measure->whole ? "whole " : "", measure->least, measure->most);
    return true;
}

static double
number_or(const cJSON *declared, const cJSON *container, const char *member, double otherwise)
{
    json_number(member_of(container, member), &otherwise);
    json_number(member_of(declared, member), &otherwise);
    return otherwise;
}

static const char *
text_or(const cJSON *declared, const cJSON *container, const char *member, const char *otherwise)
{
    const char *one = text_of(declared, member), *other = text_of(container, member);

    return one != NULL ? one : other != NULL ? other : otherwise;
}

/* Of what nobody says how long it is: until the last of what it shows. */
static double
usual_duration(const cJSON *declared)
{
    double end = 0, to = 0;
    const cJSON *item;

    cJSON_ArrayForEach(item,
        member_of(declared, "shows")) if (json_number(member_of(item, "toMs"), &to) && to > end)
        end = to;
    cJSON_ArrayForEach(item,
        member_of(declared,
            "segments")) if (json_number(member_of(item, "EndTimestampMillis"), &to) && to > end)
        end = to;
    return end > 0 ? end : USUAL_DURATION_MS;
}

struct film_measures
film_measures(const cJSON *declared, const cJSON *container)
{
    return (struct film_measures){
        .duration_ms =
            (int64_t)number_or(declared, container, "durationMs", usual_duration(declared)),
        .frame_rate = number_or(declared, container, "frameRate", USUAL_FRAME_RATE),
        .width = (int64_t)number_or(declared, container, "width", USUAL_WIDTH),
        .height = (int64_t)number_or(declared, container, "height", USUAL_HEIGHT),
        .codec = text_or(declared, container, "codec", USUAL_CODEC),
        .format = text_or(declared, container, "format", USUAL_FORMAT),
        .color_range = text_or(declared, container, "colorRange", USUAL_COLORS),
    };
}

/* Developer Guide, Working with stored videos: "The video must be encoded using the H.264 codec." */
const char *
film_refused(const struct film_measures *film)
{
    return strcmp(film->codec, "h264") == 0 ? NULL : "Unsupported codec/format.";
}

bool
film_range(const cJSON *shown, int64_t duration_ms, int64_t *from_ms, int64_t *to_ms)
{
    double from = 0, to = (double)duration_ms;

    json_number(member_of(shown, "fromMs"), &from);
    json_number(member_of(shown, "toMs"), &to);
    if (to > (double)duration_ms)
        to = (double)duration_ms;
    if (!(from >= 0 && from < to))
        return false;
    *from_ms = (int64_t)from;
    *to_ms = (int64_t)to;
    return true;
}

/* ---- what it shows ------------------------------------------------------ */

static bool
check_moment(const cJSON *item, const char *name, double most, struct declared_fault *fault)
{
    double value;

    if (item == NULL)
        return true;
    if (!json_number(item, &value) || value < 0 || value > most || value != (double)(int64_t)value)
        return declared_refuse(fault,
            "'%s' must be a whole number from 0 to %.0f, the end of the video", name, most);
    return true;
}

/* How much a job could find in it: persons are seen oftener than the rest. */
static double
sights_of(const cJSON *shown, int64_t span_ms)
{
    int persons = cJSON_GetArraySize(member_of(shown, "persons")) +
                  cJSON_GetArraySize(member_of(shown, "celebrities"));
    int others = cJSON_GetArraySize(member_of(shown, "labels")) +
                 cJSON_GetArraySize(member_of(shown, "moderation")) +
                 cJSON_GetArraySize(member_of(shown, "text"));

    return (double)span_ms * (persons / 67.0 + others / 500.0) + persons + others;
}

static bool
check_shown(cJSON *shown, double most, double *sights, struct declared_fault *fault)
{
    cJSON *begins = cJSON_DetachItemFromObjectCaseSensitive(shown, "fromMs");
    cJSON *ends = cJSON_DetachItemFromObjectCaseSensitive(shown, "toMs");
    bool good = declared_shows(shown, fault);
    int64_t begin, end;

    if (ends != NULL)
        cJSON_InsertItemInArray(shown, 0, ends);
    if (begins != NULL)
        cJSON_InsertItemInArray(shown, 0, begins);
    if (!good || !check_moment(begins, "fromMs", most, fault) ||
        !check_moment(ends, "toMs", most, fault))
        return false;
    if (!film_range(shown, (int64_t)most, &begin, &end))
        return declared_refuse(fault, "'fromMs' must come before 'toMs'");
    *sights += sights_of(shown, end - begin);
    return true;
}

static bool
check_shows(cJSON *list, double most, struct declared_fault *fault)
{
    double sights = 0;
    cJSON *item;

    if (list == NULL)
        return true;
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > RANGES_MAX)
        return declared_refuse(fault, "'shows' must be a list of what is shown when, of at most %d",
            RANGES_MAX);
    cJSON_ArrayForEach(item, list) if (!cJSON_IsObject(item)) return declared_refuse(fault,
        "Each of 'shows' must be an object");
    cJSON_ArrayForEach(item, list) if (!check_shown(item, most, &sights, fault)) return false;
    return sights <= SIGHTS_MAX ||
           declared_refuse(fault, "A job would find %.0f things in it; the most is %.0f", sights,
               SIGHTS_MAX);
}

/* ---- segments ----------------------------------------------------------- */

/* What it is, and from when to when: all else follows from that. */
static bool
check_segment(const cJSON *item, double most, struct declared_fault *fault)
{
    double from = 0, to = 0;
    const char *type = text_of(item, "Type");

    if (type == NULL || !json_number(member_of(item, "StartTimestampMillis"), &from) ||
        !json_number(member_of(item, "EndTimestampMillis"), &to))
        return declared_refuse(fault,
            "Give Type, StartTimestampMillis and EndTimestampMillis of each of 'segments'");
    if (from < 0 || from > to || to > most)
        return declared_refuse(fault,
            "A segment lies in the video, and does not end before it begins");
    if (strcmp(type, "TECHNICAL_CUE") == 0 &&
        text_of(member_of(item, "TechnicalCueSegment"), "Type") == NULL)
        return declared_refuse(fault,
            "Give the Type of the TechnicalCueSegment of a TECHNICAL_CUE");
    return true;
}

static bool
check_segments(const cJSON *list, double most, struct declared_fault *fault)
{
    const cJSON *item;

    if (!declared_fits(list, "'segments'", &shape_SegmentDetections, fault))
        return false;
    if (cJSON_GetArraySize(list) > RANGES_MAX)
        return declared_refuse(fault, "'segments' must be at most %d", RANGES_MAX);
    cJSON_ArrayForEach(item, list) if (!check_segment(item, most, fault)) return false;
    return true;
}

/* ---- all of it ---------------------------------------------------------- */

static bool
check_word(const cJSON *film, const char *name, struct declared_fault *fault)
{
    const cJSON *item = member_of(film, name);

    return item == NULL ||
           (cJSON_IsString(item) && *item->valuestring != '\0' &&
               strlen(item->valuestring) <= 64) ||
           declared_refuse(fault, "'%s' must be a word", name);
}

bool
film_check(cJSON *film, struct declared_fault *fault)
{
    static const char *const words[] = { "codec", "format", "colorRange" };
    const char *colors = text_of(film, "colorRange");
    double most = DAY_MS;

    for (size_t i = 0; i < COUNT(measures); i++)
        if (!check_measure(film, &measures[i], fault))
            return false;
    for (size_t i = 0; i < COUNT(words); i++)
        if (!check_word(film, words[i], fault))
            return false;
    if (colors != NULL && strcmp(colors, "FULL") != 0 && strcmp(colors, "LIMITED") != 0)
        return declared_refuse(fault, "'colorRange' must be FULL or LIMITED");
    json_number(member_of(film, "durationMs"), &most);
    return declared_fits(member_of(film, "audio"), "'audio'", &shape_AudioMetadataList, fault) &&
           check_shows(cJSON_GetObjectItemCaseSensitive(film, "shows"), most, fault) &&
           check_segments(member_of(film, "segments"), most, fault);
}
