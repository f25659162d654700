#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/base/array.h"
#include "../../../server/record/journal.h"
#include "../../../server/json/json.h"

#define ANYTHING INT64_MAX

static struct journal *
open_journal(int64_t calls, int64_t bytes)
{
    struct journal *journal = journal_open();

    journal_bound(journal, calls, bytes);
    return journal;
}

/* Adds a call of an account, with an input that names it. */
static int64_t
add(struct journal *journal, const char *account, const char *input)
{
    return journal_add(journal, &(struct journal_entry){ .operation = "CreateProject",
                                    .account = account,
                                    .region = "us-east-1",
                                    .status = 200,
                                    .input = input });
}

static size_t
count(const struct journal *journal)
{
    const struct journal_entry *entry;
    int64_t after = 0;
    size_t found = 0;

    while ((entry = journal_next(journal, after)) != NULL) {
        assert_true(entry->id > after);
        after = entry->id;
        found++;
    }
    return found;
}

static void
the_newest_calls_are_kept(void **state)
{
    struct journal *journal = open_journal(100, ANYTHING);

    (void)state;
    assert_null(journal_next(journal, 0));
    for (int i = 1; i <= 1000; i++)
        assert_int_equal(add(journal, "1", "{}"), i);
    assert_int_equal(count(journal), 100);
    assert_int_equal(journal_next(journal, 0)->id, 901);
    assert_int_equal(journal_next(journal, 950)->id, 951);
    assert_null(journal_next(journal, 1000));
    assert_int_equal(journal_last(journal), 1000);
    journal_close(journal);
}

static void
a_smaller_bound_applies_at_once_and_ids_go_on(void **state)
{
    struct journal *journal = open_journal(100, ANYTHING);

    (void)state;
    for (int i = 0; i < 70; i++)
        add(journal, "1", "{}");
    journal_bound(journal, 10, ANYTHING);
    assert_int_equal(journal_next(journal, 0)->id, 61);
    journal_bound(journal, 0, ANYTHING);
    assert_null(journal_next(journal, 0));
    assert_int_equal(add(journal, "1", "{}"), 71);
    assert_null(journal_next(journal, 0));
    journal_bound(journal, 1000, ANYTHING);
    assert_int_equal(add(journal, "1", "{}"), 72);
    assert_int_equal(count(journal), 1);
    journal_close(journal);
}

static void
large_calls_push_out_more(void **state)
{
    struct journal *journal = open_journal(1000, 20000);
    char text[1001];

    (void)state;
    memset(text, 'x', sizeof text);
    text[1000] = '\0';
    for (int i = 0; i < 100; i++)
        add(journal, "1", text);
    assert_in_range(count(journal), 10, 20);
    add(journal, "1", "{}");
    assert_non_null(journal_next(journal, 100));
    journal_close(journal);
}

static void
only_a_scope_is_forgotten(void **state)
{
    struct journal *journal = open_journal(100, ANYTHING);

    (void)state;
    for (int i = 0; i < 150; i++)
        add(journal, i % 3 == 0 ? "1" : "2", "{}");
    journal_forget(journal, "1", "eu-west-1");
    assert_int_equal(count(journal), 100);
    journal_forget(journal, "1", NULL);
    assert_in_range(count(journal), 66, 67);
    for (const struct journal_entry *e = journal_next(journal, 0); e != NULL;
         e = journal_next(journal, e->id))
        assert_string_equal(e->account, "2");
    journal_forget(journal, NULL, "us-east-1");
    assert_int_equal(count(journal), 0);
    assert_int_equal(add(journal, "1", "{}"), 151);
    journal_close(journal);
}

static void
an_entry_is_a_copy(void **state)
{
    struct journal *journal = open_journal(1, ANYTHING);
    char input[] = "{\"a\":1}";

    (void)state;
    add(journal, "1", input);
    input[2] = 'b';
    assert_string_equal(journal_next(journal, 0)->input, "{\"a\":1}");
    assert_null(journal_next(journal, 0)->output);
    journal_close(journal);
}

static void
calls_are_found_by_what_they_were(void **state)
{
    const struct journal_entry entry = { .operation = "CreateProject",
        .account = "1",
        .region = "us-east-1",
        .error = "LimitExceededException",
        .status = 400,
        .input = "{\"A\":\"arn:aws:x:1\"}",
        .output = "{\"B\":[\"arn:aws:x:2\"],\"C\":\"see arn:aws:x:3\"}" };
    static const struct {
        struct journal_filter filter;
        bool matches;
    } looks[] = {
        { { .status = 0 }, true },
        { { .operation = "CreateProject", .account = "1", .status = 400 }, true },
        { { .operation = "DeleteProject" }, false },
        { { .account = "11" }, false },
        { { .region = "us-east-1", .error = "LimitExceededException" }, true },
        { { .error = "ThrottlingException" }, false },
        { { .status = 200 }, false },
        { { .status = JOURNAL_UNSENT }, false },
        { { .arn = "arn:aws:x:1" }, true },
        { { .arn = "arn:aws:x:2" }, true },
        { { .arn = "arn:aws:x:3" }, false }, /* only part of a string */
        { { .arn = "arn:aws:x:" }, false },
    };
    const struct journal_entry unsent = { .account = "1", .region = "us-east-1" };

    (void)state;
    for (size_t i = 0; i < COUNT(looks); i++)
        if (journal_matches(&entry, &looks[i].filter) != looks[i].matches)
            fail_msg("look %zu", i);
    assert_true(journal_matches(&unsent, &(struct journal_filter){ .status = JOURNAL_UNSENT }));
    assert_false(journal_matches(&unsent, &(struct journal_filter){ .operation = "X" }));
    assert_false(journal_matches(&unsent, &(struct journal_filter){ .arn = "arn:" }));
}

