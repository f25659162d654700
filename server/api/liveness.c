/* Face Liveness: sessions, and what came of them. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../state/base/digest.h"
#include "../../state/base/hash.h"
#include "../../state/resource/liveness.h"
#include "../../state/store.h"
#include "../call/handlers.h"
#include "../call/shown.h"
#include "../image/draw.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../scene/portrait.h"

/* ---- creating ----------------------------------------------------------- */

static int
compare_versions(const char *one, const char *other)
{
    int a[3], b[3];

    sscanf(one, "%d.%d.%d", &a[0], &a[1], &a[2]);
    sscanf(other, "%d.%d.%d", &b[0], &b[1], &b[2]);
    for (int i = 0; i < 3; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

static bool
check_challenges(struct call *call)
{
    const cJSON *preference;

    cJSON_ArrayForEach(preference,
        member_of(input_member(call, "Settings"), "ChallengePreferences"))
    {
        const cJSON *versions = member_of(preference, "Versions");
        const char *least = text_of(versions, "Minimum"), *most = text_of(versions, "Maximum");

        if (least != NULL && most != NULL && compare_versions(least, most) > 0)
            return invalid_parameter(call, GUESSED, "no version is in such a range",
                "Minimum of a challenge is above its Maximum");
    }
    return true;
}

/*
 * API Reference, CreateFaceLivenessSession, ClientRequestToken: "If the same token is used with multiple requests, the
 * same session is returned", whatever else they say: it declares no error of parameters that do not match.
 */
bool
create_face_liveness_session(struct call *call)
{
    struct liveness session = { .scope = call->scope,
        .token = input_text(call, "ClientRequestToken") };

    if (!liveness_of_token(call->store, &call->scope, session.token, &session)) {
        if (!check_challenges(call))
            return false;
        session.request = json_kept(call, call->input);
        session.writes =
            call->reads_s3 && member_of(input_member(call, "Settings"), "OutputConfig") != NULL;
        if (!granted(call, liveness_create(call->store, &session)))
            return false;
    }
    set_text(call->output, "SessionId", session.name);
    return true;
}

/* ---- results ------------------------------------------------------------ */

/* Of a session of which nobody said it: always the same. That of a check that failed is low: a guess. */
static double
confidence_of(const struct liveness *session)
{
    double ratio = hash_ratio(hash_mix(hash_bytes(session->name, strlen(session->name))));

    if (session->result.confidence >= 0)
        return session->result.confidence;
    return strcmp(session->status, "SUCCEEDED") == 0 ? 95 + 4.99 * ratio : 40 * ratio;
}

/*
 * The first that is preferred, in the version that public programs show, as far as that is in its range. Which is taken
 * without a preference is a guess.
 */
static void
write_challenge(struct part part, const struct liveness *session)
{
    cJSON *request = cJSON_Parse(session->request);
    const cJSON *list = member_of(member_of(request, "Settings"), "ChallengePreferences");
    const cJSON *first = list == NULL ? NULL : list->child,
                *versions = member_of(first, "Versions");
    const char *type = first == NULL ? "FaceMovementAndLightChallenge" : text_of(first, "Type");
    const char *least = text_of(versions, "Minimum"), *most = text_of(versions, "Maximum");
    const char *version = strcmp(type, "FaceMovementChallenge") == 0 ? "1.0.0" : "2.0.0";
    struct part challenge = set_object(part, "Challenge");

    if (most != NULL && compare_versions(version, most) > 0)
        version = most;
    if (least != NULL && compare_versions(version, least) < 0)
        version = least;
    set_text(challenge, "Type", type);
    set_text(challenge, "Version", version);
    cJSON_Delete(request);
}

/* Public results have boxes in pixels of the image, where the API Reference speaks of ratios. */
static void
write_portrait(struct call *call, struct part item, const struct portrait *portrait)
{
    struct part box, object;
    char *base64;

    if (portrait->bucket != NULL) {
        object = set_object(item, "S3Object");
        set_text(object, "Bucket", portrait->bucket);
        set_text(object, "Name", portrait->key);
    } else {
        base64 = store_alloc(call->store, BASE64_ENCODED_SIZE(portrait->length));
        base64_encode(portrait->bytes, portrait->length, base64);
        set_text(item, "Bytes", base64);
    }
    if (portrait->width == 0)
        return;
    box = set_object(item, "BoundingBox");
    set_float(box, "Width", portrait->width * DRAWN_FACE_WIDTH);
    set_float(box, "Height", portrait->height * DRAWN_FACE_HEIGHT);
    set_float(box, "Left", portrait->width * DRAWN_LEFT);
    set_float(box, "Top", portrait->height * DRAWN_TOP);
}

static void
write_portraits(struct call *call, const struct liveness *session)
{
    struct portraits portraits;
    struct part list;

    portraits_make(call->store, session, &portraits);
    portraits_declare(call->store, session, &portraits);
    write_portrait(call, set_object(call->output, "ReferenceImage"), &portraits.list[0]);
    list = set_list(call->output, "AuditImages");
    for (size_t i = 1; i < portraits.count; i++)
        write_portrait(call, add_object(list), &portraits.list[i]);
    portraits_free(&portraits);
}

/* What a session shows before its check is over, and when it has expired, is its status: a guess, as of one that failed. */
bool
get_face_liveness_session_results(struct call *call)
{
    const struct liveness *session = call->fetched;
    bool good = strcmp(session->status, "SUCCEEDED") == 0;

    if (strcmp(session->status, "IN_PROGRESS") == 0)
        shown_add(call, LIVENESS_KIND, session->arn, session->status);
    set_text(call->output, "SessionId", session->name);
    set_text(call->output, "Status", session->status);
    if (!good && strcmp(session->status, "FAILED") != 0)
        return true;
    set_float(call->output, "Confidence", confidence_of(session));
    if (good)
        write_portraits(call, session);
    else
        set_list(call->output, "AuditImages");
    write_challenge(call->output, session);
    return true;
}
