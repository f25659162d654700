#include "lesson.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bytes of the file that are given back at once. */
#define SHRINKS_BY ((int64_t)8 * 1024 * 1024)

static void *
room_for_one(void *list, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return list;
    *capacity = *capacity == 0 ? 64 : 2 * *capacity;
    list = realloc(list, *capacity * size);
    if (list == NULL)
        abort();
    return list;
}

struct lesson *
lesson_open(const struct manifest_limits *limits, int64_t most_rows, int64_t most_labels,
    uint64_t seed)
{
    struct lesson *lesson;
    FILE *file = tmpfile();

    if (file == NULL)
        return NULL;
    lesson = calloc(1, sizeof *lesson);
    if (lesson == NULL)
        abort();
    lesson->file = file;
    lesson->manifest = manifest_open();
    lesson->limits = *limits;
    lesson->most_rows = most_rows;
    lesson->most_labels = most_labels < LABEL_NONE ? most_labels : LABEL_NONE - 1;
    lesson->seed = seed;
    return lesson;
}

void
lesson_close(struct lesson *lesson)
{
    evaluation_end(&lesson->evaluation);
    for (size_t i = 0; i < lesson->label_count; i++)
        free(lesson->labels[i].name);
    free(lesson->labels);
    free(lesson->samples);
    free(lesson->pictures);
    free(lesson->line);
    fclose(lesson->file);
    manifest_close(lesson->manifest);
    free(lesson);
}

/* ---- labels ------------------------------------------------------------- */

