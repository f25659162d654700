/* The tables of the program, held against each other and against the service's model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../server/call/error.h"
#include "../../../server/call/operation.h"
#include "../../../server/call/permit.h"
#include "../../../server/call/uncaused.h"
#include "../../../server/model/model.h"
#include "../../../state/base/array.h"
#include "../../../state/lifecycle.h"
#include "../../../state/setting.h"

/* ---- lifecycles and the model ---------------------------------------------- */

/* Which enumeration has the statuses of a kind. */
static const struct kind {
    const char *name;
    const struct shape *statuses;
} kinds[] = {
    { "project", &shape_ProjectStatus },
    { "project_version", &shape_ProjectVersionStatus },
    { "adapter", &shape_ProjectVersionStatus },
    { "dataset", &shape_DatasetStatus },
    { "collection", NULL }, /* the API shows none */
    { "stream_processor", &shape_StreamProcessorStatus },
    { "home_processor", &shape_StreamProcessorStatus },
    { "video_job", &shape_VideoJobStatus },
    { "media_job", &shape_MediaAnalysisJobStatus },
    { "liveness", &shape_LivenessSessionStatus },
    { "user", &shape_UserStatus },
};

static const struct kind *
find_kind(const char *name)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    fail_msg("this test does not know the kind %s", name);
    return NULL;
}

static bool
is_in(const char *const *words, const char *word)
{
    while (*words != NULL && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

static void
check_status(const char *kind, const char *status)
{
    if (strcmp(status, LIFECYCLE_NONE) != 0 && find_kind(kind)->statuses != NULL &&
        !is_in(find_kind(kind)->statuses->enumeration, status))
        fail_msg("%s: the model has no status %s", kind, status);
}

static void
every_status_of_a_lifecycle_is_one_of_the_model(void **state)
{
    (void)state;
    for (size_t i = 0; i < lifecycle_transition_count; i++) {
        check_status(lifecycle_transitions[i].kind, lifecycle_transitions[i].from);
        check_status(lifecycle_transitions[i].kind, lifecycle_transitions[i].to);
    }
    for (size_t i = 0; i < lifecycle_timeout_count; i++)
        check_status(lifecycle_timeouts[i].kind, lifecycle_timeouts[i].status);
    for (size_t i = 0; i < lifecycle_message_count; i++)
        check_status(lifecycle_messages[i].kind, lifecycle_messages[i].status);
}

static bool
has_lifecycle(const char *kind)
{
    for (size_t i = 0; i < lifecycle_transition_count; i++)
        if (strcmp(lifecycle_transitions[i].kind, kind) == 0)
            return true;
    return false;
}

static bool
is_reached(const struct shape *statuses, const char *status)
{
    for (size_t i = 0; i < lifecycle_transition_count; i++)
        if (find_kind(lifecycle_transitions[i].kind)->statuses == statuses &&
            strcmp(lifecycle_transitions[i].to, status) == 0)
            return true;
    return false;
}

static void
every_status_of_the_model_is_reached_by_a_lifecycle(void **state)
{
    static const char *const none[] = { NULL };

    (void)state;
    for (size_t i = 0; i < COUNT(kinds); i++)
        for (const char *const *status = kinds[i].statuses == NULL ? none
                                                                   : kinds[i].statuses->enumeration;
             has_lifecycle(kinds[i].name) && *status != NULL; status++)
            if (!is_reached(kinds[i].statuses, *status) &&
                strcmp(*status, "CREATING") != 0) /* of users: nothing says when they are */
                fail_msg("nothing is ever %s", *status);
}

static void
a_status_that_takes_time_ends_in_each_way_once_and_no_other_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < lifecycle_timeout_count; i++) {
        assert_int_equal(setting_rows[lifecycle_timeouts[i].setting].kind, SETTING_STEP);
        for (size_t j = 0; j < i; j++)
            assert_false(strcmp(lifecycle_timeouts[i].kind, lifecycle_timeouts[j].kind) == 0 &&
                         strcmp(lifecycle_timeouts[i].status, lifecycle_timeouts[j].status) == 0 &&
                         strcmp(lifecycle_timeouts[i].event, lifecycle_timeouts[j].event) == 0);
    }
    for (size_t i = 0; i < lifecycle_transition_count; i++)
        for (size_t j = 0; j < i; j++)
            assert_false(
                strcmp(lifecycle_transitions[i].kind, lifecycle_transitions[j].kind) == 0 &&
                strcmp(lifecycle_transitions[i].from, lifecycle_transitions[j].from) == 0 &&
                strcmp(lifecycle_transitions[i].event, lifecycle_transitions[j].event) == 0);
}

/* ---- refusals and errors ------------------------------------------------------ */

static void
every_rule_has_a_refusal_with_a_message_and_a_source(void **state)
{
    (void)state;
    for (int rule = RESULT_OK + 1; rule < RESULT_COUNT; rule++) {
        const struct refusal *refusal = &refusals[rule];

        if (refusal->rule == NULL)
            fail_msg("rule %d has no row in refusals.def", rule);
        assert_int_not_equal(refusal->error, NO_ERROR);
        assert_int_not_equal(refusal->otherwise, NO_ERROR);
        assert_true(*refusal->message != '\0' && *refusal->source != '\0');
    }
}

static void
every_error_that_an_operation_declares_has_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < MODEL_OPERATION_COUNT; i++)
        for (const char *const *name = model_operations[i].errors; *name != NULL; name++)
            if (error_find(*name) == NO_ERROR)
                fail_msg("%s declares %s", model_operations[i].name, *name);
}

