#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/base/glob.h"

#include "../../../state/base/array.h"

static void
globs_match_what_they_say(void **state)
{
    static const char *const matching[][2] = {
        { "", "" },
        { "abc", "abc" },
        { "*", "" },
        { "*", "a/b:c" },
        { "**", "" },
        { "a*", "a" },
        { "a*c", "abbbc" },
        { "a*c", "acbc" },
        { "*a*b*", "xxaxxbxx" },
        { "*ab", "aab" },
        { "*aab", "aaaab" },
        { "a?c", "abc" },
        { "a*?", "ab" },
        { "?*?", "ab" },
        { "*b?d*f", "abcdbxdef" },
        { "arn:aws:rekognition:*:*:project/*/version/*",
            "arn:aws:rekognition:us-east-1:123456789012:project/p/version/v/1" },
        { "rekognition:Describe*", "rekognition:DescribeProjects" },
        { "[a]", "[a]" },
        { "\\*", "\\anything" },
        { "*", "*" },
        { "a*b", "a*b" },
        { "\xc3\xa9?", "\xc3\xa9\xc3\xa9" },
        { "?", "\xf0\x9f\x90\xb6" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(matching); i++)
        if (!glob_matches(matching[i][0], matching[i][1]))
            fail_msg("%s should match %s", matching[i][0], matching[i][1]);
}

static void
globs_match_nothing_else(void **state)
{
    static const char *const different[][2] = {
        { "", "a" },
        { "a", "" },
        { "?", "" },
        { "*?", "" },
        { "abc", "abcd" },
        { "abcd", "abc" },
        { "ABC", "abc" },
        { "a?c", "ac" },
        { "a*c", "abcd" },
        { "*a*b", "ba" },
        { "??", "a" },
        { "[a]", "a" },
        { "\\*", "*" },
        { "project/*/version/*", "project/version/x" },
        { "??", "\xc3\xa9" },
        { "*?x", "\xc3\xa9" },
        { "*??", "\xc3\xa9" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(different); i++)
        if (glob_matches(different[i][0], different[i][1]))
            fail_msg("%s should not match %s", different[i][0], different[i][1]);
}

/* The obvious definition, exponential and right. */
static int
plainly_matches(const char *glob, const char *text)
{
    if (*glob == '\0')
        return *text == '\0';
    if (*glob == '*')
        return plainly_matches(glob + 1, text) || (*text && plainly_matches(glob, text + 1));
    return *text && (*glob == '?' || *glob == *text) && plainly_matches(glob + 1, text + 1);
}

/* The n-th string over the letters, as a number written with them. */
static void
spell(char out[16], unsigned n, const char *letters)
{
    size_t base = strlen(letters), length = 0;

    for (; n > 0; n = (n - 1) / (unsigned)base)
        out[length++] = letters[(n - 1) % base];
    out[length] = '\0';
}

static void
every_short_glob_agrees_with_the_definition_on_every_short_text(void **state)
{
    char glob[16], text[16];

    (void)state;
    for (unsigned g = 0; g < 1365; g++) /* up to five of four letters */
        for (unsigned t = 0; t < 127; t++) {
            spell(glob, g, "ab*?");
            spell(text, t, "ab");
            if (glob_matches(glob, text) != plainly_matches(glob, text))
                fail_msg("%s and %s", glob, text);
        }
}

/* Exponential backtracking would outlive us all. */
static void
a_wicked_glob_is_refused_at_once(void **state)
{
    char glob[2001], *text = malloc(20001);

    (void)state;
    for (int i = 0; i < 1999; i += 2)
        memcpy(glob + i, "*a", 2);
    memcpy(glob + 1999, "b", 2);
    memset(text, 'a', 20000);
    text[20000] = '\0';
    assert_false(glob_matches(glob, text));
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs_match_what_they_say),
        cmocka_unit_test(globs_match_nothing_else),
        cmocka_unit_test(every_short_glob_agrees_with_the_definition_on_every_short_text),
        cmocka_unit_test(a_wicked_glob_is_refused_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
