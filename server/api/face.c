/* Faces in images: what they look like, and whether they are the same person's. */

#include <stdlib.h>
#include <string.h>

#include "../../state/base/array.h"
#include "../../state/store.h"
#include "../call/handlers.h"
#include "../json/json.h"
#include "../json/tree.h"
#include "../scene/attributes.h"
#include "../scene/scene.h"
#include "../scene/script.h"

static const struct picture_limits limits = { .bytes = SETTING_TOTAL,
    .min_side = SETTING_DETECT_MIN_SIDE,
    .max_side = SETTING_TOTAL,
    .max_aspect = SETTING_TOTAL };

/* ---- what they look like ------------------------------------------------ */

static void
answer_faces(struct call *call, const struct scene *scene)
{
    struct part list = set_list(call->output, "FaceDetails");
    bool all;
    const char *const *members = attributes_asked_for(call, "Attributes", &all);
    size_t count;
    const struct face *faces =
        scene_faces(call, scene, setting_int(call->store, SETTING_DETECT_MAX_FACES), false, &count);

    for (size_t i = 0; i < count; i++)
        face_write(add_object(list), &faces[i], members, all);
}

static void
answer_script(struct call *call, const struct scene *scene)
{
    bool all;

    script_answer(call, scene->answer,
        &(struct asked){ .list = "FaceDetails",
            .members = attributes_asked_for(call, "Attributes", &all) });
}

bool
detect_faces(struct call *call)
{
    struct scene scene;
    bool seen = scene_look(call, "Image", &limits, &scene);

    if (seen && scene.answer == NULL)
        answer_faces(call, &scene);
    else if (seen)
        answer_script(call, &scene);
    scene_end(&scene);
    return seen;
}

/* ---- whose they are ----------------------------------------------------- */

/* API Reference, CompareFaces: "By default, only faces with a similarity score of greater than or equal to 80%". */
#define SIMILARITY_LEAST 80

struct match {
    const struct face *face;
    double similarity;
};

static int
compare_matches(const void *one, const void *two)
{
    const struct match *a = one, *b = two;

    if (a->similarity != b->similarity)
        return a->similarity > b->similarity ? -1 : 1;
    return a->face->identity.place - b->face->identity.place;
}

static void
answer_match(struct part list, const struct match *match)
{
    struct part item = add_object(list);

    set_float(item, "Similarity", match->similarity);
    face_write(set_object(item, "Face"), match->face, face_compared, false);
}

/* Those that are alike enough, the most alike first, and the others. */
static void
answer_matches(struct call *call, const struct face *source, const struct face *targets,
    size_t count)
{
    struct match *matches = store_alloc(call->store, (count + 1) * sizeof *matches);
    double least = SIMILARITY_LEAST;
    struct part list;
    size_t i;

    json_number(input_member(call, "SimilarityThreshold"), &least);
    for (i = 0; i < count; i++)
        matches[i] = (struct match){ .face = &targets[i],
            .similarity = scene_similarity(call, source, &targets[i]) };
    if (count > 0)
        qsort(matches, count, sizeof *matches, compare_matches);
    list = set_list(call->output, "FaceMatches");
    for (i = 0; i < count && similarity_reaches(matches[i].similarity, least); i++)
        answer_match(list, &matches[i]);
    list = set_list(call->output, "UnmatchedFaces");
    for (; i < count; i++)
        face_write(add_object(list), matches[i].face, face_compared, false);
}

static void
answer_source(struct call *call, const struct face *source)
{
    static const char *const members[] = { "BoundingBox", "Confidence", NULL };

    face_write(set_object(call->output, "SourceImageFace"), source, members, false);
}

/*
 * "If the source image contains multiple faces, the service detects the largest face and compares it with each face
 * detected in the target image"; a quality filter leaves faces out of both.
 */
static bool
answer_comparison(struct call *call, const struct scene *source, const struct scene *target)
{
    const char *filter = input_text(call, "QualityFilter");
    bool usable = filter != NULL && strcmp(filter, "NONE") != 0;
    int64_t most = setting_int(call->store, SETTING_DETECT_MAX_FACES);
    size_t count, others;
    const struct face *faces = scene_faces(call, source, 1, usable, &count);
    const struct face *targets = scene_faces(call, target, most, usable, &others);

    if (count == 0 || others == 0)
        return invalid_parameter(call, OBSERVED, "a public issue shows it for CompareFaces",
            count == 0 ? "there is no face in the source image"
                       : "there is no face in the target image");
    answer_source(call, &faces[0]);
    answer_matches(call, &faces[0], targets, others);
    return true;
}

bool
compare_faces(struct call *call)
{
    static const struct asked asked = { .list = "FaceMatches",
        .sureness = "Similarity",
        .least_member = "SimilarityThreshold",
        .least = SIMILARITY_LEAST,
        .rest = "UnmatchedFaces" };
    struct scene source, target;
    bool done = scene_look_at_both(call, "SourceImage", "TargetImage", &limits, &source, &target);

    if (done && source.answer != NULL)
        script_answer(call, source.answer, &asked);
    else if (done)
        done = answer_comparison(call, &source, &target);
    scene_end(&source);
    scene_end(&target);
    return done;
}
