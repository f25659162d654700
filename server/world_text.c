#include "world_text.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "../state/clock.h"
#include "../state/dataset.h"
#include "../state/dataset_entry.h"
#include "../state/digest.h"
#include "../state/inference.h"
#include "../state/instant.h"
#include "../state/lifecycle.h"
#include "../state/page.h"
#include "../state/project_policy.h"
#include "../state/setting.h"
#include "../state/store.h"
#include "../state/tag.h"
#include "../state/timer.h"
#include "call.h"

/* ---- text --------------------------------------------------------------- */

static void
emit(struct world_text *text, const char *piece, size_t length)
{
    sha256_update(&text->hash, length, (const uint8_t *)piece);
    fwrite(piece, 1, length, text->out);
}

static void
emit_text(struct world_text *text, const char *piece)
{
    emit(text, piece, strlen(piece));
}

/* Writes an object without the last `open` of its closing brackets, and deletes it. */
static void
emit_object(struct world_text *text, cJSON *object, size_t open)
{
    char *printed = cJSON_PrintUnformatted(object);

    if (printed == NULL)
        abort();
    emit(text, printed, strlen(printed) - open);
    cJSON_free(printed);
    cJSON_Delete(object);
}

/* Items of a list are told apart by commas. */
static void
emit_comma(struct world_text *text)
{
    if (text->has_items)
        emit_text(text, ",");
    text->has_items = true;
}

/* ---- values ------------------------------------------------------------- */

static void
set_moment(cJSON *object, const char *member, int64_t ms)
{
    char instant[INSTANT_SIZE];

    instant_print(ms, instant);
    set_text(object, member, instant);
}

/*
 * The fewest digits that are this number to the service, which counts in 32 bits: other programs
 * write them, too.
 */
static void
print_number(char digits[32], double value)
{
    int precision = 0;

    do
        snprintf(digits, 32, "%.*g", ++precision, value);
    while (strtof(digits, NULL) != (float)value && precision < FLT_DECIMAL_DIG);
}

static void
shorten_numbers(cJSON *object)
{
    cJSON *item;
    char digits[32];

    cJSON_ArrayForEach(item, object)
    {
        if (cJSON_IsNumber(item)) {
            print_number(digits, item->valuedouble);
            item->type = cJSON_Raw | (item->type & cJSON_StringIsConst);
            item->valuestring = strdup(digits);
        } else {
            shorten_numbers(item);
        }
    }
}

/* A value of the API, as it was given. */
static void
set_value(cJSON *object, const char *member, const char *json)
{
    set_json(object, member, json);
    if (json != NULL)
        shorten_numbers(cJSON_GetObjectItemCaseSensitive(object, member));
}

static void
set_number(cJSON *object, const char *member, double value)
{
    char digits[32];

    print_number(digits, value);
    cJSON_AddRawToObject(object, member, digits);
}

static void
set_tags(cJSON *object, struct store *store, const char *arn)
{
    cJSON *map = set_object(object, "tags");
    size_t count;
    struct tag *tags = tag_list(store, arn, &count);

    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToObject(map, tags[i].key, cJSON_CreateString(tags[i].value));
}

static void
set_pending(cJSON *object, struct store *store, const char *kind, const char *arn)
{
    struct timer timer;
    cJSON *pending;

    if (!timer_find(store, kind, arn, &timer))
        return;
    pending = set_object(object, "pending");
    set_text(pending, "event", timer.event);
    set_moment(pending, "dueAt", timer.due_ms);
    set_text(pending, "message", timer.message);
}

static void
set_policies(cJSON *object, struct store *store, const struct project *project)
{
    cJSON *list = set_list(object, "policies");
    struct page page = { .first = true,
        .size = (int64_t)setting_rows[SETTING_LIMIT_POLICIES_PER_PROJECT].max };
    size_t count;
    struct project_policy *policies = project_policy_list(store, project->id, &page, &count);

    for (size_t i = 0; i < count; i++) {
        cJSON *policy = cJSON_CreateObject();

        cJSON_AddItemToArray(list, policy);
        set_text(policy, "name", policies[i].name);
        set_text(policy, "document", policies[i].document);
        set_text(policy, "revisionId", policies[i].revision);
        set_moment(policy, "createdAt", policies[i].created_ms);
        set_moment(policy, "updatedAt", policies[i].updated_ms);
    }
}

/* ---- versions ----------------------------------------------------------- */

