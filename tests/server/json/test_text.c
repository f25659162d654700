#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../../server/json/text.h"

#include "../../../state/base/array.h"

static void
what_is_no_character_is_mended(void **state)
{
    static const struct {
        const char *text, *mended;
    } rows[] = {
        { "", "" },
        { "plain", "plain" },
        { "gr\xC3\xB6\xC3\x9F"
          "e \xE2\x82\xAC \xF0\x9F\x98\x80",
            "gr\xC3\xB6\xC3\x9F"
            "e \xE2\x82\xAC \xF0\x9F\x98\x80" },
        { "cut \xC3", "cut ?" },
        { "cut \xE2\x82", "cut ??" },
        { "cut \xF0\x9F\x98", "cut ???" },
        { "\xFF\xFE", "??" },
        { "too long \xC0\xAF", "too long ??" },
        { "a surrogate \xED\xA0\x80", "a surrogate ???" },
        { "beyond \xF4\x90\x80\x80", "beyond ????" },
        { "\x80 first", "? first" },
    };
    char text[64];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        snprintf(text, sizeof text, "%s", rows[i].text);
        text_mend(text);
        assert_string_equal(text, rows[i].mended);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_character_is_mended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