/* How many words of a row are operations; those that follow "* but" are taken from all that declare the error. */
static size_t
named_by(const struct uncaused *row)
{
    size_t count = 0;
    char name[64];
    int length;

    for (const char *at = row->operations; sscanf(at, "%63s%n", name, &length) == 1; at += length)
        count += operation_find(name) != NULL;
    return count;
}

static size_t
declared_by(const char *error)
{
    size_t count = 0;

    for (size_t i = 0; i < MODEL_OPERATION_COUNT; i++)
        count += is_in(model_operations[i].errors, error);
    return count;
}

/* A row is of as many operations as it says, so all of those declare its error; and no pair is told of twice. */
static void
what_is_said_to_have_no_cause_is_declared_and_said_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < uncaused_count; i++) {
        const struct uncaused *row = &uncaused_rows[i];
        size_t count = 0, named = named_by(row);

        for (size_t j = 0; j < MODEL_OPERATION_COUNT; j++)
            count += uncaused_is_of(row, &model_operations[j]);
        assert_int_equal(count, *row->operations == '*' ? declared_by(row->error) - named : named);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(uncaused_rows[j].error, row->error);
    }
}

static void
every_operation_of_the_service_is_served(void **state)
{
    (void)state;
    assert_int_equal(operation_count, MODEL_OPERATION_COUNT);
    for (size_t i = 0; i < MODEL_OPERATION_COUNT; i++)
        assert_non_null(operation_find(model_operations[i].name)->handle);
}

/* ---- settings -------------------------------------------------------------------- */

static void
defaults_of_settings_lie_in_their_ranges(void **state)
{
    char why[256];

    (void)state;
    for (enum setting i = 0; i < SETTING_TOTAL; i++) {
        const struct setting_row *row = &setting_rows[i];

        assert_true(row->min <= row->max && *row->source != '\0' && *row->help != '\0');
        for (size_t profile = 0; profile < COUNT(row->defaults); profile++)
            if (!setting_accepts(i, setting_plain(row->defaults[profile]), why, sizeof why))
                fail_msg("the default of %s: %s", row->name, why);
        assert_int_equal(setting_find(row->name), i);
    }
    assert_int_equal(setting_find("nobody"), SETTING_TOTAL);
}

static void
settings_take_what_lies_in_their_range_and_nothing_beside(void **state)
{
    char why[256];

    (void)state;
    for (enum setting i = 0; i < SETTING_TOTAL; i++) {
        const struct setting_row *row = &setting_rows[i];

        assert_true(setting_accepts(i, setting_plain(row->min), why, sizeof why));
        assert_true(setting_accepts(i, setting_plain(row->max), why, sizeof why));
        assert_true(setting_accepts(i, setting_plain(row->min - 1), why, sizeof why) ==
                    (row->kind == SETTING_STEP)); /* one poll */
        if (row->kind == SETTING_STEP)
            assert_false(setting_accepts(i, setting_plain(-1e6 - 1), why, sizeof why));
        assert_non_null(strstr(why, row->name));
        assert_false(setting_accepts(i, setting_plain(row->max * 2 + 1), why, sizeof why));
        if (row->kind != SETTING_NUMBER)
            assert_false(setting_accepts(i, setting_plain(row->min + 0.5), why, sizeof why));
        assert_false(setting_accepts(i, setting_plain(strtod("nan", NULL)), why, sizeof why));
    }
}

static void
every_word_of_a_setting_reads_as_it_is_written(void **state)
{
    char word[SETTING_WORD_SIZE];

    (void)state;
    for (enum setting i = 0; i < SETTING_TOTAL; i++) {
        if (setting_rows[i].kind != SETTING_WORD)
            continue;
        for (int number = 0; number <= (int)setting_rows[i].max; number++) {
            setting_word_print(i, number, word);
            assert_string_not_equal(word, "");
            assert_int_equal(setting_word_number(i, word), number);
        }
        assert_int_equal(setting_word_number(i, ""), -1);
        assert_int_equal(setting_word_number(i, " "), -1);
        assert_int_equal(setting_word_number(i, setting_words(i)), -1);
    }
}

static void
every_operation_asks_for_a_permission(void **state)
{
    (void)state;
    for (size_t i = 0; i < operation_count; i++)
        if (!permission_is_known(operations[i].name))
            fail_msg("permissions.def does not have %s", operations[i].name);
    assert_false(permission_is_known("DescribeNothing"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_asks_for_a_permission),
        cmocka_unit_test(every_status_of_a_lifecycle_is_one_of_the_model),
        cmocka_unit_test(every_status_of_the_model_is_reached_by_a_lifecycle),
        cmocka_unit_test(a_status_that_takes_time_ends_in_each_way_once_and_no_other_does),
        cmocka_unit_test(every_rule_has_a_refusal_with_a_message_and_a_source),
        cmocka_unit_test(every_error_that_an_operation_declares_has_a_row),
        cmocka_unit_test(what_is_said_to_have_no_cause_is_declared_and_said_once),
        cmocka_unit_test(every_operation_of_the_service_is_served),
        cmocka_unit_test(defaults_of_settings_lie_in_their_ranges),
        cmocka_unit_test(every_word_of_a_setting_reads_as_it_is_written),
        cmocka_unit_test(settings_take_what_lies_in_their_range_and_nothing_beside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
