#include "container.h"

#include <stddef.h>

#include <cjson/cJSON.h>

#include "../../state/base/memory.h"
#include "../image/moov.h"
#include "../json/tree.h"

#define FRAME_RATE_MOST 1000 /* as film.h has it */

static void
set_positive(cJSON *object, const char *member, double value)
{
    if (value > 0)
        cJSON_AddNumberToObject(object, member, value);
}

static void
set_audio(cJSON *object, const struct moov_facts *facts)
{
    cJSON *list = tree_set_list(object, "audio");

    for (size_t i = 0; i < facts->audio_count; i++) {
        cJSON *item = tree_append_object(list);

        tree_set_text(item, "Codec", facts->audio[i].codec);
        tree_set_int(item, "DurationMillis", facts->audio[i].duration_ms);
        tree_set_int(item, "SampleRate", facts->audio[i].sample_rate);
        tree_set_int(item, "NumberOfChannels", facts->audio[i].channels);
    }
}

char *
container_text(const struct moov_facts *facts)
{
    cJSON *object = cJSON_CreateObject();
    char *text, *kept;

    tree_set_text(object, "codec", facts == NULL ? "unknown" : facts->codec);
    if (facts != NULL) {
        set_positive(object, "durationMs", (double)facts->duration_ms);
        set_positive(object, "width", (double)facts->width);
        set_positive(object, "height", (double)facts->height);
        if (facts->frame_rate <= FRAME_RATE_MOST)
            set_positive(object, "frameRate", facts->frame_rate);
        tree_set_text(object, "colorRange", facts->full_range ? "FULL" : "LIMITED");
        set_audio(object, facts);
    }
    text = memory_made(cJSON_PrintUnformatted(object));
    kept = memory_text(text);
    cJSON_free(text);
    cJSON_Delete(object);
    return kept;
}
