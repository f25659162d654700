#include "known.h"

#include <inttypes.h>

#include "../../state/resource/known_video.h"
#include "../../state/setting.h"
#include "../../state/store.h"
#include "../call/call.h"
#include "../http/program.h"
#include "../json/json.h"
#include "../json/tree.h"

/* The words are those for too many bytes, in which no number fits a time: they are left out. */
static bool
is_short(struct call *call, const char *film)
{
    cJSON *json = cJSON_Parse(film);
    const cJSON *declared = member_of(json, "durationMs");
    int64_t duration = declared == NULL ? 0 : json_integer(declared);

    cJSON_Delete(json);
    if (duration <= setting_int(call->store, SETTING_VIDEO_LENGTH))
        return true;
    fail(call, VideoTooLargeException, GUESSED,
        "API Reference, VideoTooLargeException: size or duration; no wording is public",
        "The file size or duration of the supplied media is too large.");
    call->rule = "VIDEO_DURATION";
    call->found = store_format(call->store, "it is declared to last %" PRId64 " ms", duration);
    return beyond(call, SETTING_VIDEO_LENGTH);
}

static void
say(struct call *call, const char *rule, enum evidence evidence, const char *found)
{
    call->rule = rule;
    call->evidence = evidence;
    call->found = found;
    call->source = PROGRAM "'s own: it does not look at videos, it is told what they show";
}

static bool
refuse_to_assume(struct call *call, const char *name)
{
    fail(call, VideoNotDeclared, DOCUMENTED, PROGRAM "'s own",
        "Nobody declared what this video shows, and the setting unknown.video is refuse. "
        "POST /_local/videos {\"video\":{\"s3\":\"%s\"}} declares it.",
        name);
    call->rule = "UNKNOWN_VIDEO";
    call->found = "unknown.video is refuse";
    return false;
}

bool
video_is_known(struct call *call, const char *name)
{
    struct known_video known;

    if (known_video_find(call->store, call->scope.account, name, &known)) {
        if (!is_short(call, known.film))
            return false;
        say(call, "DECLARED", DOCUMENTED,
            store_format(call->store, "video %" PRId64 " says what it shows", known.id));
        return true;
    }
    if (setting_int(call->store, SETTING_UNKNOWN_VIDEO) == UNKNOWN_VIDEO_REFUSE)
        return refuse_to_assume(call, name);
    say(call, "ASSUMED", GUESSED,
        "nobody declared the video; unknown.video: it shows nothing, for ten seconds");
    return true;
}
