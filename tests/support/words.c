/* make test T='some words': lets every cmocka program run only the tests with these words in
 * their names, in this order. No program has to do anything for it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

__attribute__((constructor)) static void
choose_tests(void)
{
    static char pattern[256];
    const char *words = getenv("TEST_WORDS");
    size_t n = 0;

    if (words == NULL || *words == '\0')
        return;
    pattern[n++] = '*';
    for (; *words != '\0' && n < sizeof pattern - 2; words++) {
        char c = *words;

        if (c == ' ' || c == '_')
            c = '*';
        pattern[n++] = c;
    }
    pattern[n++] = '*';
    cmocka_set_test_filter(pattern);
}
