#include "output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "../../state/base/digest.h"
#include "../../state/base/instant.h"
#include "../../state/base/memory.h"
#include "../../state/store.h"
#include "../../state/resource/version_image.h"
#include "set.h"
#include "summary.h"
#include "../s3/s3.h"
#include "../json/tree.h"

#define TRAINING "rekognition-custom-labels-training"
#define EVALUATION "rekognition-custom-labels-evaluation"

const char *
output_file_kind(enum output_file file)
{
    static const char *const kinds[OUTPUT_COUNT] = { "TrainingManifestWithValidation",
        "TestingManifestWithValidation", "TrainingGroundTruth", "TestingGroundTruth",
        "ManifestSummary", "EvaluationResultSummary" };

    return kinds[file];
}

#define MANIFESTS OUTPUT_MANIFEST_SUMMARY /* so many of them are files */

struct training_output {
    struct training_set *set;
    char *arn;
    char stamp[32]; /* as dates of the results are written */
    FILE *files[MANIFESTS];
    struct training_counts counts;
    size_t next_case; /* of the evaluation */
};

struct training_output *
training_output_begin(struct training_set *set, const char *version_arn, int64_t now_ms)
{
    struct training_output *output = memory_new(sizeof *output);
    char instant[INSTANT_SIZE];
    bool good = true;

    output->arn = memory_text(version_arn);
    output->set = set;
    instant_print(now_ms, instant);
    /* "2019-11-21T07:30:23.910943": no zone, and microseconds, of which the clock has none. */
    snprintf(output->stamp, sizeof output->stamp, "%.23s000", instant);
    for (int i = 0; i < MANIFESTS; i++)
        good &= (output->files[i] = tmpfile()) != NULL;
    if (good)
        return output;
    training_output_end(output);
    return NULL;
}

void
training_output_end(struct training_output *output)
{
    for (int i = 0; i < MANIFESTS; i++)
        if (output->files[i] != NULL)
            fclose(output->files[i]);
    for (int i = 0; i < PART_COUNT; i++)
        free(output->counts.indices[i].bytes);
    free(output->arn);
    free(output);
}

/* ---- JSON --------------------------------------------------------------- */

/* `name` with a number and a suffix: "rekognition-custom-labels-training-0-metadata". */
static cJSON *
set_numbered(cJSON *object, const char *name, int number, const char *suffix, cJSON *value)
{
    char member[80];

    snprintf(member, sizeof member, "%s-%d%s", name, number, suffix);
    cJSON_AddItemToObject(object, member, memory_made(value));
    return value;
}

static char *
printed(cJSON *json)
{
    char *text = memory_made(cJSON_PrintUnformatted(json));

    cJSON_Delete(json);
    return text;
}

static void
write_line(FILE *file, char *text)
{
    fputs(text, file);
    putc('\n', file);
    cJSON_free(text);
}

/* ---- ground truth ------------------------------------------------------- */

/* What all metadata have; `job` is "training" or "evaluation". */
static void
set_common(const struct training_output *output, cJSON *metadata, const char *job,
    const char *human, const char *type)
{
    char name[64];

    snprintf(name, sizeof name, "rekognition-custom-labels-%s-job", job);
    tree_set_text(metadata, "job-name", name);
    tree_set_text(metadata, "human-annotated", human);
    tree_set_text(metadata, "creation-date", output->stamp);
    tree_set_text(metadata, "type", type);
}

enum outcome { TRUE_POSITIVE, FALSE_POSITIVE, FALSE_NEGATIVE };

/* Developer Guide, Interpreting the evaluation manifest snapshot. */
static void
set_details(cJSON *object, enum outcome outcome)
{
    cJSON *details = tree_set_object(object, EVALUATION "-details");

    tree_set_shortest(details, "version", 1);
    cJSON_AddBoolToObject(details, "is-true-positive", outcome == TRUE_POSITIVE);
    cJSON_AddBoolToObject(details, "is-true-negative", false);
    cJSON_AddBoolToObject(details, "is-false-positive", outcome == FALSE_POSITIVE);
    cJSON_AddBoolToObject(details, "is-false-negative", outcome == FALSE_NEGATIVE);
    cJSON_AddBoolToObject(details, "is-present-in-ground-truth", outcome != FALSE_POSITIVE);
    cJSON_AddItemToArray(tree_set_list(details, "ground-truth-labelling-jobs"),
        memory_made(cJSON_CreateString(TRAINING "-job")));
}

