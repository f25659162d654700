/* ARNs: whose a thing is, and what kind of thing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/base/arn.h"
#include "../../../state/resource.h"

#include "../../../state/base/array.h"

#define OURS "arn:aws:rekognition:us-east-1:123456789012:"

static void
arns_of_ours_are_told_apart(void **state)
{
    static const struct {
        const char *arn;
        enum resource resource;
    } arns[] = {
        { OURS "project/birds/1", RESOURCE_project },
        { OURS "project/birds/1893456000000", RESOURCE_project },
        { OURS "project/version/1", RESOURCE_project },
        { OURS "project/dataset/1", RESOURCE_project },
        { OURS "project/1/1", RESOURCE_project },
        { OURS "project/birds/version/v1/1", RESOURCE_project_version },
        { OURS "project/version/version/version/1", RESOURCE_project_version },
        { OURS "project/birds/version/birds.2021-07-11T12.00.00/1", RESOURCE_project_version },
        { OURS "project/birds/dataset/train/1", RESOURCE_dataset },
        { OURS "project/birds/dataset/test/1", RESOURCE_dataset },
    };
    struct scope scope;

    (void)state;
    for (size_t i = 0; i < COUNT(arns); i++) {
        memset(&scope, 0, sizeof scope);
        if (resource_of_arn(arns[i].arn, &scope) != arns[i].resource)
            fail_msg("%s", arns[i].arn);
        assert_string_equal(scope.account, "123456789012");
        assert_string_equal(scope.region, "us-east-1");
    }
}

static void
everything_else_is_not_ours(void **state)
{
    static const char *const arns[] = {
        "",
        "arn",
        "arn:aws:rekognition:us-east-1",
        "arn:aws:s3:::bucket",
        "arn::rekognition:us-east-1:123456789012:project/birds/1",
        "arn:aws:rekognition::123456789012:project/birds/1",
        "arn:aws:rekognition:us-east-1::project/birds/1",
        "arn:aws:rekognition:us-east-1:12345678901:project/birds/1",
        "arn:aws:rekognition:us-east-1:1234567890123:project/birds/1",
        "arn:aws:rekognition:us-east-1:12345678901x:project/birds/1",
        OURS "album/faces",
        OURS "project/birds",
        OURS "project/birds/",
        OURS "project//1",
        OURS "project/birds/x",
        OURS "project/birds/1/",
        OURS "project/birds/version/v1",
        OURS "project/birds/version/v1/",
        OURS "project/birds/version//1",
        OURS "project/birds/version/v1/x",
        OURS "project/birds/dataset/other/1",
        OURS "project/birds/dataset/TRAIN/1",
        OURS "project/birds/dataset/train/",
        " " OURS "project/birds/1",
        OURS "project/birds/1 ",
    };
    struct scope scope;

    (void)state;
    for (size_t i = 0; i < COUNT(arns); i++)
        if (resource_of_arn(arns[i], &scope) != RESOURCE_NONE)
            fail_msg("%s", arns[i]);
}

static void
parts_that_are_too_long_are_not_ours(void **state)
{
    char part[301], arn[1024];
    struct scope scope;

    (void)state;
    memset(part, 'x', sizeof part - 1);
    part[sizeof part - 1] = '\0';
    snprintf(arn, sizeof arn, "arn:aws:rekognition:%s:123456789012:project/birds/1", part);
    assert_int_equal(resource_of_arn(arn, &scope), RESOURCE_NONE);
    snprintf(arn, sizeof arn, OURS "project/%s/1", part);
    assert_int_equal(resource_of_arn(arn, &scope), RESOURCE_NONE);
    snprintf(arn, sizeof arn, OURS "project/birds/version/%s/1", part);
    assert_int_equal(resource_of_arn(arn, &scope), RESOURCE_NONE);
}

static void
a_partition_follows_from_the_region(void **state)
{
    (void)state;
    assert_string_equal(arn_partition("us-east-1"), "aws");
    assert_string_equal(arn_partition("cn-north-1"), "aws-cn");
    assert_string_equal(arn_partition("us-gov-west-1"), "aws-us-gov");
    assert_string_equal(arn_partition(""), "aws");
}

static void
an_account_is_twelve_digits(void **state)
{
    (void)state;
    assert_true(account_is_valid("000000000000"));
    assert_false(account_is_valid("00000000000"));
    assert_false(account_is_valid("0000000000000"));
    assert_false(account_is_valid("00000000000a"));
    assert_false(account_is_valid(""));
}

static void
a_local_arn_is_seen_wherever_it_stands(void **state)
{
    (void)state;
    assert_true(arn_shows_local(OURS "local/user/ann"));
    assert_true(arn_shows_local("{\"Message\":\"arn: arn:aws: " OURS "local/user/ann is gone\"}"));
    assert_true(arn_shows_local("[\"" OURS "project/a/1\",\"" OURS "local/\"]"));
    assert_false(arn_shows_local(""));
    assert_false(arn_shows_local("arn:"));
    assert_false(arn_shows_local("local/user/ann"));
    assert_false(arn_shows_local(OURS "project/local/1"));
    assert_false(arn_shows_local("arn:aws:s3:us-east-1:123456789012:local/user/ann"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arns_of_ours_are_told_apart),
        cmocka_unit_test(everything_else_is_not_ours),
        cmocka_unit_test(parts_that_are_too_long_are_not_ours),
        cmocka_unit_test(a_partition_follows_from_the_region),
        cmocka_unit_test(an_account_is_twelve_digits),
        cmocka_unit_test(a_local_arn_is_seen_wherever_it_stands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
