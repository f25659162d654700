#include "talk.h"

#include <dirent.h>

#include "../../../state/base/array.h"

#define MEGABYTE 1048576

static char top[] = "/tmp/outbound-test-XXXXXX"; /* holds s3/, and a secret beside it */

static void
write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "wb");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int
set_up(void **state)
{
    char where[100];

    (void)state;
    strcpy(top, "/tmp/outbound-test-XXXXXX");
    assert_non_null(mkdtemp(top));
    assert_int_equal(chdir(top), 0);
    assert_int_equal(mkdir("s3", 0777) | mkdir("s3/bucket", 0777) | mkdir("s3/bucket/a", 0777), 0);
    write_file("secret", "secret");
    write_file("s3/bucket/a/b", "hello");
    snprintf(where, sizeof where, "dir:%s/s3", top);
    open_outbound(where);
    return 0;
}

static int
tear_down(void **state)
{
    char command[100];

    (void)state;
    close_outbound();
    snprintf(command, sizeof command, "rm -rf %s", top);
    assert_int_equal(chdir("/"), 0);
    return system(command);
}

/* How many entries a folder has; an unfinished file would be one. */
static int
entries(const char *folder)
{
    DIR *dir = opendir(folder);
    int count = 0;

    assert_non_null(dir);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count - 2;
}

static void
make_large(const char *name, size_t size)
{
    int file = open(name, O_CREAT | O_WRONLY, 0666);

    assert_int_equal(ftruncate(file, (off_t)size), 0);
    close(file);
}

/* ---- reading ---------------------------------------------------------------- */

static void
an_object_is_the_file_of_its_bucket_and_key(void **state)
{
    struct outcome head = head_key("a/b");

    (void)state;
    assert_bytes(get_key("a/b"), "hello");
    assert_int_equal(head.size, 5);
    assert_int_equal(head.etag[0], '"');
    write_file("s3/bucket/a/b", "");
    assert_bytes(get_key("a/b"), "");
    assert_string_not_equal(head_key("a/b").etag, head.etag);
}

static void
keys_may_be_odd(void **state)
{
    static const char *const keys[] = { "a b+c%20d", "\xc3\xbc", "back\\slash", "new\nline", "...",
        "a/.hidden", "-rf", "q?x=1#y", "a/\"quoted\"" };

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        assert_int_equal(put("bucket", keys[i], keys[i]).result, S3_OK);
        assert_bytes(get_key(keys[i]), keys[i]);
    }
}

/* Two names of this many bytes with the same beginning and end. */
static void
make_long_key(char *key, char letter, size_t length, const char *ending)
{
    memset(key, 'n', length);
    key[length / 2] = letter;
    strcpy(key + length, ending);
}

static void
a_name_longer_than_a_file_can_have_is_kept_under_one_that_fits(void **state)
{
    static const size_t lengths[] = { 250, 251, 300, 900 };
    char one[1024], other[1024];

    (void)state;
    for (size_t i = 0; i < COUNT(lengths); i++) {
        make_long_key(one, 'a', lengths[i], ".json");
        make_long_key(other, 'b', lengths[i], ".json");
        assert_int_equal(put("bucket", one, "one").result, S3_OK);
        assert_int_equal(get_key(other).result, S3_NO_SUCH_KEY);
        assert_int_equal(put("bucket", other, "other").result, S3_OK);
        assert_bytes(get_key(one), "one");
        assert_bytes(get_key(other), "other");
    }
    make_long_key(one, 'a', 300, "/in it");
    assert_int_equal(put("bucket", one, "folder").result, S3_OK);
    assert_bytes(get_key(one), "folder");
    memset(one, 0xc3, 600);
    for (size_t i = 1; i < 600; i += 2)
        one[i] = (char)0xbc;
    one[600] = '\0';
    assert_int_equal(put("bucket", one, "wide").result, S3_OK);
    assert_bytes(get_key(one), "wide");
}