static const char classification[] = "groundtruth/image-classification";
static const char detection[] = "groundtruth/object-detection";

static void
set_class(const struct training_output *output, cJSON *line, int number, const char *label,
    double confidence)
{
    cJSON *metadata;

    set_numbered(line, TRAINING, number, "", cJSON_CreateNumber(1));
    metadata = set_numbered(line, TRAINING, number, "-metadata", cJSON_CreateObject());
    tree_set_shortest(metadata, "confidence", confidence);
    tree_set_text(metadata, "class-name", label);
    set_common(output, metadata, "training", "yes", classification);
}

static void
set_prediction(const struct training_output *output, cJSON *line, int *number, uint16_t label,
    double confidence, enum outcome outcome)
{
    cJSON *metadata;

    set_numbered(line, EVALUATION, *number, "",
        cJSON_CreateNumber(outcome == FALSE_NEGATIVE ? 0 : 1));
    metadata = set_numbered(line, EVALUATION, *number, "-metadata", cJSON_CreateObject());
    tree_set_shortest(metadata, "confidence", confidence);
    tree_set_text(metadata, "class-name", output->set->labels[label].name);
    set_common(output, metadata, "evaluation", "no", classification);
    set_details(metadata, outcome);
    ++*number;
}

/* The next case of the evaluation when it is of this image; NULL when there is none. */
static const struct evaluation_case *
case_of(const struct training_output *output, size_t sample)
{
    const struct evaluation *evaluation = &output->set->evaluation;

    if (evaluation->phase != EVALUATION_DONE || output->next_case == evaluation->case_count ||
        evaluation->cases[output->next_case].image != sample)
        return NULL;
    return &evaluation->cases[output->next_case];
}

static void
set_predictions(struct training_output *output, cJSON *line, size_t sample)
{
    const struct evaluation *evaluation = &output->set->evaluation;
    const struct evaluation_case *one;
    int number = 0;

    for (; (one = case_of(output, sample)) != NULL; output->next_case++) {
        set_prediction(output, line, &number, one->label,
            evaluation_confidence(evaluation, output->next_case, false),
            one->missed ? FALSE_NEGATIVE : TRUE_POSITIVE);
        if (one->mistaken != EVALUATION_NONE)
            set_prediction(output, line, &number, one->mistaken,
                evaluation_confidence(evaluation, output->next_case, true), FALSE_POSITIVE);
    }
}

static void
set_classes(struct training_output *output, cJSON *line, const struct manifest_line *read,
    size_t sample)
{
    int number = 0;

    for (size_t i = 0; i < read->label_count; i++)
        if (read->labels[i].boxes == 0)
            set_class(output, line, number++, read->labels[i].name, read->labels[i].confidence);
    set_predictions(output, line, sample);
}

/* ---- with boxes --------------------------------------------------------- */

/* One attribute of boxes, while it is made. */
struct boxes {
    cJSON *annotations, *objects, *classes;
};

static struct boxes
set_boxes(const struct training_output *output, cJSON *line, const char *name,
    const struct manifest_box *first, const char *job, const char *human)
{
    cJSON *value = memory_made(cJSON_AddObjectToObject(line, name)), *size, *metadata;
    struct boxes boxes;
    char member[80];

    snprintf(member, sizeof member, "%s-metadata", name);
    metadata = memory_made(cJSON_AddObjectToObject(line, member));
    boxes.annotations = tree_set_list(value, "annotations");
    size = tree_append_object(tree_set_list(value, "image_size"));
    tree_set_shortest(size, "width", first->image_width);
    tree_set_shortest(size, "depth", 3);
    tree_set_shortest(size, "height", first->image_height);
    boxes.objects = tree_set_list(metadata, "objects");
    boxes.classes = tree_set_object(metadata, "class-map");
    set_common(output, metadata, job, human, detection);
    return boxes;
}

