/* Forms: what their table says is what is checked, told as a schema, and shown as an example. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../server/model/form.h"

#include "../../../state/base/array.h"

static const struct form_member members[] = {
    { "bird", "name", VALUE_TEXT, "", NEEDED, "what it is called", "\"robin\"", NULL },
    { "bird", "eggs", VALUE_COUNT, "0..9", OPTIONAL, "how many", "", NULL },
    { "bird", "weight", VALUE_NUMBER, ">0..", OPTIONAL, "in kilograms", "0.02", NULL },
    { "bird", "song", VALUE_CHOICE, "@songs", OPTIONAL, "how it sings", "\"trill\"", NULL },
    { "bird", "mate", VALUE_OBJECT, "mate", NULLABLE, "if it has one", "null", NULL },
    { "bird", "nests", VALUE_LIST, "nest", OPTIONAL, "where it lives", "...", NULL },
    { "mate", "since", VALUE_MOMENT, "1970", NEEDED, "when they met", "\"2026-01-01T00:00:00Z\"",
        NULL },
    { "nest", "warm", VALUE_FLAG, "", NEEDED, "whether it is", "true", NULL },
    { "nest", "age", VALUE_DURATION, "", OPTIONAL, "of it", "\"3h\"", NULL },
    { "tags", "*", VALUE_TEXT, "", OPTIONAL, "what is written there", "{\"ring\":\"7\"}", NULL },
};

static const char *const *
words(const char *list)
{
    static const char *const songs[] = { "trill", "warble", NULL };

    return strcmp(list, "songs") == 0 ? songs : NULL;
}

static bool
is_short(const char *name)
{
    return strlen(name) < 5;
}

static const struct form_names names[] = { { "tags", is_short, "^.{0,4}$", "a tag is short" } };

static const struct form form = { .members = members,
    .count = COUNT(members),
    .words = words,
    .names = names,
    .name_count = COUNT(names) };

static struct form_fault
fault_of(const char *object, const char *text)
{
    struct form_fault fault;
    cJSON *json = cJSON_Parse(text);
    bool fits;

    assert_non_null(json);
    memset(&fault, 0, sizeof fault);
    memset(fault.place, 'x', sizeof fault.place);
    fits = form_check(&form, object, json, &fault);
    assert_int_equal(fits, *fault.text == '\0');
    cJSON_Delete(json);
    return fault;
}

static void
what_fits_is_taken(void **state)
{
    static const char *const fine[] = {
        "{\"name\":\"robin\",\"mate\":null}",
        "{\"name\":\"\",\"mate\":{\"since\":\"2026-01-01T00:00:00Z\"},\"eggs\":9,\"weight\":1e-9}",
        "{\"name\":\"wren\",\"mate\":null,\"song\":\"warble\",\"nests\":[]}",
        "{\"name\":\"wren\",\"mate\":null,\"nests\":[{\"warm\":true},{\"warm\":false,\"age\":"
        "\"1h30m\"}]}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(fine); i++)
        assert_string_equal(fault_of("bird", fine[i]).text, "");
    assert_string_equal(fault_of("tags", "{\"ring\":\"7\",\"\":\"\"}").text, "");
}

static void
what_does_not_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *object, *json, *place, *text;
        enum form_fault_kind kind;
    } rows[] = {
        { "bird", "{\"mate\":null}", "name", "is missing: what it is called", FORM_MISSING },
        { "bird", "{\"name\":\"a\"}", "mate", "is missing: if it has one", FORM_MISSING },
        { "bird", "{\"name\":7,\"mate\":null}", "name", "must be a string", FORM_WRONG_TYPE },
        { "bird", "{\"nam\":\"a\"}", "nam",
            "is no member here; known: name, eggs, weight, song, mate, nests",
            FORM_UNKNOWN_MEMBER },
        { "bird", "{\"eggs\":10}", "eggs", "must be a whole number from 0 to 9", FORM_WRONG_VALUE },
        { "bird", "{\"eggs\":0.5}", "eggs", "must be a whole number from 0 to 9",
            FORM_WRONG_VALUE },
        { "bird", "{\"eggs\":\"1\"}", "eggs", "must be a whole number", FORM_WRONG_TYPE },
        { "bird", "{\"weight\":0}", "weight", "must be a number above 0", FORM_WRONG_VALUE },
        { "bird", "{\"song\":\"bark\"}", "song", "must be one of: trill, warble",
            FORM_WRONG_VALUE },
        { "bird", "{\"song\":null}", "song", "must be a string", FORM_WRONG_TYPE },
        { "bird", "{\"mate\":{}}", "mate.since", "is missing: when they met", FORM_MISSING },
        { "bird", "{\"mate\":{\"since\":\"1969-01-01T00:00:00Z\"}}", "mate.since",
            "must be a moment after 1970, such as 2026-11-23T10:00:00.000Z", FORM_WRONG_TYPE },
        { "bird", "{\"nests\":{}}", "nests", "must be a list", FORM_WRONG_TYPE },
        { "bird", "{\"nests\":[{\"warm\":true},7]}", "nests[1]", "must be an object",
            FORM_WRONG_TYPE },
        { "bird", "{\"nests\":[{\"warm\":true},{\"warm\":1}]}", "nests[1].warm",
            "must be true or false", FORM_WRONG_TYPE },
        { "bird", "[]", "", "must be an object", FORM_WRONG_TYPE },
        { "", "{\"a\":1}", "a", "is no member here; known: none", FORM_UNKNOWN_MEMBER },
        { "tags", "{\"colour\":\"red\"}", "colour", "a tag is short", FORM_WRONG_VALUE },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct form_fault fault = fault_of(rows[i].object, rows[i].json);

        assert_string_equal(fault.place, rows[i].place);
        assert_string_equal(fault.text, rows[i].text);
        assert_int_equal(fault.kind, rows[i].kind);
    }
}

static void
a_place_as_long_as_its_sender_likes_is_cut(void **state)
{
    char name[2000], json[2100];
    struct form_fault fault;

    (void)state;
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    snprintf(json, sizeof json, "{\"%s\":1}", name);
    fault = fault_of("bird", json);
    assert_int_equal(fault.kind, FORM_UNKNOWN_MEMBER);
    assert_int_equal(strlen(fault.place), sizeof fault.place - 1);
}

static void
an_example_has_what_its_members_have(void **state)
{
    cJSON *example = form_example(&form, "bird"), *tags = form_example(&form, "tags");
    char *text = cJSON_PrintUnformatted(example);

    (void)state;
    assert_string_equal(text,
        "{\"name\":\"robin\",\"weight\":0.02,\"song\":\"trill\",\"mate\":null,"
        "\"nests\":[{\"warm\":true,\"age\":\"3h\"}]}");
    assert_string_equal(fault_of("bird", text).text, "");
    cJSON_free(text);
    text = cJSON_PrintUnformatted(tags);
    assert_string_equal(text, "{\"ring\":\"7\"}");
    cJSON_free(text);
    cJSON_Delete(example);
    cJSON_Delete(tags);
}

static void
a_schema_says_the_same(void **state)
{
    cJSON *schema = form_schema(&form, "nest", "#/");
    char *text = cJSON_PrintUnformatted(schema);

    (void)state;
    assert_string_equal(text,
        "{\"type\":\"object\",\"properties\":{\"warm\":{\"type\":\"boolean\",\"description\":"
        "\"whether it "
        "is\"},\"age\":{\"type\":\"string\",\"pattern\":\"^(?!$)([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-"
        "9]+ms)?$\","
        "\"description\":\"of it\"}},\"required\":[\"warm\"],\"additionalProperties\":false}");
    cJSON_free(text);
    cJSON_Delete(schema);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_taken),
        cmocka_unit_test(what_does_not_is_refused_with_its_place),
        cmocka_unit_test(a_place_as_long_as_its_sender_likes_is_cut),
        cmocka_unit_test(an_example_has_what_its_members_have),
        cmocka_unit_test(a_schema_says_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
