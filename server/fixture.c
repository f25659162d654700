#include "fixture.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../state/dataset.h"
#include "../state/dataset_entry.h"
#include "../state/inference.h"
#include "../state/instant.h"
#include "../state/lifecycle.h"
#include "../state/project.h"
#include "../state/project_policy.h"
#include "../state/project_version.h"
#include "../state/setting.h"
#include "../state/store.h"
#include "../state/tag.h"
#include "call.h"
#include "fixture_inside.h"
#include "manifest.h"
#include "model/json.h"
#include "policy.h"

struct loading {
    struct store *store;
    cJSON *fixture;
    struct fixture_fault fault;
    struct fixture_count count;
    int64_t last_project; /* that was there before */

    const cJSON *account, *region; /* that the project is of */
    struct project project;        /* that the dataset or version is of */
    int64_t dataset_id;            /* that the entry is of */
    struct manifest *manifest;
};

/* ---- reading ------------------------------------------------------------ */

static const char *
text_or(const cJSON *object, const char *member, const char *otherwise)
{
    const char *text = text_of(object, member);

    return text == NULL ? otherwise : text;
}

static int64_t
moment_or(const cJSON *object, const char *member, int64_t otherwise)
{
    const char *text = text_of(object, member);

    if (text != NULL)
        instant_parse(text, &otherwise);
    return otherwise;
}

static int64_t
whole_or(const cJSON *object, const char *member, int64_t otherwise)
{
    const cJSON *item = member_of(object, member);

    return item == NULL ? otherwise : json_integer(item);
}

static const char *
json_of(struct loading *loading, const cJSON *item)
{
    char *printed = item == NULL ? NULL : cJSON_PrintUnformatted(item);
    char *kept = store_keep(loading->store, printed);

    cJSON_free(printed);
    return kept;
}

