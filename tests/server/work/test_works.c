/* Works when the store fails under them, wherever it does: they are done in the end, as if it had not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../server/call/server.h"
#include "../../../server/record/log.h"
#include "../../../server/work/job.h"
#include "../../../server/work/works.h"
#include "../../../state/base/array.h"
#include "../../../state/lifecycle_outcome.h"
#include "../../../state/outcome.h"
#include "../../../state/resource/dataset.h"
#include "../../../state/resource/project.h"
#include "../../../state/resource/project_version.h"
#include "../../../state/resource/version_image.h"
#include "../../../state/step.h"
#include "../../../state/store.h"
#include "../../../state/work.h"
#include "../../support/fault.h"
#include "../../support/world.h"

#define LINE(image, label)                                                                  \
    "{\"source-ref\":\"s3://bucket/" image "\",\"x\":1,\"x-metadata\":{\"confidence\":1,"   \
    "\"class-name\":\"" label "\",\"human-annotated\":\"yes\",\"creation-date\":\"2021-07-" \
    "11T03:33:42.025Z\",\"type\":\"groundtruth/image-classification\"}}\n"

/* The world of one telling; ARNs outlive the steps they were read in. */
struct telling {
    struct server server;
    char project[ARN_SIZE], train[ARN_SIZE], test[ARN_SIZE], copy[ARN_SIZE], version[ARN_SIZE];
};

static struct dataset
dataset_of(struct telling *t, const char *arn)
{
    struct dataset dataset = { 0 };

    assert_int_equal(dataset_find(t->server.store, arn, &dataset), RESULT_OK);
    return dataset;
}

/* ---- acts: each begins work ---------------------------------------------- */

static void
make(struct telling *t, const char *project_arn, const char *type, const char *task,
    const char *what, char arn[ARN_SIZE])
{
    struct project project = { 0 };
    struct dataset dataset = { .type = type };

    assert_int_equal(project_find(t->server.store, project_arn, &project), RESULT_OK);
    dataset.project_id = project.id;
    dataset.project_name = project.name;
    dataset.scope = project.scope;
    assert_int_equal(dataset_create(t->server.store, &dataset, task, what), RESULT_OK);
    snprintf(arn, ARN_SIZE, "%s", dataset.arn);
}

static void
import_into_both(struct telling *t)
{
    struct project project = { .scope = { "123456789012", "us-east-1" },
        .name = "p",
        .feature = "CUSTOM_LABELS",
        .auto_update = "DISABLED" };

    assert_int_equal(project_create(t->server.store, &project), RESULT_OK);
    snprintf(t->project, ARN_SIZE, "%s", project.arn);
    make(t, t->project, "TRAIN", TASK_IMPORT, "{\"Bucket\":\"b\",\"Name\":\"n.json\"}", t->train);
    make(t, t->project, "TEST", NULL, NULL, t->test);
}

static void
update(struct telling *t)
{
    struct dataset dataset = dataset_of(t, t->train);

    assert_int_equal(dataset_update(t->server.store, &dataset,
                         LINE("1", "cat") LINE("2", "cat") LINE("3", "dog") LINE("4", "dog")),
        RESULT_OK);
}

static void
update_badly(struct telling *t)
{
    struct dataset dataset = dataset_of(t, t->train);

    assert_int_equal(dataset_update(t->server.store, &dataset,
                         LINE("1", "dog") LINE("9", "cat") "nothing\nat\nall\n"),
        RESULT_OK);
}

static void
copy(struct telling *t)
{
    struct project project = { .scope = { "123456789012", "us-east-1" },
        .name = "copies",
        .feature = "CUSTOM_LABELS",
        .auto_update = "DISABLED" };

    assert_int_equal(project_create(t->server.store, &project), RESULT_OK);
    make(t, project.arn, "TRAIN", TASK_COPY, t->train, t->copy);
}

static void
distribute(struct telling *t)
{
    struct dataset train = dataset_of(t, t->train), test = dataset_of(t, t->test);

    assert_int_equal(dataset_distribute(t->server.store, &train, &test), RESULT_OK);
}

/* The work is done: it is taken back. */
static void
tell_to_fail(struct telling *t)
{
    struct outcome outcome = { .resource = "*",
        .probability = 1,
        .event = "dataset.update",
        .after_ms = OUTCOME_AS_USUAL,
        .times = 1 };
    struct steps_seen seen = { .due_ms = 0 };

    lifecycle_tell_pending(t->server.store, outcome_add(t->server.store, &outcome), &seen, 100);
}

