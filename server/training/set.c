#include "set.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../state/base/array.h"
#include "../../state/base/memory.h"

/* Bytes of the file that are given back at once. */
#define SHRINKS_BY ((int64_t)8 * 1024 * 1024)

struct training_set *
training_set_open(const struct manifest_limits *limits, int64_t most_rows, int64_t most_labels,
    uint64_t seed)
{
    struct training_set *set;
    FILE *file = tmpfile();

    if (file == NULL)
        return NULL;
    set = memory_new(sizeof *set);
    set->file = file;
    set->manifest = manifest_open();
    set->limits = *limits;
    set->most_rows = most_rows;
    set->most_labels = most_labels < LABEL_NONE ? most_labels : LABEL_NONE - 1;
    set->seed = seed;
    return set;
}

void
training_set_close(struct training_set *set)
{
    evaluation_end(&set->evaluation);
    for (size_t i = 0; i < set->label_count; i++)
        free(set->labels[i].name);
    free(set->labels);
    free(set->samples);
    free(set->pictures);
    free(set->line);
    fclose(set->file);
    manifest_close(set->manifest);
    free(set);
}

/* ---- labels ------------------------------------------------------------- */

uint16_t
training_set_label_named(const struct training_set *set, const char *name)
{
    for (size_t i = 0; i < set->label_count; i++)
        if (strcmp(set->labels[i].name, name) == 0)
            return (uint16_t)i;
    return LABEL_NONE;
}

static enum use_case
label_use(const struct manifest_label *label)
{
    return label->boxes > 0 ? OBJECT_LOCALIZATION : IMAGE_LEVEL_LABELS;
}

/* One more label than may be is counted, no others. */
static uint16_t
label_number(struct training_set *set, const char *name)
{
    uint16_t label = training_set_label_named(set, name);

    if (label != LABEL_NONE)
        return label;
    if ((int64_t)set->label_count >= set->most_labels) {
        set->too_many_labels = true;
        return LABEL_NONE;
    }
    set->labels =
        array_room(set->labels, set->label_count, &set->label_capacity, sizeof *set->labels);
    set->labels[set->label_count] = (struct training_set_label){ .name = memory_text(name) };
    return (uint16_t)set->label_count++;
}

/* Adds the labels of a line to what the part has, or with -1 takes them from it. */
static void
count_labels(struct training_set *set, const struct manifest_line *line, enum part part, int sign)
{
    for (size_t i = 0; i < line->label_count; i++) {
        uint16_t label = training_set_label_named(set, line->labels[i].name);

        if (label == LABEL_NONE)
            continue;
        set->labels[label].images[NOT_DETERMINED][part] += sign;
        set->labels[label].images[label_use(&line->labels[i])][part] += sign;
    }
}

int64_t
training_set_label_count(const struct training_set *set, enum use_case use, enum part part)
{
    int64_t count = 0;

    for (size_t i = 0; i < set->label_count; i++)
        count += set->labels[i].images[use][part] > 0;
    return count;
}

int64_t
training_set_overlap(const struct training_set *set, enum use_case use)
{
    int64_t count = 0;

    for (size_t i = 0; i < set->label_count; i++)
        count += set->labels[i].images[use][PART_TRAINING] > 0 &&
                 set->labels[i].images[use][PART_TESTING] > 0;
    return count;
}

/* ---- lines -------------------------------------------------------------- */

static void
check_bucket(struct training_set *set, enum part part, const char *source_ref)
{
    size_t length = manifest_bucket_length(source_ref);

    if (*set->bucket == '\0')
        snprintf(set->bucket, sizeof set->bucket, "%.*s", (int)length, source_ref);
    if (strlen(set->bucket) != length || memcmp(set->bucket, source_ref, length) != 0)
        set->several_buckets[part] = true;
}

static void
count_uses(struct training_set *set, const struct sample *sample, int sign)
{
    if (sample->part != PART_TRAINING)
        return;
    for (int use = IMAGE_LEVEL_LABELS; use <= OBJECT_LOCALIZATION; use++)
        set->of_use[use] += sample->first[use] != LABEL_NONE ? sign : 0;
}

static void
weigh(struct training_set *set, struct sample *sample, const struct manifest_line *line)
{
    if (!line->kept || line->errors != NULL) {
        sample->worth = SAMPLE_INVALID;
        set->invalid[sample->part]++;
        return;
    }
    check_bucket(set, sample->part, line->source_ref);
    sample->worth = line->label_count == 0 ? SAMPLE_IGNORED : SAMPLE_VALID;
    for (size_t i = 0; i < line->label_count; i++) {
        uint16_t label = label_number(set, line->labels[i].name);
        enum use_case use = label_use(&line->labels[i]);

        if (sample->first[use] == LABEL_NONE)
            sample->first[use] = label;
    }
    count_labels(set, line, sample->part, 1);
    count_uses(set, sample, 1);
}

bool
training_set_add(struct training_set *set, enum part part, const char *bytes, size_t length)
{
    struct sample *sample;

    if (set->rows[part]++ >= set->most_rows)
        return false;
    set->samples =
        array_room(set->samples, set->sample_count, &set->sample_capacity, sizeof *set->samples);
    sample = &set->samples[set->sample_count++];
    *sample = (struct sample){ .at = set->length,
        .length = (uint32_t)length,
        .first = { LABEL_NONE, LABEL_NONE, LABEL_NONE },
        .part = (uint8_t)part,
        .issue = MANIFEST_ISSUE_COUNT };
    fwrite(bytes, 1, length, set->file);
    set->length += (int64_t)length;
    weigh(set, sample, manifest_read(set->manifest, &set->limits, bytes, length));
    return true;
}