static bool
is_one_of(const char *word, const char *const *words)
{
    while (*words != NULL && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

static bool
refuse_member(struct loading *loading, const struct place *place, const char *member,
    const char *why)
{
    const struct place at = { .above = place, .member = member };

    return fixture_refuse(&loading->fault, &at, "%s", why);
}

/*
 * Places each item of a list that `above` has under that name, if it has; false when one is wrong.
 * After a failure of the store there is no point in going on: the step will say so.
 */
static bool
place_each(struct loading *loading, const struct place *above, const cJSON *object,
    const char *name, bool (*place_item)(struct loading *, const struct place *, cJSON *))
{
    const struct place list = { .above = above, .member = name };
    struct place place = { .above = &list };
    cJSON *item;

    cJSON_ArrayForEach(item, member_of(object, name))
    {
        if (store_failed(loading->store))
            break;
        if (!place_item(loading, &place, item))
            return false;
        place.index++;
    }
    return true;
}

/* ---- what several have -------------------------------------------------- */

/*
 * An ARN that is given must be of this account, region and name: `prefix` is all of it but the
 * stamp. The stamp is the moment of creation, where createdAt does not say otherwise.
 */
static bool
read_arn(struct loading *loading, const struct place *place, const cJSON *item, const char *prefix,
    const char **arn, int64_t *created_ms)
{
    size_t length = strlen(prefix);
    long long stamp;

    *arn = text_of(item, "arn");
    *created_ms = moment_or(item, "createdAt", 0);
    if (*arn == NULL)
        return true;
    if (strncmp(*arn, prefix, length) != 0)
        return refuse_member(loading, place, "arn",
            store_format(loading->store, "must be %s and a number", prefix));
    errno = 0;
    stamp = strtoll(*arn + length, NULL, 10);
    if (*created_ms == 0)
        *created_ms =
            errno == 0 && stamp > 0 && stamp <= CLOCK_END_MS ? stamp : store_now(loading->store);
    return true;
}

static struct placing
read_placing(struct loading *loading, const cJSON *item, const char *status)
{
    const cJSON *pending = member_of(item, "pending");
    int64_t now = store_now(loading->store);

    return (struct placing){ .status = status,
        .message = text_of(item, "statusMessage"),
        .entered_ms = moment_or(item, "enteredAt", now),
        .is_pending = pending != NULL,
        .event = text_of(pending, "event"),
        .event_message = text_of(pending, "message"),
        .due_ms = moment_or(pending, "dueAt", -1) };
}

static void
place_tags(struct loading *loading, const char *arn, const cJSON *map)
{
    size_t count = (size_t)cJSON_GetArraySize(map), i = 0;
    struct tag *tags = store_alloc(loading->store, count * sizeof *tags);
    const cJSON *tag;

    cJSON_ArrayForEach(tag, map) tags[i++] = (struct tag){ tag->string, tag->valuestring };
    tag_place(loading->store, arn, tags, count);
}

static bool
placed(struct loading *loading, const struct place *place, enum result result)
{
    switch (result) {
    case RESULT_OK:
        return true;
    case RESULT_WRONG_STATE:
        return refuse_member(loading, place, "status", store_found(loading->store));
    default:
        return refuse_member(loading, place, "name", store_found(loading->store));
    }
}

/* ---- policies ----------------------------------------------------------- */

static bool
place_policy(struct loading *loading, const struct place *place, const struct project *project,
    const cJSON *item)
{
    const cJSON *document = member_of(item, "document");
    struct project_policy policy = { .name = text_of(item, "name"),
        .document = cJSON_IsString(document) ? document->valuestring : json_of(loading, document),
        .revision = text_of(item, "revisionId") };
    char why[256];

    policy.created_ms = moment_or(item, "createdAt", store_now(loading->store));
    policy.updated_ms = moment_or(item, "updatedAt", policy.created_ms);
    if (!policy_is_well_formed(policy.document, project->arn, why, sizeof why))
        return refuse_member(loading, place, "document", why);
    return placed(loading, place, project_policy_place(loading->store, project->id, &policy));
}

static bool
place_policies(struct loading *loading, const struct place *place, const struct project *project,
    const cJSON *list)
{
    const struct place list_at = { .above = place, .member = "policies" };
    struct place at = { .above = &list_at };
    cJSON *item;

    if (cJSON_GetArraySize(list) > setting_rows[SETTING_LIMIT_POLICIES_PER_PROJECT].max)
        return fixture_refuse(&loading->fault, &list_at, "there are too many");
    cJSON_ArrayForEach(item, list)
    {
        if (!fixture_check(&loading->fault, &at, item, "policy") ||
            !place_policy(loading, &at, project, item))
            return false;
        at.index++;
    }
    return true;
}

/* ---- datasets ----------------------------------------------------------- */

/* Only of one in progress are the figures of before of any use. */
static void
read_stats(const cJSON *stats, struct dataset *dataset)
{
    dataset->entries = whole_or(stats, "totalEntries", 0);
    dataset->labeled = whole_or(stats, "labeledEntries", 0);
    dataset->erroneous = whole_or(stats, "errorEntries", 0);
    dataset->labels = whole_or(stats, "totalLabels", 0);
}

static bool
place_entry(struct loading *loading, const struct place *place, cJSON *item)
{
    const char *text = cJSON_IsString(item) ? item->valuestring : json_of(loading, item);
    struct manifest_limits limits = manifest_limits(loading->store);
    const struct manifest_line *line;

    if (loading->manifest == NULL)
        loading->manifest = manifest_open();
    line = manifest_read(loading->manifest, &limits, text, strlen(text));
    if (!line->kept) {
        const char *why = manifest_issues[line->issue].message;

        return fixture_refuse(&loading->fault, place, "%.*s", (int)strlen(why) - 1, why);
    }
    if (!dataset_entry_add(loading->store, loading->dataset_id,
            &(struct dataset_entry){ .source_ref = line->source_ref,
                .line = line->line,
                .is_labeled = line->is_labeled,
                .has_errors = line->has_errors,
                .errors = line->errors,
                .labels = line->label_map }))
        return fixture_refuse(&loading->fault, place, "the dataset has the image %s already",
            line->source_ref);
    return true;
}

static bool
place_dataset(struct loading *loading, const struct place *place, cJSON *item)
{
    const struct project *project = &loading->project;
    struct dataset dataset = { .project_id = project->id,
        .project_name = project->name,
        .scope = project->scope };
    struct placing placing;

    if (!fixture_check(&loading->fault, place, item, "dataset"))
        return false;
    if (member_of(item, "entries") != NULL && !cJSON_IsArray(member_of(item, "entries")))
        return refuse_member(loading, place, "entries", "must be a list");
    dataset.type = text_of(item, "type");
    dataset.source_arn = text_of(item, "sourceArn");
    read_stats(member_of(item, "statsBefore"), &dataset);
    placing = read_placing(loading, item, text_or(item, "status", "CREATE_COMPLETE"));
    if (!read_arn(loading, place, item,
            store_format(loading->store, "arn:%s:rekognition:%s:%s:project/%s/dataset/%s/",
                arn_partition(project->scope.region), project->scope.region, project->scope.account,
                project->name, strcmp(dataset.type, "TRAIN") == 0 ? "train" : "test"),
            &dataset.arn, &dataset.created_ms) ||
        !placed(loading, place, dataset_place(loading->store, &dataset, &placing)))
        return false;
    place_tags(loading, dataset.arn, member_of(item, "tags"));
    loading->dataset_id = dataset.id;
    return place_each(loading, place, item, "entries", place_entry);
}

/* ---- versions ----------------------------------------------------------- */

static const char *const started[] = { "STARTING", "RUNNING", "STOPPING", "STOPPED", "FAILED",
    NULL },
                         *const incomplete[] = { "TRAINING_IN_PROGRESS", "TRAINING_FAILED",
                             "COPYING_IN_PROGRESS", "COPYING_FAILED", NULL },
                         *const training[] = { "TRAINING_IN_PROGRESS", "TRAINING_COMPLETED",
                             "TRAINING_FAILED", NULL },
                         *const copying[] = { "COPYING_IN_PROGRESS", "COPYING_COMPLETED",
                             "COPYING_FAILED", NULL };

static bool
read_units(struct loading *loading, const struct place *place, const cJSON *item,
    struct project_version *version)
{
    bool running = strcmp(version->status, "RUNNING") == 0;
    int64_t most;

    version->min_units =
        whole_or(item, "minInferenceUnits", is_one_of(version->status, started) ? 1 : 0);
    version->max_units = whole_or(item, "maxInferenceUnits", 0);
    version->units = whole_or(item, "unitsInService", running ? version->min_units : 0);
    most = version->max_units != 0 ? version->max_units : version->min_units;
    if (most > (int64_t)setting_rows[SETTING_LIMIT_UNITS_PER_VERSION].max)
        return refuse_member(loading, place, "minInferenceUnits", "there are too many");
    if (most < version->min_units || (version->max_units != 0 && version->min_units == 0))
        return refuse_member(loading, place, "maxInferenceUnits",
            "must not be below minInferenceUnits");
    if (!running && version->units != 0)
        return refuse_member(loading, place, "unitsInService",
            "only a version that is RUNNING has units in service");
    if (running && (version->units < version->min_units || version->units > most))
        return refuse_member(loading, place, "unitsInService",
            "must be from minInferenceUnits to maxInferenceUnits");
    return true;
}

/* Whether the status and the past of a version agree; sets what follows from them. */
static bool
read_past(struct loading *loading, const struct place *place, const cJSON *item,
    struct project_version *version)
{
    bool is_copy = version->source_arn != NULL || is_one_of(version->status, copying);
    bool is_trained = !is_copy && strcmp(version->status, "TRAINING_IN_PROGRESS") != 0;
    int64_t begun = version->created_ms, now = store_now(loading->store), usual;
    const cJSON *completed = member_of(item, "completed");

    if (version->source_arn != NULL && is_one_of(version->status, training))
        return refuse_member(loading, place, "status", "a copy is not trained");
    if (!is_trained && member_of(item, "trainedAt") != NULL)
        return refuse_member(loading, place, "trainedAt", "it was not trained");
    if (begun == 0)
        begun = now;
    usual = begun + setting_int(loading->store, SETTING_VERSION_TRAIN);
    if (usual > now)
        usual = now > begun ? now : begun;
    version->trained_ms = is_trained ? moment_or(item, "trainedAt", usual) : 0;
    version->completed =
        completed != NULL ? cJSON_IsTrue(completed) : !is_one_of(version->status, incomplete);
    version->validated = cJSON_IsTrue(member_of(item, "validated"));
    if (strcmp(version->status, "DELETING") != 0 &&
        version->completed == is_one_of(version->status, incomplete))
        return refuse_member(loading, place, "completed", "the status says otherwise");
    return true;
}

static bool
place_demand(struct loading *loading, const struct place *place, const cJSON *item,
    const struct project_version *version)
{
    struct demand demand;

    if (item == NULL)
        return true;
    if (version->max_units <= version->min_units)
        return refuse_member(loading, place, "demand",
            "units follow demand only up to a maxInferenceUnits above minInferenceUnits");
    demand.peak = whole_or(item, "peak", 0);
    demand.due_ms = moment_or(item, "followedAt", 0);
    inference_place_demand(loading->store, version->arn, &demand);
    return true;
}

static void
read_given(struct loading *loading, const cJSON *item, struct project_version *version)
{
    const cJSON *output = member_of(item, "outputConfig");
    const cJSON *score = member_of(item, "f1Score");

    version->name = text_of(item, "name");
    version->source_arn = text_of(item, "sourceArn");
    version->status = text_or(item, "status",
        version->source_arn == NULL ? "TRAINING_COMPLETED" : "COPYING_COMPLETED");
    version->output_bucket = text_of(output, "S3Bucket");
    version->output_prefix = text_of(output, "S3KeyPrefix");
    version->description = text_of(item, "description");
    version->kms_key_id = text_of(item, "kmsKeyId");
    version->training_data = json_of(loading, member_of(item, "trainingData"));
    version->testing_data = json_of(loading, member_of(item, "testingData"));
    version->feature_config = json_of(loading, member_of(item, "featureConfig"));
    if (!json_number(score, &version->f1_score))
        version->f1_score = setting_number(loading->store, SETTING_TRAINING_F1_SCORE);
}

static bool
place_version(struct loading *loading, const struct place *place, cJSON *item)
{
    const struct project *project = &loading->project;
    struct project_version version = { .project_id = project->id,
        .scope = project->scope,
        .project_name = project->name,
        .feature = project->feature };
    struct placing placing;

    if (!fixture_check(&loading->fault, place, item, "version"))
        return false;
    read_given(loading, item, &version);
    placing = read_placing(loading, item, version.status);
    if (!read_arn(loading, place, item,
            store_format(loading->store, "arn:%s:rekognition:%s:%s:project/%s/version/%s/",
                arn_partition(project->scope.region), project->scope.region, project->scope.account,
                project->name, version.name),
            &version.arn, &version.created_ms) ||
        !read_units(loading, place, item, &version) || !read_past(loading, place, item, &version) ||
        !placed(loading, place, project_version_place(loading->store, &version, &placing)) ||
        !place_demand(loading, place, member_of(item, "demand"), &version))
        return false;
    place_tags(loading, version.arn, member_of(item, "tags"));
    loading->count.versions++;
    return true;
}

/* ---- projects ----------------------------------------------------------- */

static bool
name_is_free(struct loading *loading, const struct place *place, const struct project *project,
    enum result result)
{
    if (result != RESULT_PROJECT_NAME_TAKEN)
        return placed(loading, place, result);
    loading->fault.conflict = project->id <= loading->last_project;
    return refuse_member(loading, place, "name", store_found(loading->store));
}

static struct project
declared(const cJSON *account, const cJSON *region, const cJSON *item)
{
    struct project project = { .name = text_of(item, "name"),
        .feature = text_or(item, "feature", "CUSTOM_LABELS"),
        .auto_update = text_or(item, "autoUpdate", "DISABLED") };

    snprintf(project.scope.account, ACCOUNT_SIZE, "%s", account->string);
    snprintf(project.scope.region, REGION_SIZE, "%s", region->string);
    return project;
}

static bool
place_project(struct loading *loading, const struct place *place, cJSON *item)
{
    struct project *project = &loading->project;
    const struct scope *scope = &project->scope;
    const char *status;
    struct placing placing;

    if (!fixture_check(&loading->fault, place, item, "project"))
        return false;
    *project = declared(loading->account, loading->region, item);
    status = text_or(item, "status", "CREATED");
    if (strcmp(status, "DELETING") == 0 && cJSON_GetArraySize(member_of(item, "versions")) +
                                                   cJSON_GetArraySize(member_of(item, "datasets")) >
                                               0)
        return refuse_member(loading, place, "status",
            "a project that is DELETING has no versions and no datasets");
    placing = read_placing(loading, item, status);
    if (!read_arn(loading, place, item,
            store_format(loading->store, "arn:%s:rekognition:%s:%s:project/%s/",
                arn_partition(scope->region), scope->region, scope->account, project->name),
            &project->arn, &project->created_ms) ||
        !name_is_free(loading, place, project, project_place(loading->store, project, &placing)))
        return false;
    place_tags(loading, project->arn, member_of(item, "tags"));
    loading->count.projects++;
    return place_policies(loading, place, project, member_of(item, "policies")) &&
           place_each(loading, place, item, "datasets", place_dataset) &&
           place_each(loading, place, item, "versions", place_version);
}

/* ---- all of it ---------------------------------------------------------- */

static bool
place_region(struct loading *loading, const struct place *above, const cJSON *region)
{
    const struct place place = { .above = above, .member = region->string };

    loading->region = region;
    return place_each(loading, &place, region, "projects", place_project);
}

static bool
place_account(struct loading *loading, const struct place *above, const cJSON *account)
{
    const struct place place = { .above = above, .member = account->string };

    loading->account = account;
    for (const cJSON *region = account->child; region != NULL; region = region->next)
        if (!place_region(loading, &place, region))
            return false;
    return true;
}

static bool
place_all(struct loading *loading)
{
    const struct place accounts = { .member = "accounts" };
    const cJSON *account;

    if (!fixture_check(&loading->fault, NULL, loading->fixture, "fixture"))
        return false;
    loading->last_project = project_last(loading->store);
    cJSON_ArrayForEach(account,
        member_of(loading->fixture, "accounts")) if (!place_account(loading, &accounts,
                                                         account)) return false;
    return true;
}

bool
fixture_load(struct store *store, cJSON *fixture, struct fixture_count *count,
    struct fixture_fault *fault)
{
    struct loading loading = { .store = store, .fixture = fixture };
    bool good = place_all(&loading);

    if (loading.manifest != NULL)
        manifest_close(loading.manifest);
    *count = loading.count;
    *fault = loading.fault;
    return good;
}