uint16_t
lesson_label_named(const struct lesson *lesson, const char *name)
{
    for (size_t i = 0; i < lesson->label_count; i++)
        if (strcmp(lesson->labels[i].name, name) == 0)
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
label_number(struct lesson *lesson, const char *name)
{
    uint16_t label = lesson_label_named(lesson, name);

    if (label != LABEL_NONE)
        return label;
    if ((int64_t)lesson->label_count >= lesson->most_labels) {
        lesson->too_many_labels = true;
        return LABEL_NONE;
    }
    lesson->labels = room_for_one(lesson->labels, lesson->label_count, &lesson->label_capacity,
        sizeof *lesson->labels);
    lesson->labels[lesson->label_count] = (struct lesson_label){ .name = strdup(name) };
    if (lesson->labels[lesson->label_count].name == NULL)
        abort();
    return (uint16_t)lesson->label_count++;
}

/* Adds the labels of a line to what the part has, or with -1 takes them from it. */
static void
count_labels(struct lesson *lesson, const struct manifest_line *line, enum part part, int sign)
{
    for (size_t i = 0; i < line->label_count; i++) {
        uint16_t label = lesson_label_named(lesson, line->labels[i].name);

        if (label == LABEL_NONE)
            continue;
        lesson->labels[label].images[NOT_DETERMINED][part] += sign;
        lesson->labels[label].images[label_use(&line->labels[i])][part] += sign;
    }
}

int64_t
lesson_label_count(const struct lesson *lesson, enum use_case use, enum part part)
{
    int64_t count = 0;

    for (size_t i = 0; i < lesson->label_count; i++)
        count += lesson->labels[i].images[use][part] > 0;
    return count;
}

int64_t
lesson_overlap(const struct lesson *lesson, enum use_case use)
{
    int64_t count = 0;

    for (size_t i = 0; i < lesson->label_count; i++)
        count += lesson->labels[i].images[use][PART_TRAINING] > 0 &&
                 lesson->labels[i].images[use][PART_TESTING] > 0;
    return count;
}

/* ---- lines -------------------------------------------------------------- */

static void
check_bucket(struct lesson *lesson, enum part part, const char *source_ref)
{
    size_t length = manifest_bucket_length(source_ref);

    if (*lesson->bucket == '\0')
        snprintf(lesson->bucket, sizeof lesson->bucket, "%.*s", (int)length, source_ref);
    if (strlen(lesson->bucket) != length || memcmp(lesson->bucket, source_ref, length) != 0)
        lesson->several_buckets[part] = true;
}

static void
count_uses(struct lesson *lesson, const struct sample *sample, int sign)
{
    if (sample->part != PART_TRAINING)
        return;
    for (int use = IMAGE_LEVEL_LABELS; use <= OBJECT_LOCALIZATION; use++)
        lesson->of_use[use] += sample->first[use] != LABEL_NONE ? sign : 0;
}

static void
weigh(struct lesson *lesson, struct sample *sample, const struct manifest_line *line)
{
    if (!line->kept || line->errors != NULL) {
        sample->worth = SAMPLE_INVALID;
        lesson->invalid[sample->part]++;
        return;
    }
    check_bucket(lesson, sample->part, line->source_ref);
    sample->worth = line->label_count == 0 ? SAMPLE_IGNORED : SAMPLE_VALID;
    for (size_t i = 0; i < line->label_count; i++) {
        uint16_t label = label_number(lesson, line->labels[i].name);
        enum use_case use = label_use(&line->labels[i]);

        if (sample->first[use] == LABEL_NONE)
            sample->first[use] = label;
    }
    count_labels(lesson, line, sample->part, 1);
    count_uses(lesson, sample, 1);
}

bool
lesson_add(struct lesson *lesson, enum part part, const char *bytes, size_t length)
{
    struct sample *sample;

    if (lesson->rows[part]++ >= lesson->most_rows)
        return false;
    lesson->samples = room_for_one(lesson->samples, lesson->sample_count, &lesson->sample_capacity,
        sizeof *lesson->samples);
    sample = &lesson->samples[lesson->sample_count++];
    *sample = (struct sample){ .at = lesson->length,
        .length = (uint32_t)length,
        .first = { LABEL_NONE, LABEL_NONE, LABEL_NONE },
        .part = (uint8_t)part,
        .issue = MANIFEST_ISSUE_COUNT };
    fwrite(bytes, 1, length, lesson->file);
    lesson->length += (int64_t)length;
    weigh(lesson, sample, manifest_read(lesson->manifest, &lesson->limits, bytes, length));
    return true;
}

void
lesson_filled(struct lesson *lesson)
{
    fflush(lesson->file);
}

const struct manifest_line *
lesson_read(struct lesson *lesson, size_t at)
{
    const struct sample *sample = &lesson->samples[at];
    size_t got = 0;

    if (lesson->line_size < sample->length + 1) {
        lesson->line_size = sample->length + 1;
        lesson->line = realloc(lesson->line, lesson->line_size);
        if (lesson->line == NULL)
            abort();
    }
    while (got < sample->length) {
        ssize_t more = pread(fileno(lesson->file), lesson->line + got, sample->length - got,
            sample->at + (int64_t)got);

        if (more <= 0)
            break; /* what is missing is an invalid line */
        got += (size_t)more;
    }
    return manifest_read(lesson->manifest, &lesson->limits, lesson->line, got);
}

bool
lesson_shrink(struct lesson *lesson)
{
    lesson->length = lesson->length > SHRINKS_BY ? lesson->length - SHRINKS_BY : 0;
    return ftruncate(fileno(lesson->file), lesson->length) != 0 || lesson->length == 0;
}

/* ---- images ------------------------------------------------------------- */

void
lesson_spoil(struct lesson *lesson, size_t at, enum manifest_issue issue)
{
    struct sample *sample = &lesson->samples[at];

    count_labels(lesson, lesson_read(lesson, at), sample->part, -1);
    count_uses(lesson, sample, -1);
    lesson->invalid[sample->part]++;
    sample->worth = SAMPLE_INVALID;
    sample->issue = (uint8_t)issue;
}

void
lesson_recognize(struct lesson *lesson, size_t at, const unsigned char digest[SHA256_DIGEST_SIZE])
{
    lesson->pictures = room_for_one(lesson->pictures, lesson->picture_count,
        &lesson->picture_capacity, sizeof *lesson->pictures);
    memcpy(lesson->pictures[lesson->picture_count++], digest, SHA256_DIGEST_SIZE);
    lesson->samples[at].picture = (uint32_t)lesson->picture_count;
}

/* ---- training and testing ----------------------------------------------- */

/*
 * "Depending on type of JSON Lines found in the training manifest": the more frequent one, and boxes,
 * which say more, when there are as many; that is a guess.
 */
void
lesson_decide(struct lesson *lesson)
{
    int64_t images = lesson->of_use[IMAGE_LEVEL_LABELS];
    int64_t boxes = lesson->of_use[OBJECT_LOCALIZATION];

    if (images + boxes > 0)
        lesson->use_case = boxes >= images ? OBJECT_LOCALIZATION : IMAGE_LEVEL_LABELS;
    for (size_t i = 0; i < lesson->sample_count; i++) {
        const struct sample *sample = &lesson->samples[i];

        if (lesson_uses(lesson, sample))
            lesson->labels[sample->first[lesson->use_case]].firsts++;
    }
    evaluation_begin(&lesson->evaluation, lesson->label_count,
        lesson->use_case == OBJECT_LOCALIZATION, lesson->seed);
}

bool
lesson_uses(const struct lesson *lesson, const struct sample *sample)
{
    return sample->worth == SAMPLE_VALID && sample->first[lesson->use_case] != LABEL_NONE;
}

bool
lesson_knows(const struct lesson *lesson, uint16_t label)
{
    return label != LABEL_NONE && lesson->labels[label].images[lesson->use_case][PART_TRAINING] > 0;
}

bool
lesson_can_split(const struct lesson *lesson, int64_t least)
{
    for (size_t i = 0; i < lesson->label_count; i++) {
        int64_t images = lesson->labels[i].images[lesson->use_case][PART_TRAINING];

        if (images > 0 && images < least)
            return false;
    }
    return true;
}

/* A fifth of those that have the same first label, and one at least; spread evenly. */
static bool
is_drawn(const struct lesson *lesson, struct lesson_label *label)
{
    int64_t all = label->firsts, fifth = (all + 2) / 5 > 0 ? (all + 2) / 5 : 1;
    int64_t at = label->nth++ + (int64_t)(lesson->seed % (uint64_t)all);

    return all > 1 && (at + 1) * fifth / all != at * fifth / all;
}

static void
take_case(struct lesson *lesson, size_t at, const char *name)
{
    uint16_t label = lesson_label_named(lesson, name);

    if (lesson_knows(lesson, label))
        evaluation_add(&lesson->evaluation, (uint32_t)at, label);
}

/* In the order of the line: of a box each, or of an image-level label. */
static void
take_cases(struct lesson *lesson, size_t at, const struct manifest_line *line)
{
    if (lesson->use_case == OBJECT_LOCALIZATION)
        for (size_t i = 0; i < line->box_count; i++)
            take_case(lesson, at, line->boxes[i].label);
    else
        for (size_t i = 0; i < line->label_count; i++)
            if (line->labels[i].boxes == 0)
                take_case(lesson, at, line->labels[i].name);
}

void
lesson_assign(struct lesson *lesson, size_t at)
{
    struct sample *sample = &lesson->samples[at];
    const struct manifest_line *line = NULL;

    if (!lesson_uses(lesson, sample))
        return;
    if (lesson->is_split && is_drawn(lesson, &lesson->labels[sample->first[lesson->use_case]])) {
        line = lesson_read(lesson, at);
        count_labels(lesson, line, PART_TRAINING, -1);
        sample->part = PART_TESTING;
        count_labels(lesson, line, PART_TESTING, 1);
        lesson->rows[PART_TRAINING]--;
        lesson->rows[PART_TESTING]++;
    } else if (sample->part == PART_TESTING) {
        line = lesson_read(lesson, at);
    }
    if (line != NULL)
        take_cases(lesson, at, line);
}
