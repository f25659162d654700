#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/base/array.h"
#include "../../../server/model/model.h"
#include "../../../server/model/pattern.h"

static bool
fits(const struct shape *shape, const char *text)
{
    return pattern_matches(shape->pattern, text, strlen(text));
}

static bool
fits_pattern(const char *java, const char *text)
{
    static struct pattern patterns[16]; /* kept, as the model's are */
    static size_t used;

    assert_true(used < COUNT(patterns));
    patterns[used].text = java;
    return pattern_matches(&patterns[used++], text, strlen(text));
}

static void
compile_all(const struct shape *shape)
{
    if (shape->pattern != NULL)
        pattern_matches(shape->pattern, "", 0);
    for (size_t i = 0; i < shape->member_count; i++)
        compile_all(shape->members[i].shape);
    if (shape->key != NULL)
        compile_all(shape->key);
    if (shape->element != NULL)
        compile_all(shape->element);
}

static void
every_pattern_of_the_model_compiles(void **state)
{
    (void)state;
    for (int i = 0; i < MODEL_OPERATION_COUNT; i++) {
        compile_all(model_operations[i].input);
        compile_all(model_operations[i].output);
    }
}

static void
a_pattern_must_match_the_whole_text(void **state)
{
    (void)state;
    assert_true(fits(&shape_ProjectName, "my-project_1.0"));
    assert_false(fits(&shape_ProjectName, "my project"));
    assert_false(fits(&shape_ProjectName, " project"));
    assert_false(fits(&shape_ProjectName, ""));
    assert_true(fits_pattern("a|ab", "ab"));
    assert_false(fits_pattern("a|ab", "abc"));
}

static void
a_newline_at_the_end_is_not_forgiven(void **state)
{
    (void)state;
    assert_false(fits(&shape_ProjectName, "project\n"));
    assert_false(fits(&shape_ClientRequestToken, "token\n"));
    assert_false(fits(&shape_DatasetEntry, "{}\n"));
    assert_true(fits(&shape_DatasetEntry, "{}"));
}

static void
a_dot_matches_all_but_the_line_terminators_of_java(void **state)
{
    static const char *const terminators[] = { "\n", "\r", "\xC2\x85", "\xE2\x80\xA8",
        "\xE2\x80\xA9" };

    (void)state;
    for (size_t i = 0; i < COUNT(terminators); i++)
        assert_false(fits(&shape_DatasetLabel, terminators[i]));
    assert_true(fits(&shape_DatasetLabel, "\v\f\t \xF0\x9F\x98\x80"));
    assert_true(fits_pattern("a[.]b\\.c.d", "a.b.cxd"));
    assert_false(fits_pattern("a[.]b\\.c.d", "axb.cxd"));
}

static void
digits_and_words_are_ascii_and_properties_are_not(void **state)
{
    (void)state;
    assert_false(fits_pattern("\\d", "\xD9\xA3")); /* ARABIC-INDIC DIGIT THREE */
    assert_false(fits_pattern("\\w", "\xC3\xA9"));
    assert_true(fits_pattern("\\S", "\xC2\xA0")); /* NO-BREAK SPACE is no \s in Java */
    assert_true(fits(&shape_TagKey, "\xC3\xA9t\xC3\xA9 \xD9\xA3"));
    assert_false(fits(&shape_TagKey, "a\tb"));
}

static void
a_tag_key_must_not_begin_with_aws(void **state)
{
    (void)state;
    assert_false(fits(&shape_TagKey, "aws:created"));
    assert_true(fits(&shape_TagKey, "aws-created"));
    assert_true(fits(&shape_TagKey, "my-aws:tag"));
}

static void
a_policy_document_is_latin(void **state)
{
    (void)state;
    assert_true(fits(&shape_ProjectPolicyDocument, "{\r\n\t\"Version\": \"\xC3\xBF\"}"));
    assert_false(fits(&shape_ProjectPolicyDocument, "\xC4\x80"));
    assert_false(fits(&shape_ProjectPolicyDocument, "\v"));
}

static void
arns_are_told_apart(void **state)
{
    static const char project[] =
        "arn:aws:rekognition:us-east-1:123456789012:project/p/1700000000000";
    static const char version[] =
        "arn:aws:rekognition:us-east-1:123456789012:project/p/version/v.1/1700000000000";

    (void)state;
    assert_true(fits(&shape_ProjectArn, project));
    assert_false(fits(&shape_ProjectArn, version));
    assert_true(fits(&shape_ProjectVersionArn, version));
    assert_false(fits(&shape_ProjectVersionArn, project));
}

static void
a_match_that_would_take_forever_is_none(void **state)
{
    (void)state;
    assert_false(
        fits_pattern("(a+)+", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"));
}

static void
a_text_of_megabytes_is_answered(void **state)
{
    size_t length = 4 << 20;
    char *text = malloc(length + 1);

    (void)state;
    memset(text, 'a', length);
    text[length] = '\0';
    assert_true(fits(&shape_ProjectName, text));
    assert_false(fits(&shape_ProjectArn, text));
    fits(&shape_HumanLoopName, text); /* too long anyway: either answer will do */
    memset(text, ' ', length);
    assert_false(fits(&shape_QueryString, text));
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pattern_of_the_model_compiles),
        cmocka_unit_test(a_pattern_must_match_the_whole_text),
        cmocka_unit_test(a_newline_at_the_end_is_not_forgiven),
        cmocka_unit_test(a_dot_matches_all_but_the_line_terminators_of_java),
        cmocka_unit_test(digits_and_words_are_ascii_and_properties_are_not),
        cmocka_unit_test(a_tag_key_must_not_begin_with_aws),
        cmocka_unit_test(a_policy_document_is_latin),
        cmocka_unit_test(arns_are_told_apart),
        cmocka_unit_test(a_match_that_would_take_forever_is_none),
        cmocka_unit_test(a_text_of_megabytes_is_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