static void
set_output_config(cJSON *object, const struct project_version *version)
{
    cJSON *config;

    if (version->output_bucket == NULL && version->output_prefix == NULL)
        return;
    config = set_object(object, "outputConfig");
    set_text(config, "S3Bucket", version->output_bucket);
    set_text(config, "S3KeyPrefix", version->output_prefix);
}

static void
set_given(cJSON *object, const struct project_version *version)
{
    set_output_config(object, version);
    set_text(object, "description", version->description);
    set_text(object, "kmsKeyId", version->kms_key_id);
    set_value(object, "trainingData", version->training_data);
    set_value(object, "testingData", version->testing_data);
    set_value(object, "featureConfig", version->feature_config);
    set_text(object, "sourceArn", version->source_arn);
}

static void
set_units(cJSON *object, const struct project_version *version)
{
    if (version->min_units != 0)
        set_int(object, "minInferenceUnits", version->min_units);
    if (version->max_units != 0)
        set_int(object, "maxInferenceUnits", version->max_units);
    if (version->units != 0)
        set_int(object, "unitsInService", version->units);
}

/* What calls were served within this second is of no account: it is over before anyone could tell. */
static void
set_demand(cJSON *object, struct store *store, const struct project_version *version)
{
    struct demand demand;
    cJSON *json;

    if (version->max_units <= version->min_units || !inference_demand(store, version->arn, &demand))
        return;
    json = set_object(object, "demand");
    set_int(json, "peak", demand.peak);
    set_moment(json, "followedAt", demand.due_ms);
}

static cJSON *
describe_version(struct store *store, const struct project_version *version)
{
    cJSON *object = cJSON_CreateObject();

    set_text(object, "name", version->name);
    set_text(object, "arn", version->arn);
    set_text(object, "status", version->status);
    set_text(object, "statusMessage", version->status_message);
    set_moment(object, "createdAt", version->created_ms);
    set_moment(object, "enteredAt", version->entered_ms);
    if (version->trained_ms != 0)
        set_moment(object, "trainedAt", version->trained_ms);
    set_pending(object, store, project_version_kind(version), version->arn);
    set_units(object, version);
    set_demand(object, store, version);
    set_given(object, version);
    cJSON_AddBoolToObject(object, "completed", version->completed);
    if (version->validated)
        cJSON_AddTrueToObject(object, "validated");
    set_number(object, "f1Score", version->f1_score);
    set_tags(object, store, version->arn);
    return object;
}

/* False when the project has no more. */
static bool
write_version(struct world_text *text, struct store *store)
{
    struct project_version version;

    if (!project_version_next(store, text->project.id, &text->version, &version))
        return false;
    text->version = (struct project_version){ .id = version.id, .created_ms = version.created_ms };
    emit_comma(text);
    emit_object(text, describe_version(store, &version), 0);
    return true;
}

/* ---- datasets ----------------------------------------------------------- */

/* Entries written at once. */
#define ENTRIES 100

static void
set_stats(cJSON *object, const struct dataset *dataset)
{
    cJSON *stats;

    if (lifecycle_lasts("dataset", dataset->status))
        return;
    stats = set_object(object, "statsBefore");
    set_int(stats, "totalEntries", dataset->entries);
    set_int(stats, "labeledEntries", dataset->labeled);
    set_int(stats, "errorEntries", dataset->erroneous);
    set_int(stats, "totalLabels", dataset->labels);
}

static cJSON *
describe_dataset(struct store *store, const struct dataset *dataset)
{
    cJSON *object = cJSON_CreateObject();

    set_text(object, "type", dataset->type);
    set_text(object, "arn", dataset->arn);
    set_text(object, "status", dataset->status);
    set_text(object, "statusMessage", dataset->status_message);
    set_moment(object, "createdAt", dataset->created_ms);
    set_moment(object, "enteredAt", dataset->entered_ms);
    set_pending(object, store, "dataset", dataset->arn);
    set_text(object, "sourceArn", dataset->source_arn);
    set_stats(object, dataset);
    set_tags(object, store, dataset->arn);
    set_list(object, "entries"); /* the last: it is left open for write_entries() */
    return object;
}