/* What is kept of a call's input. */
static const char *
keep(struct journal *journal, const char *input)
{
    return journal_next(journal, add(journal, "1", input) - 1)->input;
}

static void
long_strings_are_cut_between_characters(void **state)
{
    struct journal *journal = open_journal(10, ANYTHING);
    char *long_text = malloc(5100);
    cJSON *list, *read;
    const char *kept;

    (void)state;
    strcpy(long_text,
        "{ \"n\": 1.5, \"l\": [\"x"); /* so that the cut would fall inside a character */
    for (int i = 1; i < 4999; i += 2)
        strcat(long_text, "\xC3\xA9");
    strcat(long_text, "\",\"short\"]}");
    kept = keep(journal, long_text);
    read = json_parse(kept, strlen(kept), NULL); /* refuses half a character */
    assert_non_null(read);
    assert_int_equal(cJSON_GetObjectItem(read, "n")->valuedouble * 2, 3);
    list = cJSON_GetObjectItem(read, "l");
    assert_non_null(strstr(cJSON_GetArrayItem(list, 0)->valuestring, "... (4999 bytes)"));
    assert_in_range(strlen(cJSON_GetArrayItem(list, 0)->valuestring), 255, 300);
    assert_string_equal(cJSON_GetArrayItem(list, 1)->valuestring, "short");
    cJSON_Delete(read);
    free(long_text);
    journal_close(journal);
}

static void
a_string_is_as_long_as_what_its_escapes_stand_for(void **state)
{
    static const struct {
        const char *escape;
        size_t size;
    } escapes[] = { { "\\/", 1 }, { "\\n", 1 }, { "\\u0041", 1 }, { "\\u00e9", 2 },
        { "\\u20ac", 3 }, { "\\ud83d\\ude00", 4 } };
    struct journal *journal = open_journal(10, ANYTHING);

    (void)state;
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        char *text = calloc(1, 100000), wanted[64];
        size_t times = 4096 / escapes[i].size;
        cJSON *read;

        strcpy(text, "[\"");
        for (size_t n = 0; n < times; n++)
            strcat(text, escapes[i].escape);
        strcat(text, "\"]");
        assert_string_equal(keep(journal, text), text); /* 4096 bytes, or less */
        strcpy(text + strlen(text) - 2, escapes[i].escape);
        strcat(text, "xxx\"]");
        read = cJSON_Parse(keep(journal, text));
        assert_non_null(read);
        snprintf(wanted, sizeof wanted, "... (%zu bytes)", (times + 1) * escapes[i].size + 3);
        assert_non_null(strstr(read->child->valuestring, wanted));
        assert_in_range(strlen(read->child->valuestring), 253, 300);
        cJSON_Delete(read);
        free(text);
    }
    journal_close(journal);
}

static void
an_arn_is_found_however_it_is_escaped(void **state)
{
    const struct journal_entry entry = { .account = "1",
        .region = "us-east-1",
        .input = "{\"A\" : \"arn:aws:x:project\\/p\\/1\"}" };

    (void)state;
    assert_true(
        journal_matches(&entry, &(struct journal_filter){ .arn = "arn:aws:x:project/p/1" }));
    assert_false(journal_matches(&entry, &(struct journal_filter){ .arn = "arn:aws:x:project/p" }));
}

static void
of_too_much_json_only_its_length_is_kept(void **state)
{
    struct journal *journal = open_journal(10, ANYTHING);
    char *text = calloc(1, 300000);

    (void)state;
    memset(text, '1', 299999);
    assert_string_equal(keep(journal, text), "\"(299999 bytes of JSON)\"");
    free(text);
    journal_close(journal);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_calls_are_kept),
        cmocka_unit_test(a_smaller_bound_applies_at_once_and_ids_go_on),
        cmocka_unit_test(large_calls_push_out_more),
        cmocka_unit_test(only_a_scope_is_forgotten),
        cmocka_unit_test(an_entry_is_a_copy),
        cmocka_unit_test(calls_are_found_by_what_they_were),
        cmocka_unit_test(long_strings_are_cut_between_characters),
        cmocka_unit_test(a_string_is_as_long_as_what_its_escapes_stand_for),
        cmocka_unit_test(an_arn_is_found_however_it_is_escaped),
        cmocka_unit_test(of_too_much_json_only_its_length_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
