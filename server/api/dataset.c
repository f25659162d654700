/* Operations on datasets. */

#include <stdlib.h>
#include <string.h>

#include "../../state/resource/project.h"
#include "../../state/resource/dataset.h"
#include "../../state/resource/dataset_entry.h"
#include "../../state/base/digest.h"
#include "../../state/lifecycle.h"
#include "../../state/store.h"
#include "../call/fetch.h"
#include "../call/gather.h"
#include "../call/paging.h"
#include "../call/tags.h"
#include "../call/handlers.h"
#include "../call/shown.h"
#include "../json/tree.h"

/* API Reference, DatasetEntries: the longest there may be. */
#define ENTRY_MAX 100000

/* ---- making ------------------------------------------------------------- */

static bool
bad_source(struct call *call, const char *rule)
{
    return invalid_parameter(call, GUESSED, "a dataset is made from one thing", rule);
}

/* What the dataset is to be made from: a task of state/resource/dataset.h, or NULL for nothing. */
static bool
read_source(struct call *call, const char **task, const char **what)
{
    const cJSON *source = input_member(call, "DatasetSource");
    const cJSON *manifest = member_of(source, "GroundTruthManifest");
    const cJSON *object = member_of(manifest, "S3Object");
    const char *arn = text_of(source, "DatasetArn");
    const struct dataset *from;

    *task = *what = NULL;
    if (source == NULL)
        return true;
    if ((manifest == NULL) == (arn == NULL))
        return bad_source(call, "DatasetSource has neither or both of its members");
    if (arn != NULL) {
        *task = TASK_COPY;
        *what = arn;
        from = fetch_resource(call, RESOURCE_dataset, arn);
        return from != NULL && granted(call, dataset_copies(call->store, from));
    }
    if (text_of(object, "Bucket") == NULL || text_of(object, "Name") == NULL)
        return bad_source(call, "the S3Object of GroundTruthManifest has no Bucket or no Name");
    *task = TASK_IMPORT;
    *what = json_kept(call, object);
    /* That a manifest which is not there is refused at once is a guess. */
    return gathered_is_there(call, object);
}

bool
create_dataset(struct call *call)
{
    const struct project *project = call->fetched;
    struct dataset dataset = { .project_id = project->id,
        .project_name = project->name,
        .scope = project->scope,
        .type = input_text(call, "DatasetType") };
    const char *task, *what;

    if (strcmp(project->feature, "CUSTOM_LABELS") != 0)
        return invalid_parameter(call, GUESSED,
            "API Reference, CreateDataset: for Custom Labels only; no error is named",
            "the project is for content moderation");
    if (!read_source(call, &task, &what) || !granted(call, project_accepts(call->store, project)) ||
        !granted(call, dataset_create(call->store, &dataset, task, what)) ||
        !tags_set(call, dataset.arn, input_member(call, "Tags")))
        return false;
    set_text(call->output, "DatasetArn", dataset.arn);
    return true;
}

/* ---- describing --------------------------------------------------------- */

bool
describe_dataset(struct call *call)
{
    const struct dataset *dataset = call->fetched;
    struct part description = set_object(call->output, "DatasetDescription");
    struct part stats;

    shown_add(call, "dataset", dataset->arn, dataset->status);
    set_time(description, "CreationTimestamp", dataset->created_ms);
    set_time(description, "LastUpdatedTimestamp", dataset->entered_ms);
    set_text(description, "Status", dataset->status);
    set_text(description, "StatusMessage", dataset->status_message);
    set_text(description, "StatusMessageCode", dataset_message_code(dataset));
    stats = set_object(description, "DatasetStats");
    set_int(stats, "LabeledEntries", dataset->labeled);
    set_int(stats, "TotalEntries", dataset->entries);
    set_int(stats, "TotalLabels", dataset->labels);
    set_int(stats, "ErrorEntries", dataset->erroneous);
    return true;
}

/* ---- changing ----------------------------------------------------------- */

/*
 * The JSON Lines of a blob. A NUL is in no good line: what has one is spoiled, so that the line is
 * dropped like any other bad one.
 */
static char *
lines_of(struct call *call, const char *blob)
{
    size_t length = strlen(blob);
    char *lines = store_alloc(call->store, BASE64_DECODED_SIZE(length) + 1);

    base64_decode(blob, length, (unsigned char *)lines, &length);
    for (size_t i = 0; i < length; i++)
        if (lines[i] == '\0')
            lines[i] = '\x01';
    lines[length] = '\0';
    return lines;
}