/* Adds a box; what is told of it goes into the object that is returned. */
static cJSON *
add_box(const struct training_output *output, struct boxes *boxes, const struct manifest_box *box,
    uint16_t label, double confidence)
{
    cJSON *annotation = tree_append_object(boxes->annotations),
          *object = tree_append_object(boxes->objects);
    char id[16];

    snprintf(id, sizeof id, "%d", label);
    if (cJSON_GetObjectItemCaseSensitive(boxes->classes, id) == NULL)
        memory_made(cJSON_AddStringToObject(boxes->classes, id, output->set->labels[label].name));
    tree_set_shortest(annotation, "class_id", label);
    tree_set_shortest(annotation, "width", box->width);
    tree_set_shortest(annotation, "top", box->top);
    tree_set_shortest(annotation, "height", box->height);
    tree_set_shortest(annotation, "left", box->left);
    tree_set_shortest(object, "confidence", confidence);
    return object;
}

/* Where something was seen that is not there: beside the box, as far as the frame allows. */
static struct manifest_box
beside(const struct manifest_box *box)
{
    struct manifest_box other = *box;
    double room = box->image_width - box->left - box->width;

    if (room >= box->left)
        other.left = floor(box->left + fmin(room, box->width));
    else
        other.left = ceil(box->left - fmin(box->left, box->width));
    return other;
}

/* The cases of an image are its boxes in order, but for labels that are not known. */
static void
set_found_boxes(struct training_output *output, cJSON *line, const struct manifest_line *read,
    size_t sample)
{
    const struct evaluation *evaluation = &output->set->evaluation;
    struct boxes boxes = set_boxes(output, line, EVALUATION, read->boxes, "evaluation", "no");

    for (size_t i = 0; i < read->box_count && case_of(output, sample) != NULL; i++) {
        const struct evaluation_case *one = case_of(output, sample);
        struct manifest_box other = beside(&read->boxes[i]);

        if (training_set_label_named(output->set, read->boxes[i].label) != one->label)
            continue;
        set_details(add_box(output, &boxes, &read->boxes[i], one->label,
                        evaluation_confidence(evaluation, output->next_case, false)),
            one->missed ? FALSE_NEGATIVE : TRUE_POSITIVE);
        if (one->mistaken != EVALUATION_NONE)
            set_details(add_box(output, &boxes, &other, one->mistaken,
                            evaluation_confidence(evaluation, output->next_case, true)),
                FALSE_POSITIVE);
        output->next_case++;
    }
}

/*
 * The guide's example of object detection calls the attribute "…-evaluation", and so does a program that
 * read a file of the service (observed); that of classification "…-evaluation-0". Programs read either,
 * so both are there.
 */
static void
number_found_boxes(cJSON *line)
{
    set_numbered(line, EVALUATION, 0, "",
        cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(line, EVALUATION), true));
    set_numbered(line, EVALUATION, 0, "-metadata",
        cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(line, EVALUATION "-metadata"), true));
}

static void
set_located(struct training_output *output, cJSON *line, const struct manifest_line *read,
    size_t sample)
{
    struct boxes boxes = set_boxes(output, line, TRAINING "-0", read->boxes, "training", "yes");

    for (size_t i = 0; i < read->box_count; i++)
        add_box(output, &boxes, &read->boxes[i],
            training_set_label_named(output->set, read->boxes[i].label), read->boxes[i].confidence);
    if (output->set->samples[sample].part != PART_TESTING ||
        output->set->evaluation.phase != EVALUATION_DONE)
        return;
    set_found_boxes(output, line, read, sample);
    number_found_boxes(line);
}

/* ---- what the model knows ----------------------------------------------- */

static void
set_ratios(cJSON *label, const struct manifest_box *box)
{
    cJSON *ratios = tree_set_object(label, "boundingBox");

    tree_set_shortest(ratios, "left", box->left / box->image_width);
    tree_set_shortest(ratios, "top", box->top / box->image_height);
    tree_set_shortest(ratios, "width", box->width / box->image_width);
    tree_set_shortest(ratios, "height", box->height / box->image_height);
}

static cJSON *
known_labels(const struct training_set *set, const struct manifest_line *read)
{
    cJSON *list = memory_made(cJSON_CreateArray()), *label;

    if (set->use_case == OBJECT_LOCALIZATION)
        for (size_t i = 0; i < read->box_count; i++) {
            label = tree_append_object(list);
            tree_set_text(label, "name", read->boxes[i].label);
            tree_set_shortest(label, "confidence", read->boxes[i].confidence);
            set_ratios(label, &read->boxes[i]);
        }
    else
        for (size_t i = 0; i < read->label_count; i++) {
            if (read->labels[i].boxes > 0)
                continue;
            label = tree_append_object(list);
            tree_set_text(label, "name", read->labels[i].name);
            tree_set_shortest(label, "confidence", read->labels[i].confidence);
        }
    return list;
}

