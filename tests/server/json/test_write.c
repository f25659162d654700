/* JSON as it is written: what stands where, and what ends what. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../server/json/write.h"

static void
check(struct written *written, const char *wanted)
{
    assert_string_equal(written_end(written), wanted);
    assert_int_equal(written->text.length, strlen(wanted));
    free(written->text.bytes);
}

static void
members_stand_in_the_order_in_which_they_are_said(void **state)
{
    struct written written = { .depth = 0 };
    struct part whole = written_object(&written);

    (void)state;
    set_text(whole, "T", "birds");
    set_text(whole, "Absent", NULL);
    set_json(whole, "Absent", NULL);
    set_int(whole, "I", INT64_MIN);
    set_flag(whole, "F", false);
    set_time(whole, "At", 1533422155042);
    set_time(whole, "Before", -1);
    set_float(whole, "R", 99.99999);
    set_json(whole, "J", "{\"a\":[1, 2]}");
    check(&written, "{\"T\":\"birds\",\"I\":-9223372036854775808,\"F\":false,\"At\":1533422155.042,"
                    "\"Before\":-0.001,\"R\":99.99999237060547,\"J\":{\"a\":[1, 2]}}");
}

static void
to_write_into_a_part_ends_what_is_open_inside_of_it(void **state)
{
    struct written written = { .depth = 0 };
    struct part whole = written_object(&written), list = set_list(whole, "L");

    (void)state;
    set_int(set_object(set_object(add_object(list), "A"), "B"), "C", 1);
    add_text(set_list(add_object(list), "E"), "x");
    add_object(list);
    set_object(whole, "O");
    set_list(whole, "N");
    set_members(set_object(whole, "M"), "", 0);
    set_members(whole, "\"P\":1,\"Q\":2", 11);
    set_int(whole, "Z", 3);
    check(&written,
        "{\"L\":[{\"A\":{\"B\":{\"C\":1}}},{\"E\":[\"x\"]},{}],\"O\":{},\"N\":[],\"M\":{},"
        "\"P\":1,\"Q\":2,\"Z\":3}");
}

static void
strings_have_the_escapes_that_they_need(void **state)
{
    struct written written = { .depth = 0 };

    (void)state;
    set_text(written_object(&written), "T", "\"q\" \\ / \b\f\n\r\t \x01\x1f \x7f \xC3\xA9");
    check(&written, "{\"T\":\"\\\"q\\\" \\\\ / \\b\\f\\n\\r\\t \\u0001\\u001f \x7f \xC3\xA9\"}");
}

static void
what_is_begun_anew_has_nothing_of_before(void **state)
{
    struct written written = { .depth = 0 };

    (void)state;
    add_object(set_list(written_object(&written), "L"));
    set_int(written_object(&written), "I", 1);
    check(&written, "{\"I\":1}");
}

static void
write_into_what_is_closed(void)
{
    struct written written = { .depth = 0 };
    struct part list = set_list(written_object(&written), "L");
    struct part first = add_object(list);

    add_object(list);
    set_int(first, "I", 1);
}

static void
what_is_closed_stays_closed(void **state)
{
    pid_t child = fork();
    int status;

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
        close(STDERR_FILENO);
        signal(SIGABRT, SIG_DFL);
        write_into_what_is_closed();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_stand_in_the_order_in_which_they_are_said),
        cmocka_unit_test(to_write_into_a_part_ends_what_is_open_inside_of_it),
        cmocka_unit_test(strings_have_the_escapes_that_they_need),
        cmocka_unit_test(what_is_begun_anew_has_nothing_of_before),
        cmocka_unit_test(what_is_closed_stays_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