static void
train_version(struct telling *t)
{
    struct project project = { 0 };
    struct project_version version = { .name = "v" };

    assert_int_equal(project_find(t->server.store, t->project, &project), RESULT_OK);
    version.project_id = project.id;
    version.project_name = project.name;
    version.scope = project.scope;
    version.feature = project.feature;
    assert_int_equal(project_version_train(t->server.store, &version, false), RESULT_OK);
    project_version_await(t->server.store, &version, TASK_TRAIN, NULL);
    snprintf(t->version, ARN_SIZE, "%s", version.arn);
}

static void
delete_all(struct telling *t)
{
    struct project_version version = { 0 };
    struct dataset copied = dataset_of(t, t->copy);

    assert_int_equal(project_version_find(t->server.store, t->version, &version), RESULT_OK);
    version_image_add(t->server.store, version.model_id,
        &(struct version_image){ .source_ref = "s3://bucket/1", .labels = "[]" });
    assert_int_equal(project_version_delete(t->server.store, &version), RESULT_OK);
    assert_int_equal(dataset_delete(t->server.store, &copied), RESULT_OK);
}

static const struct act {
    const char *name;
    void (*begin)(struct telling *);
    int64_t then_ms; /* time passes when the work is done */
} story[] = {
    { "make", import_into_both, HOUR_MS },
    { "update", update, HOUR_MS },
    { "update badly", update_badly, HOUR_MS },
    { "copy", copy, HOUR_MS },
    { "distribute", distribute, 0 },
    { "take back", tell_to_fail, HOUR_MS },
    { "distribute again", distribute, HOUR_MS },
    { "train", train_version, HOUR_MS },
    { "delete", delete_all, 0 },
};

/* ---- telling ------------------------------------------------------------- */

static bool
is_something_to_do(struct store *store)
{
    struct work work;
    bool found;

    step_begin(store, "test");
    found = work_next(store, 0, &work);
    step_end(store, true);
    return found;
}

/* Turns of the loop, until all is done. */
static void
work(struct server *server)
{
    for (int turns = 0; turns < 1000; turns++) {
        jobs_run(server);
        if (turns % 10 == 9 && !is_something_to_do(server->store))
            return;
    }
    fail_msg("the work is never done");
}

/* What is there in the end. */
static char *
outline(struct telling *t)
{
    const char *arns[] = { t->train, t->test, t->copy };
    struct project_version version = { 0 };
    char *text = calloc(1, 4096);
    size_t used = 0;

    step_begin(t->server.store, "test");
    for (size_t i = 0; i < COUNT(arns); i++) {
        struct dataset dataset = dataset_of(t, arns[i]);

        used += (size_t)sprintf(text + used, "%s %s %d %d\n", dataset.status,
            dataset.status_message, (int)dataset.entries, (int)dataset.labels);
    }
    assert_int_equal(project_version_find(t->server.store, t->version, &version), RESULT_OK);
    sprintf(text + used, "%s", version.status);
    step_end(t->server.store, true);
    return text;
}

/* With a fault after so many looks of SQLite, counted from act `at` on; false when it never struck. */
static bool
tell(size_t at, int after, char **end)
{
    struct telling t = { .server = { .store = world_open(":memory:") } };
    struct store *store = t.server.store;
    struct works *works = works_open(&t.server);
    bool struck = false;

    for (size_t i = 0; i < COUNT(story); i++) {
        step_begin(store, story[i].name);
        story[i].begin(&t);
        assert_true(step_end(store, true));
        if (i == at)
            fault_interrupt(store, after);
        for (int turns = 0; i == at && turns < 10; turns++)
            jobs_run(&t.server);
        if (i == at)
            struck = fault_struck(store);
        work(&t.server);
        if (story[i].then_ms > 0)
            world_pass(store, story[i].then_ms);
    }
    *end = outline(&t);
    works_close(works);
    jobs_close(&t.server);
    store_close(store);
    return struck;
}

static void
work_is_done_in_the_end_wherever_the_store_fails(void **state)
{
    char *wanted, *end;

    (void)state;
    tell(COUNT(story), 0, &wanted);
    assert_string_equal(wanted, "UPDATE_COMPLETE The dataset was successfully updated. 3 2\n"
                                "UPDATE_COMPLETE The dataset was successfully updated. 1 1\n"
                                "DELETE_IN_PROGRESS The dataset is being deleted. 4 2\n"
                                "DELETING");
    for (size_t at = 0; at < COUNT(story); at++) {
        bool struck = true;

        for (int after = 0; struck; after += 1 + after / 8) {
            struck = tell(at, after, &end);
            if (strcmp(end, wanted) != 0)
                fail_msg("%s, a fault after %d: %s", story[at].name, after, end);
            free(end);
        }
    }
    free(wanted);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_done_in_the_end_wherever_the_store_fails),
    };

    log_open(LOG_OFF);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