/* A project that has no datasets has no list of them either. */
static void
write_dataset(struct world_text *text, struct store *store)
{
    struct dataset datasets[2];
    size_t count = dataset_list(store, text->project.id, datasets);

    if (text->dataset == count) {
        emit_text(text, count > 0 ? "],\"versions\":[" : ",\"versions\":[");
        text->what = WORLD_VERSIONS;
        text->has_items = false;
        return;
    }
    emit_text(text, text->dataset == 0 ? ",\"datasets\":[" : ",");
    emit_object(text, describe_dataset(store, &datasets[text->dataset]), strlen("]}"));
    text->what = WORLD_ENTRIES;
    text->dataset_id = datasets[text->dataset].id;
    text->entry = 0;
    text->has_items = false;
}

static void
write_entries(struct world_text *text, struct store *store)
{
    const struct dataset_filter any = { .labeled = -1, .has_errors = -1 };
    struct page page = { .after_id = text->entry, .size = ENTRIES };
    size_t count;
    struct dataset_entry *entries =
        dataset_entry_list(store, text->dataset_id, &any, &page, &count);

    for (size_t i = 0; i < count; i++) {
        emit_comma(text);
        emit_object(text, cJSON_CreateString(entries[i].line), 0);
        text->entry = entries[i].id;
    }
    if (page.more)
        return;
    emit_text(text, "]}");
    text->what = WORLD_DATASETS;
    text->dataset++;
}

/* ---- projects ----------------------------------------------------------- */

static cJSON *
describe_project(struct store *store, const struct project *project)
{
    cJSON *object = cJSON_CreateObject();

    set_text(object, "name", project->name);
    set_text(object, "arn", project->arn);
    set_text(object, "feature", project->feature);
    set_text(object, "autoUpdate", project->auto_update);
    set_text(object, "status", project->status);
    set_moment(object, "createdAt", project->created_ms);
    set_moment(object, "enteredAt", project->entered_ms);
    set_pending(object, store, "project", project->arn);
    set_tags(object, store, project->arn);
    set_policies(object, store, project);
    return object;
}

/* Ends and begins accounts and regions where the next project (NULL: none) has others. */
static void
turn_to(struct world_text *text, const struct scope *next)
{
    const struct scope *now = &text->project.scope;
    bool first = *now->account == '\0';
    bool same_account = next != NULL && strcmp(now->account, next->account) == 0;

    if (same_account && strcmp(now->region, next->region) == 0)
        return;
    if (!first)
        emit_text(text, same_account ? "]}," : "]}}");
    if (next == NULL)
        return;
    if (!same_account) {
        emit_text(text, first ? "" : ",");
        emit_object(text, cJSON_CreateString(next->account), 0);
        emit_text(text, ":{");
    }
    emit_object(text, cJSON_CreateString(next->region), 0);
    emit_text(text, ":{\"projects\":[");
    text->has_items = false;
}

/* False when there are no more. */
static bool
begin_project(struct world_text *text, struct store *store)
{
    struct project project;

    if (!project_next(store, &text->scope, &text->project, &project))
        return false;
    turn_to(text, &project.scope);
    emit_comma(text);
    emit_object(text, describe_project(store, &project), strlen("}"));
    text->project = (struct project){ .id = project.id,
        .created_ms = project.created_ms,
        .scope = project.scope };
    text->version = (struct project_version){ .id = 0 };
    text->what = WORLD_DATASETS;
    text->dataset = 0;
    return true;
}

static void
end_project(struct world_text *text)
{
    emit_text(text, "]}");
    text->what = WORLD_PROJECTS;
    text->has_items = true;
}

static void
begin(struct world_text *text)
{
    sha256_init(&text->hash);
    text->begun = true;
    emit_text(text, "{\"accounts\":{");
}

/* The digest is that of the text without it. */
static void
end(struct world_text *text)
{
    char digest[SHA256_HEX_SIZE];

    turn_to(text, NULL);
    emit_text(text, "}");
    sha256_update(&text->hash, 1, (const uint8_t *)"}");
    sha256_hex_end(&text->hash, digest);
    fprintf(text->out, ",\"digest\":\"%s\"}", digest);
}

bool
world_text_write(struct world_text *text, struct store *store, int64_t until_us)
{
    if (!text->begun)
        begin(text);
    do {
        switch (text->what) {
        case WORLD_DATASETS:
            write_dataset(text, store);
            break;
        case WORLD_ENTRIES:
            write_entries(text, store);
            break;
        case WORLD_VERSIONS:
            if (!write_version(text, store))
                end_project(text);
            break;
        case WORLD_PROJECTS:
            if (begin_project(text, store))
                break;
            end(text);
            return false;
        }
    } while (clock_monotonic_us() < until_us);
    return true;
}
