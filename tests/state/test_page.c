/* Tokens of pages: good for their list, for a day, over restarts, and for nobody who made them up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../state/base/array.h"
#include "../../state/page.h"
#include "../../state/step.h"
#include "../../state/store.h"
#include "../../state/world.h"
#include "../support/world.h"

#define DAY_MS (24 * HOUR_MS)

static int
open_world(void **state)
{
    *state = world_open(":memory:");
    return 0;
}

static int
close_world(void **state)
{
    store_close(*state);
    return 0;
}

static void
make_token(struct store *store, const char *list, int64_t after, int64_t id, char out[1024])
{
    step_begin(store, "test");
    snprintf(out, 1024, "%s", page_token(store, list, after, id));
    step_end(store, true);
}

static enum result
read_token(struct store *store, const char *list, const char *token, struct page *page)
{
    enum result result;

    step_begin(store, "test");
    result = page_open(store, list, token, page);
    step_end(store, true);
    return result;
}

static void
a_token_tells_the_place_that_it_was_made_for(void **state)
{
    static const int64_t places[] = { 0, 1, -1, WORLD_BEGIN_MS, INT64_MAX, INT64_MIN };
    struct page page;
    char token[1024];

    for (size_t i = 0; i < COUNT(places); i++) {
        make_token(*state, "list", places[i], places[COUNT(places) - 1 - i], token);
        assert_true(strlen(token) <= 1024 - 1);
        assert_int_equal(read_token(*state, "list", token, &page), RESULT_OK);
        assert_false(page.first);
        assert_true(page.after == places[i]);
    }
}

static void
no_token_and_an_empty_one_are_the_first_page(void **state)
{
    struct page page = { .first = false };

    assert_int_equal(read_token(*state, "list", NULL, &page), RESULT_OK);
    assert_true(page.first);
    page.first = false;
    assert_int_equal(read_token(*state, "list", "", &page), RESULT_OK);
    assert_true(page.first);
}

static void
a_token_is_good_for_no_other_list_and_no_other_world(void **state)
{
    struct store *other = world_open(":memory:");
    struct page page;
    char token[1024];

    make_token(*state, "list of one", 7, 7, token);
    assert_int_equal(read_token(*state, "list of two", token, &page), RESULT_PAGE_TOKEN);
    assert_int_equal(read_token(*state, "list of one", token, &page), RESULT_OK);
    assert_int_equal(read_token(other, "list of one", token, &page), RESULT_PAGE_TOKEN);
    store_close(other);
}

static void
a_token_that_was_touched_anywhere_is_refused(void **state)
{
    struct page page;
    char token[1024], touched[1024];

    make_token(*state, "list", WORLD_BEGIN_MS, 42, token);
    for (size_t i = 0; i < strlen(token); i++) {
        memcpy(touched, token, sizeof touched);
        touched[i] = token[i] == 'A' ? 'B' : 'A';
        if (read_token(*state, "list", touched, &page) != RESULT_PAGE_TOKEN)
            fail_msg("%s is as good as %s", touched, token);
        touched[i] = '\0';
        if (i > 0)
            assert_int_equal(read_token(*state, "list", touched, &page), RESULT_PAGE_TOKEN);
    }
    snprintf(touched, sizeof touched, "%sAAAA", token);
    assert_int_equal(read_token(*state, "list", touched, &page), RESULT_PAGE_TOKEN);
}

static void
a_token_is_honoured_for_a_day(void **state)
{
    struct page page;
    char token[1024];

    make_token(*state, "list", 1, 1, token);
    world_pass(*state, DAY_MS);
    assert_int_equal(read_token(*state, "list", token, &page), RESULT_OK);
    world_pass(*state, 1);
    assert_int_equal(read_token(*state, "list", token, &page), RESULT_PAGE_TOKEN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_token_tells_the_place_that_it_was_made_for, open_world,
            close_world),
        cmocka_unit_test_setup_teardown(no_token_and_an_empty_one_are_the_first_page, open_world,
            close_world),
        cmocka_unit_test_setup_teardown(a_token_is_good_for_no_other_list_and_no_other_world,
            open_world, close_world),
        cmocka_unit_test_setup_teardown(a_token_that_was_touched_anywhere_is_refused, open_world,
            close_world),
        cmocka_unit_test_setup_teardown(a_token_is_honoured_for_a_day, open_world, close_world),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
