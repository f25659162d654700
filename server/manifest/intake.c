#include "intake.h"

#include <stdio.h>
#include <string.h>

#include "../../state/resource/dataset_entry.h"
#include "../../state/setting.h"

void
intake_begin(struct intake *intake, int64_t dataset_id, int64_t step)
{
    *intake =
        (struct intake){ .manifest = manifest_open(), .dataset_id = dataset_id, .step = step };
}

void
intake_end(struct intake *intake)
{
    manifest_close(intake->manifest);
}

/* Developer Guide: images of a dataset "must be stored in the same Amazon S3 bucket". */
static void
check_bucket(struct intake *intake, struct store *store, const char *source_ref)
{
    size_t length = manifest_bucket_length(source_ref);

    if (*intake->bucket == '\0') {
        const char *other = intake->step > 0 ? dataset_entry_any(store, intake->dataset_id) : NULL;

        if (other == NULL)
            other = source_ref;
        snprintf(intake->bucket, sizeof intake->bucket, "%.*s", (int)manifest_bucket_length(other),
            other);
    }
    if (strlen(intake->bucket) != length || memcmp(intake->bucket, source_ref, length) != 0)
        intake->several_buckets = true;
}

void
intake_line(struct intake *intake, struct store *store, const struct manifest_limits *limits,
    const char *bytes, size_t length)
{
    const struct manifest_line *line;
    struct dataset_entry entry;
    bool taken;

    if (length > 0 && bytes[length - 1] == '\r')
        length--;
    line = manifest_read(intake->manifest, limits, bytes, length);
    intake->lines++;
    if (!line->kept) {
        intake->dropped++;
        return;
    }
    check_bucket(intake, store, line->source_ref);
    entry = (struct dataset_entry){ .source_ref = line->source_ref,
        .line = line->line,
        .is_labeled = line->is_labeled,
        .has_errors = line->has_errors,
        .errors = line->errors,
        .labels = line->label_map };
    taken = intake->step > 0 ? dataset_entry_put(store, intake->dataset_id, intake->step, &entry)
                             : dataset_entry_add(store, intake->dataset_id, &entry);
    /* "An image can only be referenced once in a dataset": the first line that does is kept. */
    intake->dropped += !taken;
}

enum dataset_message
intake_verdict(const struct intake *intake, struct store *store, bool whole)
{
    int64_t most = setting_int(store, SETTING_DATASET_MAX_ENTRIES), entries, labels;

    dataset_figures(store, intake->dataset_id, &entries, &labels);
    if (intake->lines > most || entries > most)
        return DATASET_TOO_MANY_ROWS;
    if (intake->several_buckets)
        return DATASET_SEVERAL_BUCKETS;
    if (labels > setting_int(store, SETTING_DATASET_MAX_LABELS) && (whole || intake->step == 0))
        return DATASET_TOO_MANY_LABELS;
    if (!whole)
        return DATASET_MESSAGE_COUNT;
    if (intake->lines == 0)
        return DATASET_MANIFEST_INVALID;
    /* Validation rules for manifest files: cumulative, and of more than 20%. */
    if ((double)intake->dropped >
        (double)intake->lines * setting_number(store, SETTING_DATASET_MAX_INVALID))
        return DATASET_TOO_MANY_ERRORS;
    return DATASET_MESSAGE_COUNT;
}