static void
what_is_not_there_is_told_apart(void **state)
{
    struct s3_object object = object_of("bucket-2", "a/b");

    (void)state;
    assert_int_equal(get(&object, INT64_MAX).result, S3_NO_SUCH_BUCKET);
    assert_int_equal(get_key("a/c").result, S3_NO_SUCH_KEY);
    assert_int_equal(get_key("a/b/c").result, S3_NO_SUCH_KEY);
    assert_int_equal(get_key("a").result, S3_NO_SUCH_KEY);
    object = object_of("bucket", "a/b");
    object.version = "v2";
    assert_int_equal(get(&object, INT64_MAX).result, S3_NO_SUCH_KEY);
    object.version = "null";
    assert_bytes(get(&object, INT64_MAX), "hello");
}

static void
a_large_object_comes_in_pieces(void **state)
{
    struct outcome outcome;

    (void)state;
    make_large("s3/bucket/large", 5 * MEGABYTE + 1);
    outcome = get_key("large");
    assert_int_equal(outcome.result, S3_OK);
    assert_int_equal(outcome.length, 5 * MEGABYTE + 1);
    assert_int_equal(outcome.size, 5 * MEGABYTE + 1);
    assert_true(outcome.pieces > 80);
    free(outcome.bytes);
}

static void
an_object_larger_than_wanted_is_not_read(void **state)
{
    struct s3_object object = object_of("bucket", "a/b");
    struct outcome outcome = get(&object, 4);

    (void)state;
    assert_int_equal(outcome.result, S3_TOO_LARGE);
    assert_int_equal(outcome.pieces, 0);
    assert_bytes(get(&object, 5), "hello");
}

/* ---- what leads out ------------------------------------------------------------ */

static void
nothing_leads_out_of_the_directory(void **state)
{
    static const char *const keys[] = { "../../secret", "../secret", "a/../../../secret", "..", ".",
        "/etc/passwd", "a//b", "./a/b", "a/./b", "a/b/", "", "/", "a/..", "a/../a/b" };
    static const char *const buckets[] = { "..", ".", "", "/etc", "../..", "bucket/a", "...", "s3",
        "-bucket", "bu cket" };

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        assert_int_equal(get_key(keys[i]).result, S3_MISNAMED);
        assert_int_equal(put("bucket", keys[i], "x").result, S3_MISNAMED);
    }
    for (size_t i = 0; i < COUNT(buckets); i++) {
        struct s3_object object = object_of(buckets[i], "secret");

        assert_int_equal(get(&object, INT64_MAX).result, S3_MISNAMED);
        assert_int_equal(put(buckets[i], "secret", "x").result, S3_MISNAMED);
    }
    assert_int_equal(entries("."), 2);
}

static void
no_link_is_followed(void **state)
{
    char absolute[100];
    struct s3_object object = object_of("linked", "secret");

    (void)state;
    snprintf(absolute, sizeof absolute, "%s/secret", top);
    assert_int_equal(symlink(absolute, "s3/bucket/absolute"), 0);
    assert_int_equal(symlink("../../secret", "s3/bucket/relative"), 0);
    assert_int_equal(symlink("../..", "s3/bucket/up"), 0);
    assert_int_equal(symlink("..", "s3/linked"), 0);
    assert_int_equal(symlink("loop", "s3/bucket/loop"), 0);
    assert_int_equal(get_key("absolute").result, S3_NO_SUCH_KEY);
    assert_int_equal(get_key("relative").result, S3_NO_SUCH_KEY);
    assert_int_equal(get_key("up/secret").result, S3_NO_SUCH_KEY);
    assert_int_equal(get_key("loop").result, S3_NO_SUCH_KEY);
    assert_int_equal(get(&object, INT64_MAX).result, S3_NO_SUCH_BUCKET);
    assert_int_equal(put("bucket", "up/new", "x").result, S3_MISNAMED);
    assert_int_equal(put("linked", "new", "x").result, S3_NO_SUCH_BUCKET);
    assert_int_equal(entries("."), 2);
}

static void
writing_over_a_link_replaces_the_link(void **state)
{
    (void)state;
    assert_int_equal(symlink("../../secret", "s3/bucket/relative"), 0);
    assert_int_equal(put("bucket", "relative", "new").result, S3_OK);
    assert_bytes(get_key("relative"), "new");
    assert_int_equal(rename("secret", "s3/bucket/kept"), 0);
    assert_bytes(get_key("kept"), "secret");
}