void
training_set_filled(struct training_set *set)
{
    fflush(set->file);
}

const struct manifest_line *
training_set_read(struct training_set *set, size_t at)
{
    const struct sample *sample = &set->samples[at];
    size_t got = 0;

    if (set->line_size < sample->length + 1) {
        set->line_size = sample->length + 1;
        set->line = memory_resize(set->line, set->line_size);
    }
    while (got < sample->length) {
        ssize_t more = pread(fileno(set->file), set->line + got, sample->length - got,
            sample->at + (int64_t)got);

        if (more <= 0)
            break; /* what is missing is an invalid line */
        got += (size_t)more;
    }
    return manifest_read(set->manifest, &set->limits, set->line, got);
}

bool
training_set_shrink(struct training_set *set)
{
    set->length = set->length > SHRINKS_BY ? set->length - SHRINKS_BY : 0;
    return ftruncate(fileno(set->file), set->length) != 0 || set->length == 0;
}

/* ---- images ------------------------------------------------------------- */

void
training_set_spoil(struct training_set *set, size_t at, enum manifest_issue issue)
{
    struct sample *sample = &set->samples[at];

    count_labels(set, training_set_read(set, at), sample->part, -1);
    count_uses(set, sample, -1);
    set->invalid[sample->part]++;
    sample->worth = SAMPLE_INVALID;
    sample->issue = (uint8_t)issue;
}

void
training_set_recognize(struct training_set *set, size_t at,
    const unsigned char digest[SHA256_DIGEST_SIZE])
{
    set->pictures = array_room(set->pictures, set->picture_count, &set->picture_capacity,
        sizeof *set->pictures);
    memcpy(set->pictures[set->picture_count++], digest, SHA256_DIGEST_SIZE);
    set->samples[at].picture = (uint32_t)set->picture_count;
}

/* ---- training and testing ----------------------------------------------- */

/*
 * "Depending on type of JSON Lines found in the training manifest": the more frequent one, and boxes,
 * which say more, when there are as many; that is a guess.
 */
void
training_set_decide(struct training_set *set)
{
    int64_t images = set->of_use[IMAGE_LEVEL_LABELS];
    int64_t boxes = set->of_use[OBJECT_LOCALIZATION];

    if (images + boxes > 0)
        set->use_case = boxes >= images ? OBJECT_LOCALIZATION : IMAGE_LEVEL_LABELS;
    for (size_t i = 0; i < set->sample_count; i++) {
        const struct sample *sample = &set->samples[i];

        if (training_set_uses(set, sample))
            set->labels[sample->first[set->use_case]].firsts++;
    }
    evaluation_begin(&set->evaluation, set->label_count, set->use_case == OBJECT_LOCALIZATION,
        set->seed);
}

bool
training_set_uses(const struct training_set *set, const struct sample *sample)
{
    return sample->worth == SAMPLE_VALID && sample->first[set->use_case] != LABEL_NONE;
}

bool
training_set_knows(const struct training_set *set, uint16_t label)
{
    return label != LABEL_NONE && set->labels[label].images[set->use_case][PART_TRAINING] > 0;
}

bool
training_set_can_split(const struct training_set *set, int64_t least)
{
    for (size_t i = 0; i < set->label_count; i++) {
        int64_t images = set->labels[i].images[set->use_case][PART_TRAINING];

        if (images > 0 && images < least)
            return false;
    }
    return true;
}

/* A fifth of those that have the same first label, and one at least; spread evenly. */
static bool
is_drawn(const struct training_set *set, struct training_set_label *label)
{
    int64_t all = label->firsts, fifth = (all + 2) / 5 > 0 ? (all + 2) / 5 : 1;
    int64_t at = label->nth++ + (int64_t)(set->seed % (uint64_t)all);

    return all > 1 && (at + 1) * fifth / all != at * fifth / all;
}

static void
take_case(struct training_set *set, size_t at, const char *name)
{
    uint16_t label = training_set_label_named(set, name);

    if (training_set_knows(set, label))
        evaluation_add(&set->evaluation, (uint32_t)at, label);
}

/* In the order of the line: of a box each, or of an image-level label. */
static void
take_cases(struct training_set *set, size_t at, const struct manifest_line *line)
{
    if (set->use_case == OBJECT_LOCALIZATION)
        for (size_t i = 0; i < line->box_count; i++)
            take_case(set, at, line->boxes[i].label);
    else
        for (size_t i = 0; i < line->label_count; i++)
            if (line->labels[i].boxes == 0)
                take_case(set, at, line->labels[i].name);
}

void
training_set_assign(struct training_set *set, size_t at)
{
    struct sample *sample = &set->samples[at];
    const struct manifest_line *line = NULL;

    if (!training_set_uses(set, sample))
        return;
    if (set->is_split && is_drawn(set, &set->labels[sample->first[set->use_case]])) {
        line = training_set_read(set, at);
        count_labels(set, line, PART_TRAINING, -1);
        sample->part = PART_TESTING;
        count_labels(set, line, PART_TESTING, 1);
        set->rows[PART_TRAINING]--;
        set->rows[PART_TESTING]++;
    } else if (sample->part == PART_TESTING) {
        line = training_set_read(set, at);
    }
    if (line != NULL)
        take_cases(set, at, line);
}
