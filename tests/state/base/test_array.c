#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/base/array.h"
#include "../../../state/base/hash.h"
#include "../../../state/base/memory.h"

static void
a_list_has_room_for_one_more_and_keeps_what_it_had(void **state)
{
    size_t capacity = 0, grown = 0;
    uint32_t *list = NULL;

    (void)state;
    for (size_t count = 0; count < 10000; count++) {
        size_t before = capacity;

        list = array_room(list, count, &capacity, sizeof *list);
        assert_true(capacity > count);
        grown += capacity != before;
        list[count] = (uint32_t)(3 * count);
    }
    assert_true(grown < 12);
    for (size_t i = 0; i < 10000; i++)
        assert_int_equal(list[i], 3 * i);
    free(list);
}

static void
new_memory_is_zero_and_a_copy_is_one_of_its_own(void **state)
{
    static const char zeros[100];
    char *memory = memory_new(sizeof zeros), text[] = "text", *copy = memory_text(text);

    (void)state;
    assert_memory_equal(memory, zeros, sizeof zeros);
    text[0] = 'n';
    assert_string_equal(copy, "text");
    free(copy);
    free(memory);
}

/* From the page of FNV's authors. */
static void
a_hash_is_fnv_1a_as_its_authors_print_it(void **state)
{
    (void)state;
    assert_true(hash_bytes("", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(hash_bytes("a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(hash_bytes("foobar", 6) == UINT64_C(0x85944171f73967e8));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_has_room_for_one_more_and_keeps_what_it_had),
        cmocka_unit_test(new_memory_is_zero_and_a_copy_is_one_of_its_own),
        cmocka_unit_test(a_hash_is_fnv_1a_as_its_authors_print_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
