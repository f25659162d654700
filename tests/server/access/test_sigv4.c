#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/access/sigv4.h"

#include "../../../state/base/array.h"

/* S3 API Reference, Signature Calculations for the Authorization Header: its examples. */
#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define WHEN "20130524T000000Z"
#define HOST "examplebucket.s3.amazonaws.com"

static void
a_signature_is_that_of_the_published_examples(void **state)
{
    const struct sigv4_header get[] = { { "host", HOST }, { "range", "bytes=0-9" },
        { "x-amz-content-sha256", EMPTY }, { "x-amz-date", WHEN } };
    const struct sigv4_header put[] = { { "date", "Fri, 24 May 2013 00:00:00 GMT" },
        { "host", HOST },
        { "x-amz-content-sha256",
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072" },
        { "x-amz-date", WHEN }, { "x-amz-storage-class", "REDUCED_REDUNDANCY" } };
    const struct sigv4_header list[] = { { "host", HOST }, { "x-amz-content-sha256", EMPTY },
        { "x-amz-date", WHEN } };
    const struct sigv4_request requests[] = {
        { "GET", "/test.txt", "", get, COUNT(get), EMPTY, WHEN, "us-east-1", "s3" },
        { "PUT", "/test%24file.text", "", put, COUNT(put), put[2].value, WHEN, "us-east-1", "s3" },
        { "GET", "/", "max-keys=2&prefix=J", list, COUNT(list), EMPTY, WHEN, "us-east-1", "s3" },
    };
    static const char *const signatures[] = {
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    };
    char signature[SHA256_HEX_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        sigv4_sign(&requests[i], SECRET, signature);
        assert_string_equal(signature, signatures[i]);
    }
}

static void
spaces_in_a_header_count_once_and_none_at_its_ends(void **state)
{
    const struct sigv4_header tidy[] = { { "host", "h" }, { "x-amz-meta", "a b c" } };
    const struct sigv4_header loose[] = { { "host", " h" }, { "x-amz-meta", "  a  b   c " } };
    struct sigv4_request request = { "GET", "/", "", tidy, 2, EMPTY, WHEN, "eu-west-1", "s3" };
    char one[SHA256_HEX_SIZE], other[SHA256_HEX_SIZE];

    (void)state;
    sigv4_sign(&request, SECRET, one);
    request.headers = loose;
    sigv4_sign(&request, SECRET, other);
    assert_string_equal(one, other);
}

static void
what_is_not_plain_is_percent_encoded(void **state)
{
    char out[100];

    (void)state;
    sigv4_encode("a/b c+d~\xc3\xa9%", true, out);
    assert_string_equal(out, "a/b%20c%2Bd~%C3%A9%25");
    sigv4_encode("a/b=", false, out);
    assert_string_equal(out, "a%2Fb%3D");
}

static void
a_time_is_written_without_marks(void **state)
{
    char out[SIGV4_TIME_SIZE];

    (void)state;
    sigv4_time(INT64_C(1369353600123), out);
    assert_string_equal(out, WHEN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_that_of_the_published_examples),
        cmocka_unit_test(spaces_in_a_header_count_once_and_none_at_its_ends),
        cmocka_unit_test(what_is_not_plain_is_percent_encoded),
        cmocka_unit_test(a_time_is_written_without_marks),
    };

    return cmocka_run_group_tests_name("sigv4", tests, NULL, NULL);
}