static void
learn(const struct training_output *output, struct store *store, int64_t model_id,
    const struct manifest_line *read, const struct sample *sample)
{
    char digest[SHA256_HEX_SIZE], *labels = printed(known_labels(output->set, read));

    if (sample->picture != 0)
        hex_encode(output->set->pictures[sample->picture - 1], SHA256_DIGEST_SIZE, digest);
    version_image_add(store, model_id,
        &(struct version_image){ .source_ref = read->source_ref,
            .sha256 = sample->picture == 0 ? NULL : digest,
            .labels = labels });
    cJSON_free(labels);
}

/* ---- a line ------------------------------------------------------------- */

/*
 * Observed: both were read from files of the service by public programs, the first as 1, 2, 3… from line to
 * line of TestingGroundTruth; each file has its own. The second "line number from original manifest"
 * (a public notebook with what seems to be the service's own reader, which counts from 1, and on from
 * file to file): guess, of the training manifest where the testing part was split off it.
 */
static void
set_line_numbers(const struct training_output *output, cJSON *line, enum part part, size_t at)
{
    int64_t original = output->set->is_split ? (int64_t)at + 1 : output->counts.lines[part];

    tree_set_int(line, "rekognition-custom-labels-object-id", output->counts.used[part]);
    tree_set_int(line, "line-idx", original);
}

static void
write_truth(struct training_output *output, const struct manifest_line *read, size_t at)
{
    const struct training_set *set = output->set;
    enum part part = (enum part)set->samples[at].part;
    cJSON *line = memory_made(cJSON_CreateObject());

    output->counts.used[part]++;
    tree_set_text(line, "source-ref", read->source_ref);
    if (set->use_case == OBJECT_LOCALIZATION)
        set_located(output, line, read, at);
    else
        set_classes(output, line, read, at);
    set_line_numbers(output, line, part, at);
    write_line(output->files[OUTPUT_TRAINING_TRUTH + part], printed(line));
}

void
training_output_write(struct training_output *output, struct store *store, int64_t model_id,
    size_t at)
{
    struct training_set *set = output->set;
    const struct sample *sample = &set->samples[at];
    const struct manifest_line *read = training_set_read(set, at);
    FILE *validation = output->files[OUTPUT_TRAINING_VALIDATION + sample->part];
    struct text *indices = &output->counts.indices[sample->part];
    /* Valid, but of the other kind: it is not used, and not wrong. */
    enum worth worth = sample->worth == SAMPLE_VALID && !training_set_uses(set, sample)
                           ? SAMPLE_IGNORED
                           : (enum worth)sample->worth;

    output->counts.lines[sample->part]++;
    output->counts.worth[sample->part][worth]++;
    if (worth == SAMPLE_INVALID || read->has_errors)
        text_add_format(indices, "%s%lld", indices->length == 0 ? "" : ",",
            (long long)output->counts.lines[sample->part]);
    if (worth == SAMPLE_VALID) {
        write_truth(output, read, at);
        learn(output, store, model_id, read, sample);
    }
    fputs(manifest_validated(set->manifest, sample->issue), validation);
    putc('\n', validation);
}

/* ---- giving them away --------------------------------------------------- */

/*
 * The taker has the last hold on the file: to give back the memory of a large one takes longer than a
 * turn of the loop may.
 */
static bool
take_file(FILE **file, struct s3_body *body)
{
    bool good = fflush(*file) == 0 && !ferror(*file);

    *body = (struct s3_body){ .content_type = "application/json", .file = -1 };
    if (good)
        body->file = dup(fileno(*file));
    fclose(*file);
    *file = NULL;
    return body->file >= 0;
}

bool
training_output_take(struct training_output *output, enum output_file file, struct s3_body *body)
{
    if (file < MANIFESTS)
        return take_file(&output->files[file], body);
    *body = (struct s3_body){ .content_type = "application/json", .file = -1 };
    body->bytes = printed(
        file == OUTPUT_MANIFEST_SUMMARY
            ? summary_of_manifests(output->set, &output->counts)
            : summary_of_evaluation(output->set, &output->counts, output->arn, output->stamp));
    body->length = strlen(body->bytes);
    return true;
}
