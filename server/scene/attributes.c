#include "attributes.h"

#include <string.h>

#include "../../state/base/array.h"
#include "../../state/store.h"
#include "../call/call.h"
#include "face.h"

/* API Reference, DetectFaces, Attributes: members that are there when they are asked for. */
static const struct attribute {
    const char *name, *member;
} attributes[] = {
    { "AGE_RANGE", "AgeRange" },
    { "SMILE", "Smile" },
    { "EYEGLASSES", "Eyeglasses" },
    { "SUNGLASSES", "Sunglasses" },
    { "GENDER", "Gender" },
    { "BEARD", "Beard" },
    { "MUSTACHE", "Mustache" },
    { "EYES_OPEN", "EyesOpen" },
    { "MOUTH_OPEN", "MouthOpen" },
    { "EMOTIONS", "Emotions" },
    { "FACE_OCCLUDED", "FaceOccluded" },
    { "EYE_DIRECTION", "EyeDirection" },
};

static bool
asks_for(const cJSON *list, const char *attribute)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list) if (strcmp(item->valuestring, attribute) == 0) return true;
    return false;
}

/*
 * "If you provide both, ["ALL", "DEFAULT"], the service uses a logical "AND" operator to determine which attributes to
 * return": all of them. The default ones are always there.
 */
const char *const *
attributes_asked_for(struct call *call, const char *member, bool *all)
{
    const cJSON *asked = input_member(call, member);
    const char **members =
        store_alloc(call->store, (COUNT(attributes) + 6) * sizeof *members); /* 5, and the end */
    size_t count = 0;

    *all = asks_for(asked, "ALL");
    for (; face_default[count] != NULL; count++)
        members[count] = face_default[count];
    for (size_t i = 0; i < COUNT(attributes); i++)
        if (*all || asks_for(asked, attributes[i].name))
            members[count++] = attributes[i].member;
    members[count] = NULL;
    return members;
}