static void
what_is_no_file_is_no_object_and_holds_nobody_up(void **state)
{
    (void)state;
    assert_int_equal(mkfifo("s3/bucket/pipe", 0666), 0);
    assert_int_equal(get_key("pipe").result, S3_NO_SUCH_KEY);
    assert_int_equal(get_key("a").result, S3_NO_SUCH_KEY);
}

static void
names_too_long_for_a_key_are_of_no_object(void **state)
{
    char key[1100];

    (void)state;
    memset(key, 'x', sizeof key);
    key[1025] = '\0';
    assert_int_equal(get_key(key).result, S3_MISNAMED);
    assert_int_equal(put("bucket", key, "x").result, S3_MISNAMED);
    key[1024] = '\0';
    assert_int_equal(get_key(key).result, S3_NO_SUCH_KEY);
    assert_int_equal(put("bucket", key, "x").result, S3_OK);
}

/* ---- writing ---------------------------------------------------------------------- */

static void
writing_makes_the_folders_it_needs(void **state)
{
    struct s3_object object = object_of("new-bucket", "x/y/z.json");
    struct outcome outcome = put("new-bucket", "x/y/z.json", "{}");

    (void)state;
    assert_int_equal(outcome.result, S3_OK);
    assert_int_equal(outcome.size, 2);
    assert_bytes(get(&object, INT64_MAX), "{}");
    assert_int_equal(entries("s3/new-bucket/x/y"), 1);
}

static void
a_file_is_written_as_it_is(void **state)
{
    struct s3_object object = object_of("bucket", "copy");
    struct s3_body body = { .content_type = "image/png" };
    struct outcome outcome = { 0 };

    (void)state;
    make_large("source", 3 * MEGABYTE);
    body.file = open("source", O_RDONLY);
    s3_put(outbound, &object, &body, on_done, &outcome);
    assert_int_equal(outcome_wait(&outcome).result, S3_OK);
    assert_int_equal(head_key("copy").size, 3 * MEGABYTE);
}

static void
what_cannot_be_written_leaves_nothing(void **state)
{
    (void)state;
    assert_int_equal(put("bucket", "a", "x").result, S3_MISNAMED);
    assert_int_equal(put("bucket", "a/b/c", "x").result, S3_MISNAMED);
    assert_int_equal(entries("s3/bucket"), 1);
    assert_int_equal(entries("s3/bucket/a"), 1);
    assert_bytes(get_key("a/b"), "hello");
}

static void
an_unfinished_object_is_never_seen(void **state)
{
    struct s3_object object = object_of("bucket", "large");
    struct s3_body body = { .content_type = "text/plain" };
    struct outcome outcome = { 0 };
    struct s3_request *request;

    (void)state;
    make_large("source", 300 * (size_t)MEGABYTE);
    body.file = open("source", O_RDONLY);
    request = s3_put(outbound, &object, &body, on_done, &outcome);
    assert_int_equal(outbound_pending(outbound), 1);
    s3_cancel(request);
    while (outbound_pending(outbound) > 0)
        turn();
    assert_int_equal(outcome.done, 0);
    assert_int_equal(head_key("large").result, S3_NO_SUCH_KEY);
    assert_int_equal(entries("s3/bucket"), 1);
}

/* ---- flow -------------------------------------------------------------------------- */

static void
a_reader_stops_when_it_has_enough(void **state)
{
    struct s3_object object = object_of("bucket", "large");
    struct outcome outcome = { .stop_at = 3 };

    (void)state;
    make_large("s3/bucket/large", 10 * MEGABYTE);
    s3_get(outbound, &object, INT64_MAX, on_piece, on_done, &outcome);
    outcome_wait(&outcome);
    assert_int_equal(outcome.result, S3_STOPPED);
    assert_int_equal(outcome.pieces, 3);
    free(outcome.bytes);
}