bool
update_dataset_entries(struct call *call)
{
    const char *blob = text_of(input_member(call, "Changes"), "GroundTruth");

    return granted(call, dataset_update(call->store, call->fetched, lines_of(call, blob)));
}

/* API Reference, DistributeDatasetEntries: a training and a test dataset of one project. */
bool
distribute_dataset_entries(struct call *call)
{
    const struct dataset *train = NULL, *test = NULL, *dataset;
    const cJSON *item;

    cJSON_ArrayForEach(item, input_member(call, "Datasets"))
    {
        dataset = fetch_resource(call, RESOURCE_dataset, text_of(item, "Arn"));
        if (dataset == NULL)
            return false;
        *(strcmp(dataset->type, "TRAIN") == 0 ? &train : &test) = dataset;
    }
    if (train == NULL || test == NULL || train->project_id != test->project_id)
        return invalid_parameter(call, GUESSED,
            "API Reference, DistributeDatasetEntries; no error is named",
            "the two are not the training and the test dataset of one project");
    return granted(call, dataset_distribute(call->store, train, test));
}

bool
delete_dataset(struct call *call)
{
    return granted(call, dataset_delete(call->store, call->fetched));
}

/* ---- listing ------------------------------------------------------------ */

/* 0 or 1; -1 when it is not given. */
static int
flag(const struct call *call, const char *member)
{
    const cJSON *item = input_member(call, member);

    return item == NULL ? -1 : cJSON_IsTrue(item);
}

/*
 * The line, and what is known of it. An entry that would become longer than the model allows is
 * listed as it was given.
 */
static const char *
print_entry(struct call *call, const struct dataset_entry *entry)
{
    const char *text = store_format(call->store, "%.*s,\"cl-metadata\":{\"is_labeled\":%s}%s%s}",
        (int)strlen(entry->line) - 1, entry->line, entry->is_labeled ? "true" : "false",
        entry->errors == NULL ? "" : ",\"cl-errors\":", entry->errors == NULL ? "" : entry->errors);

    return strlen(text) > ENTRY_MAX ? entry->line : text;
}

/*
 * Developer Guide, Listing dataset entries: its program gives HasErrors false to see all of them.
 */
bool
list_dataset_entries(struct call *call)
{
    const struct dataset *dataset = call->fetched;
    struct dataset_filter filter = { .labels = input_json(call, "ContainsLabels"),
        .contains = input_text(call, "SourceRefContains"),
        .labeled = flag(call, "Labeled"),
        .has_errors = flag(call, "HasErrors") == 1 ? 1 : -1 };
    struct part list = set_list(call->output, "DatasetEntries");
    struct dataset_entry *entries;
    struct paging paging;
    size_t count;

    if (!granted(call, dataset_lists(call->store, dataset)) || !paging_open(call, &paging))
        return false;
    entries = dataset_entry_list(call->store, dataset->id, &filter, &paging.page, &count);
    for (size_t i = 0; i < count; i++)
        add_text(list, print_entry(call, &entries[i]));
    if (count > 0)
        paging_close(call, &paging, 0, entries[count - 1].id);
    return true;
}

/* SDK example of ListDatasetLabels: no BoundingBoxCount where there are no boxes. */
bool
list_dataset_labels(struct call *call)
{
    const struct dataset *dataset = call->fetched;
    struct part list = set_list(call->output, "DatasetLabelDescriptions");
    struct dataset_label *labels;
    struct paging paging;
    size_t count;

    if (!granted(call, dataset_lists(call->store, dataset)) || !paging_open(call, &paging))
        return false;
    labels = dataset_label_list(call->store, dataset->id, &paging.page, &count);
    for (size_t i = 0; i < count; i++) {
        struct part description = add_object(list), stats;

        set_text(description, "LabelName", labels[i].name);
        stats = set_object(description, "LabelStats");
        set_int(stats, "EntryCount", labels[i].entries);
        if (labels[i].boxes > 0)
            set_int(stats, "BoundingBoxCount", labels[i].boxes);
    }
    if (count > 0)
        paging_close(call, &paging, 0, labels[count - 1].id);
    return true;
}
