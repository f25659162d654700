#include "segment.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/store.h"
#include "../json/json.h"
#include "../json/tree.h"

/* API Reference, StartTechnicalCueDetectionFilter and StartShotDetectionFilter: MinSegmentConfidence. */
#define CONFIDENCE_LEAST 50
#define CONFIDENCE_USUAL 99 /* a guess: of what was declared without one */

/* ---- which -------------------------------------------------------------- */

static bool
is_shot(const cJSON *declared)
{
    const char *type = text_of(declared, "Type");

    return type != NULL && strcmp(type, "SHOT") == 0;
}

static double
number_or(const cJSON *object, const char *member, double otherwise)
{
    json_number(member_of(object, member), &otherwise);
    return otherwise;
}

/* Of the types that the request names, the place of this one; -1: it is none of them. */
static int
place_of_type(const cJSON *request, const char *type)
{
    const cJSON *item;
    int place = 0;

    cJSON_ArrayForEach(item, member_of(request, "SegmentTypes"))
    {
        if (type != NULL && strcmp(item->valuestring, type) == 0)
            return place;
        place++;
    }
    return -1;
}

static double
confidence_of(const cJSON *declared)
{
    return number_or(member_of(declared, is_shot(declared) ? "ShotSegment" : "TechnicalCueSegment"),
        "Confidence", CONFIDENCE_USUAL);
}

static bool
is_sure(const cJSON *declared, const cJSON *request)
{
    const cJSON *filter = member_of(member_of(request, "Filters"),
        is_shot(declared) ? "ShotFilter" : "TechnicalCueFilter");

    return (float)confidence_of(declared) >=
           (float)number_or(filter, "MinSegmentConfidence", CONFIDENCE_LEAST);
}

static int
compare_times(const void *one, const void *two)
{
    const struct segment *a = one, *b = two;

    if (a->from_ms != b->from_ms)
        return a->from_ms < b->from_ms ? -1 : 1;
    return a->to_ms < b->to_ms ? -1 : a->to_ms > b->to_ms;
}

static int
compare(const void *one, const void *two)
{
    const struct segment *a = one, *b = two;

    return a->type != b->type ? (a->type < b->type ? -1 : 1) : compare_times(one, two);
}

static void
number_shots(struct segment *segments, size_t count)
{
    int64_t shots = 0;

    qsort(segments, count, sizeof *segments, compare_times);
    for (size_t i = 0; i < count; i++)
        segments[i].shot = is_shot(segments[i].declared) ? shots++ : -1;
}

const struct segment *
segments_of(struct store *store, const cJSON *list, const cJSON *request, size_t *count)
{
    struct segment *segments =
        store_alloc(store, ((size_t)cJSON_GetArraySize(list) + 1) * sizeof *segments);
    const cJSON *item;
    size_t all = 0;

    cJSON_ArrayForEach(item, list) segments[all++] = (struct segment){ .declared = item,
        .from_ms = (int64_t)number_or(item, "StartTimestampMillis", 0),
        .to_ms = (int64_t)number_or(item, "EndTimestampMillis", 0),
        .type = place_of_type(request, text_of(item, "Type")) };
    number_shots(segments, all);
    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (segments[i].type != -1 && is_sure(segments[i].declared, request))
            segments[(*count)++] = segments[i];
    qsort(segments, *count, sizeof *segments, compare);
    return segments;
}

/* ---- timecodes ---------------------------------------------------------- */

/*
 * API Reference, SegmentDetection: "in the drop-frame format" for fractional rates. So of each minute but every tenth
 * the first numbers are left out, two of thirty frames a second and four of sixty (SMPTE ST 12-1).
 */
static int64_t
with_dropped(int64_t frame, int64_t rate)
{
    int64_t dropped = rate / 15, minute = rate * 60 - dropped, ten = rate * 600 - 9 * dropped;
    int64_t tens = frame / ten, rest = frame % ten;

    return frame + tens * 9 * dropped +
           (rest < rate * 60 ? 0 : ((rest - rate * 60) / minute + 1) * dropped);
}

void
timecode_print(int64_t frame, double frame_rate, char out[TIMECODE_SIZE])
{
    int64_t rate = llround(frame_rate) > 0 ? llround(frame_rate) : 1, seconds;
    bool drops = (rate == 30 || rate == 60) && fabs(frame_rate - (double)rate) > 0.001;

    if (drops)
        frame = with_dropped(frame, rate);
    seconds = frame / rate;
    snprintf(out, TIMECODE_SIZE, "%02" PRId64 ":%02" PRId64 ":%02" PRId64 "%c%02" PRId64,
        seconds / 3600, seconds / 60 % 60, seconds % 60, drops ? ';' : ':', frame % rate);
}

/* ---- writing ------------------------------------------------------------ */

static int64_t
frame_at(int64_t ms, double frame_rate)
{
    return llround((double)ms * frame_rate / 1000);
}

static void
set_timecode(struct part part, const char *member, const cJSON *declared, int64_t frame,
    double frame_rate)
{
    char timecode[TIMECODE_SIZE];

    timecode_print(frame, frame_rate, timecode);
    set_text(part, member,
        text_of(declared, member) != NULL ? text_of(declared, member) : timecode);
}

static int64_t
declared_or(const cJSON *declared, const char *member, int64_t otherwise)
{
    const cJSON *item = member_of(declared, member);

    return item == NULL ? otherwise : json_integer(item);
}

static void
write_what(struct part part, const struct segment *segment)
{
    const cJSON *cue = member_of(segment->declared, "TechnicalCueSegment");
    struct part object =
        set_object(part, segment->shot >= 0 ? "ShotSegment" : "TechnicalCueSegment");

    if (segment->shot >= 0)
        set_int(object, "Index",
            declared_or(member_of(segment->declared, "ShotSegment"), "Index", segment->shot));
    else
        set_text(object, "Type", text_of(cue, "Type"));
    set_float(object, "Confidence", confidence_of(segment->declared));
}

void
segment_write(struct part part, const struct segment *segment, double frame_rate)
{
    const cJSON *declared = segment->declared;
    int64_t from =
        declared_or(declared, "StartFrameNumber", frame_at(segment->from_ms, frame_rate));
    int64_t to = declared_or(declared, "EndFrameNumber", frame_at(segment->to_ms, frame_rate));
    int64_t frames = declared_or(declared, "DurationFrames", to > from ? to - from : 0);

    set_text(part, "Type", text_of(declared, "Type"));
    set_int(part, "StartTimestampMillis", segment->from_ms);
    set_int(part, "EndTimestampMillis", segment->to_ms);
    set_int(part, "DurationMillis",
        declared_or(declared, "DurationMillis", segment->to_ms - segment->from_ms));
    set_timecode(part, "StartTimecodeSMPTE", declared, from, frame_rate);
    set_timecode(part, "EndTimecodeSMPTE", declared, to, frame_rate);
    set_timecode(part, "DurationSMPTE", declared, frames, frame_rate);
    write_what(part, segment);
    set_int(part, "StartFrameNumber", from);
    set_int(part, "EndFrameNumber", to);
    set_int(part, "DurationFrames", frames);
}