static void
a_reader_that_holds_gets_nothing_and_others_do(void **state)
{
    struct s3_object object = object_of("bucket", "large");
    struct outcome held = { 0 };
    struct s3_request *request;
    int pieces;

    (void)state;
    make_large("s3/bucket/large", 10 * MEGABYTE);
    request = s3_get(outbound, &object, INT64_MAX, on_piece, on_done, &held);
    while (held.pieces < 2)
        turn();
    s3_hold(request);
    pieces = held.pieces;
    for (int i = 0; i < 20; i++) {
        struct outcome other = { 0 };
        struct s3_object small = object_of("bucket", "a/b");

        s3_get(outbound, &small, 100, on_piece, on_done, &other);
        while (other.done == 0)
            turn();
        assert_bytes(other, "hello");
    }
    assert_int_equal(held.pieces, pieces);
    s3_release(request);
    assert_int_equal(outcome_wait(&held).length, 10 * MEGABYTE);
    free(held.bytes);
}

static void
a_cancelled_request_is_not_heard_of_again(void **state)
{
    struct s3_object object = object_of("bucket", "large");
    struct outcome outcomes[3] = { { 0 } };
    struct s3_request *requests[3];

    (void)state;
    make_large("s3/bucket/large", 10 * MEGABYTE);
    for (int i = 0; i < 3; i++)
        requests[i] = s3_get(outbound, &object, INT64_MAX, on_piece, on_done, &outcomes[i]);
    s3_cancel(requests[0]); /* before it began */
    while (outcomes[1].pieces == 0)
        turn();
    s3_hold(requests[1]);
    s3_cancel(requests[1]);
    while (outbound_pending(outbound) > 0)
        turn();
    assert_int_equal(outcomes[0].done + outcomes[1].done, 0);
    assert_int_equal(outcomes[2].done, 1);
    assert_int_equal(outcomes[2].result, S3_OK);
    for (int i = 0; i < 3; i++)
        free(outcomes[i].bytes);
}

static void
closing_ends_every_request(void **state)
{
    struct s3_object object = object_of("bucket", "large");
    struct outcome outcomes[100] = { { 0 } };

    (void)state;
    make_large("s3/bucket/large", 10 * MEGABYTE);
    for (int i = 0; i < 100; i++)
        s3_get(outbound, &object, INT64_MAX, on_piece, on_done, &outcomes[i]);
    turn();
    outbound_close(outbound);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(outcomes[i].done, 1);
        assert_int_equal(outcomes[i].result, S3_STOPPED);
        free(outcomes[i].bytes);
    }
    outbound = NULL;
}

static void
a_place_that_is_not_there_is_refused(void **state)
{
    char why[300], where[100];

    (void)state;
    assert_false(s3_where_fits("dir:/no/such/directory", why, sizeof why));
    snprintf(where, sizeof where, "dir:%s/secret", top);
    assert_false(s3_where_fits(where, why, sizeof why));
    assert_false(s3_where_fits("dir:", why, sizeof why));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_object_is_the_file_of_its_bucket_and_key),
        TEST(keys_may_be_odd),
        TEST(a_name_longer_than_a_file_can_have_is_kept_under_one_that_fits),
        TEST(what_is_not_there_is_told_apart),
        TEST(a_large_object_comes_in_pieces),
        TEST(an_object_larger_than_wanted_is_not_read),
        TEST(nothing_leads_out_of_the_directory),
        TEST(no_link_is_followed),
        TEST(writing_over_a_link_replaces_the_link),
        TEST(what_is_no_file_is_no_object_and_holds_nobody_up),
        TEST(names_too_long_for_a_key_are_of_no_object),
        TEST(writing_makes_the_folders_it_needs),
        TEST(a_file_is_written_as_it_is),
        TEST(what_cannot_be_written_leaves_nothing),
        TEST(an_unfinished_object_is_never_seen),
        TEST(a_reader_stops_when_it_has_enough),
        TEST(a_reader_that_holds_gets_nothing_and_others_do),
        TEST(a_cancelled_request_is_not_heard_of_again),
        TEST(closing_ends_every_request),
        TEST(a_place_that_is_not_there_is_refused),
    };

    return cmocka_run_group_tests_name("outbound_directory", tests, NULL, NULL);
}
