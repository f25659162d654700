#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../server/access/policy.h"
#include "../../../server/access/policy_check.h"

#include "../../../state/base/array.h"

#define VERSIONS "arn:aws:rekognition:us-east-1:111111111111:project/my_project/version/"
#define PROJECT "arn:aws:rekognition:us-east-1:111111111111:project/my_project/1627045542000"
#define MODEL VERSIONS "test_1/1627045542080"

/* The parts of a statement in which nothing is wrong. */
#define EFFECT "\"Effect\":\"Allow\","
#define PRINCIPAL "\"Principal\":{\"AWS\":\"222222222222\"},"
#define ACTION "\"Action\":\"rekognition:CopyProjectVersion\","
#define RESOURCE "\"Resource\":\"" MODEL "\""
#define STATEMENT "{" EFFECT PRINCIPAL ACTION RESOURCE "}"

#define DOCUMENT(statement) "{\"Version\":\"2012-10-17\",\"Statement\":" statement "}"
#define WITH_EFFECT(effect) DOCUMENT("{\"Effect\":" effect "," PRINCIPAL ACTION RESOURCE "}")
#define WITH_PRINCIPAL(principal) \
    DOCUMENT("{" EFFECT "\"Principal\":" principal "," ACTION RESOURCE "}")
#define WITH_AWS(principal) WITH_PRINCIPAL("{\"AWS\":" principal "}")
#define WITH_ACTION(action) DOCUMENT("{" EFFECT PRINCIPAL "\"Action\":" action "," RESOURCE "}")
#define WITH_RESOURCE(resource) DOCUMENT("{" EFFECT PRINCIPAL ACTION "\"Resource\":" resource "}")
#define WITH(members) DOCUMENT("{" members "," EFFECT PRINCIPAL ACTION RESOURCE "}")
#define WITH_CONDITION(condition) WITH("\"Condition\":" condition)

/* ---- what PutProjectPolicy takes ---- */

static const char *const accepted[] = {
    /* the sample of the Developer Guide */
    "{\n  \"Version\":\"2012-10-17\",\t\t \t \n  \"Statement\":[\n    {\n      "
    "\"Effect\":\"Allow\",\n"
    "      \"Principal\":{\n        \"AWS\":\"arn:aws:iam::111111111111:role/Admin\"\n      },\n"
    "      \"Action\":\"rekognition:CopyProjectVersion\",\n      \"Resource\":\"" MODEL
    "\"\n    }\n"
    "  ]\n}",
    DOCUMENT(STATEMENT),
    DOCUMENT("[" STATEMENT "]"),
    DOCUMENT("[" STATEMENT "," STATEMENT "]"),
    "{\"Version\":\"2008-10-17\",\"Statement\":[" STATEMENT "]}",
    "{\"Statement\":[" STATEMENT "]}",
    "{\"Id\":\"of me\",\"Statement\":[" STATEMENT "]}",
    WITH_EFFECT("\"Deny\""),
    WITH_EFFECT("\"ALLOW\""),
    WITH_EFFECT("\"DENY\""),
    WITH_PRINCIPAL("\"*\""),
    WITH_AWS("\"*\""),
    WITH_AWS("[\"222222222222\",\"arn:aws:iam::333333333333:root\"]"),
    WITH_AWS("\"arn:aws:iam::222222222222:user/division/team/Bob\""),
    WITH_AWS("\"arn:aws:iam::222222222222:role/service-role/Copier\""),
    WITH_AWS("\"arn:aws:sts::222222222222:assumed-role/Copier/session\""),
    WITH_AWS("\"arn:aws:sts::222222222222:federated-user/Bob\""),
    WITH_AWS("\"arn:aws-cn:iam::222222222222:root\""),
    WITH_PRINCIPAL("{\"Service\":\"sagemaker.amazonaws.com\"}"),
    WITH_PRINCIPAL("{\"AWS\":[\"222222222222\"],\"Service\":[\"ec2.amazonaws.com\"]}"),
    WITH_PRINCIPAL("{\"Federated\":\"arn:aws:iam::222222222222:saml-provider/x\"}"),
    WITH_PRINCIPAL("{\"CanonicalUser\":\"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8\"}"),
    WITH_ACTION("[\"rekognition:CopyProjectVersion\"]"),
    WITH_ACTION("\"Rekognition:copyprojectversion\""),
    WITH_RESOURCE("\"" VERSIONS "*\""),
    WITH_RESOURCE("[\"" VERSIONS "*\",\"" MODEL "\"]"),
    WITH_RESOURCE("\"" VERSIONS "release-?.*/*\""),
    WITH_RESOURCE("\"*\""),
    WITH_RESOURCE("[\"" MODEL "\",\"*\"]"),
    /* what public programs attach: everyone, if it is this one; and the example of ListProjectPolicies */
    DOCUMENT("[{" EFFECT "\"Principal\":\"*\"," ACTION "\"Resource\":\"*\","
             "\"Condition\":{\"ArnEquals\":{\"aws:PrincipalArn\":"
             "\"arn:aws:iam::222222222222:role/Admin\"}}}]"),
    DOCUMENT("[{" EFFECT "\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"}," ACTION
             "\"Resource\":\"*\"}]"),
    WITH("\"Sid\":\"Copies for test accounts\""),
    DOCUMENT("[{\"Sid\":\"1\"," EFFECT PRINCIPAL ACTION RESOURCE "},"
             "{\"Sid\":\"2\"," EFFECT PRINCIPAL ACTION RESOURCE "}]"),
    DOCUMENT("[{\"Sid\":\"\"," EFFECT PRINCIPAL ACTION RESOURCE "},"
             "{\"Sid\":\"\"," EFFECT PRINCIPAL ACTION RESOURCE "}]"),
    WITH_CONDITION("{}"),
    WITH_CONDITION("{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-1234\"}}"),
    WITH_CONDITION("{\"ForAnyValue:StringLikeIfExists\":{\"aws:TagKeys\":[\"a*\",\"b\"]}}"),
    WITH_CONDITION("{\"Bool\":{\"aws:SecureTransport\":true},\"IpAddress\":{\"aws:SourceIp\":"
                   "\"10.0.0.0/8\"},\"NumericLessThan\":{\"x:y\":7}}"),
    WITH_CONDITION("{\"Null\":{\"aws:TokenIssueTime\":\"true\"}}"),
};

static const struct {
    const char *document, *why;
} refused[] = {
    { "", "it is no JSON object, or has two members of one name (documented)" },
    { "'" DOCUMENT(STATEMENT) "'", "it is no JSON object" },
    { "[]", "it is no JSON object" },
    { "\"Allow\"", "it is no JSON object" },
    { "null", "it is no JSON object" },
    { DOCUMENT(STATEMENT) "}", "it is no JSON object" },
    { DOCUMENT("{" EFFECT EFFECT PRINCIPAL ACTION RESOURCE "}"),
        "it is no JSON object, or has two" },
    { "{}", "Statement is missing (documented)" },
    { "{\"Version\":\"2012-10-17\"}", "Statement is missing" },
    { "{\"Version\":\"2012-10-18\",\"Statement\":" STATEMENT "}", "Version is neither" },
    { "{\"Version\":20121017,\"Statement\":" STATEMENT "}", "Version is neither" },
    { "{\"Version\":null,\"Statement\":" STATEMENT "}", "Version is neither" },
    { "{\"version\":\"2012-10-17\",\"Statement\":" STATEMENT "}",
        "there is a member that no policy" },
    { "{\"Id\":7,\"Statement\":" STATEMENT "}", "Id is no string" },
    { DOCUMENT("[]"), "there is no statement" },
    { DOCUMENT("\"x\""), "statement 1: it is no object" },
    { DOCUMENT("[" STATEMENT ",[]]"), "statement 2: it is no object" },
    { DOCUMENT("{}"), "statement 1: Effect is missing (documented)" },
    { DOCUMENT("{" PRINCIPAL ACTION RESOURCE "}"), "statement 1: Effect is missing" },
    { DOCUMENT("{" EFFECT ACTION RESOURCE "}"), "statement 1: Principal is missing" },
    { DOCUMENT("{" EFFECT PRINCIPAL RESOURCE "}"), "statement 1: Action is missing" },
    { DOCUMENT("[" STATEMENT ",{" EFFECT ACTION "\"Principal\":\"*\"}]"),
        "statement 2: Resource is missing" },
    { WITH("\"NotAction\":\"x\""), "statement 1: NotAction is prohibited (documented)" },
    { WITH("\"NotPrincipal\":\"*\""), "statement 1: NotPrincipal is prohibited" },
    { WITH("\"NotResource\":\"x\""), "statement 1: NotResource is prohibited" },
    { WITH("\"Comment\":\"x\""), "statement 1: there is a member that no policy has (guess)" },
    { WITH_EFFECT("\"Audit\""), "statement 1: Effect is neither" },
    { WITH_EFFECT("\"\""), "statement 1: Effect is neither" },
    { WITH_EFFECT("true"), "statement 1: Effect is neither" },
    { WITH_PRINCIPAL("\"222222222222\""), "statement 1: Principal is neither" },
    { WITH_PRINCIPAL("{}"), "statement 1: Principal is neither" },
    { WITH_PRINCIPAL("[\"*\"]"), "statement 1: Principal is neither" },
    { WITH_PRINCIPAL("{\"aws\":\"*\"}"), "statement 1: there is a kind of principal" },
    { WITH_PRINCIPAL("{\"Service\":\"*.amazonaws.com\"}"), "statement 1: a principal that is not" },
    { WITH_PRINCIPAL("{\"Service\":[]}"), "statement 1: a principal that is not" },
    { WITH_AWS("[]"), "statement 1: an AWS principal is no account" },
    { WITH_AWS("\"\""), "statement 1: an AWS principal is no account" },
    { WITH_AWS("222222222222"), "statement 1: an AWS principal is no account" },
    { WITH_AWS("\"principal\""), "statement 1: an AWS principal is no account" },
    { WITH_AWS("\"22222222222\""), "statement 1: an AWS principal is no account" },
    { WITH_AWS("[\"222222222222\",\"x\"]"), "statement 1: an AWS principal is no account" },
    { WITH_AWS("\"arn:aws:iam::222222222222:user/*\""), "statement 1: an AWS principal" },
    { WITH_AWS("\"arn:aws:iam::*:root\""), "statement 1: an AWS principal is no account" },
    { WITH_AWS("\"arn:aws:iam::222222222222:user/\""), "statement 1: an AWS principal" },
    { WITH_AWS("\"arn:aws:iam::222222222222:group/admins\""), "statement 1: an AWS principal" },
    { WITH_AWS("\"arn:aws:iam:us-east-1:222222222222:root\""), "statement 1: an AWS principal" },
    { WITH_AWS("\"arn:azure:iam::222222222222:root\""), "statement 1: an AWS principal" },
    { WITH_AWS("\"arn:aws:s3::222222222222:root\""), "statement 1: an AWS principal" },
    { WITH_AWS("\"arn:aws:sts::222222222222:assumed-role/Copier\""), "statement 1: an AWS" },
    { WITH_AWS("\"arn:aws:sts::222222222222:assumed-role/Copier/\""), "statement 1: an AWS" },
    { WITH_AWS("\"arn:aws:iam\""), "statement 1: an AWS principal is no account" },
    { WITH_ACTION("\"rekognition:DetectCustomLabels\""), "statement 1: Action is not" },
    { WITH_ACTION("\"rekognition:Copy*\""), "statement 1: Action is not" },
    { WITH_ACTION("\"*\""), "statement 1: Action is not" },
    { WITH_ACTION("\"CopyProjectVersion\""), "statement 1: Action is not" },
    { WITH_ACTION("[\"rekognition:CopyProjectVersion\",\"x\"]"), "statement 1: Action is not" },
    { WITH_ACTION("[]"), "statement 1: Action is not" },
    { WITH_ACTION("{}"), "statement 1: Action is not" },
    { WITH_RESOURCE("\"" PROJECT "\""),
        "statement 1: Resource is neither * nor a version of this project (guess)" },
    { WITH_RESOURCE("\"**\""), "statement 1: Resource is neither" },
    { WITH_RESOURCE("\"?\""), "statement 1: Resource is neither" },
    { WITH_RESOURCE("\"arn:*\""), "statement 1: Resource is neither" },
    { WITH_RESOURCE("\"" VERSIONS "\""), "statement 1: Resource is neither" },
    { WITH_RESOURCE("\"" VERSIONS "test_1\""), "statement 1: Resource is neither" },
    { WITH_RESOURCE("\"" VERSIONS "${aws:username}*\""), "statement 1: Resource is neither" },
    { WITH_RESOURCE("[\"*\",\"x\"]"), "statement 1: Resource is neither" },
    { WITH_RESOURCE("[]"), "statement 1: Resource is neither" },
    { WITH_RESOURCE(
          "\"arn:aws:rekognition:us-east-1:111111111111:project/my_project_2/version/*\""),
        "statement 1: Resource is neither" },
    { WITH_RESOURCE("\"arn:aws:rekognition:us-east-1:222222222222:project/my_project/version/*\""),
        "statement 1: Resource is neither" },
    { WITH_RESOURCE("\"arn:aws:rekognition:eu-west-1:111111111111:project/my_project/version/*\""),
        "statement 1: Resource is neither" },
    { WITH_RESOURCE("\"arn:aws:rekognition:*:111111111111:project/my_project/version/*\""),
        "statement 1: Resource is neither" },
    { WITH("\"Sid\":1"), "statement 1: Sid is no string" },
    { DOCUMENT("[{\"Sid\":\"a\"," EFFECT PRINCIPAL ACTION RESOURCE "},"
               "{\"Sid\":\"a\"," EFFECT PRINCIPAL ACTION RESOURCE "}]"),
        "statement 1: Sid is the one of another statement" },
    { WITH_CONDITION("[]"), "statement 1: Condition is no object" },
    { WITH_CONDITION("{\"StringMatches\":{}}"), "statement 1: Condition has an operator" },
    { WITH_CONDITION("{\"NullIfExists\":{}}"), "statement 1: Condition has an operator" },
    { WITH_CONDITION("{\"ForEachValue:Bool\":{}}"), "statement 1: Condition has an operator" },
    { WITH_CONDITION("{\"StringEquals\":\"x\"}"), "statement 1: an operator of Condition" },
    { WITH_CONDITION("{\"StringEquals\":{\"key\":\"x\"}}"),
        "statement 1: a condition key has no pre" },
    { WITH_CONDITION("{\"StringEquals\":{\"a:b\":[]}}"),
        "statement 1: a condition key has no value" },
    { WITH_CONDITION("{\"StringEquals\":{\"a:b\":null}}"),
        "statement 1: a condition key has no val" },
    { WITH_CONDITION("{\"StringEquals\":{\"a:b\":[[]]}}"),
        "statement 1: a condition key has no val" },
};

static void
documents_as_the_guides_describe_them_are_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(accepted); i++) {
        char why[256] = "";

        if (!policy_is_well_formed(accepted[i], PROJECT, why, sizeof why))
            fail_msg("%s should be taken: %s", accepted[i], why);
    }
}

static void
other_documents_are_refused_and_the_rule_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        char why[256] = "";

        if (policy_is_well_formed(refused[i].document, PROJECT, why, sizeof why))
            fail_msg("%s should be refused", refused[i].document);
        if (strncmp(why, refused[i].why, strlen(refused[i].why)) != 0)
            fail_msg("%s is refused for: %s", refused[i].document, why);
    }
}

static void
a_reason_is_cut_to_the_room_there_is(void **state)
{
    char why[9] = "";

    (void)state;
    assert_false(policy_is_well_formed(WITH_ACTION("\"*\""), PROJECT, why, sizeof why));
    assert_string_equal(why, "statemen");
}

/* ---- what a document says ---- */

#define ROOT "arn:aws:iam::222222222222:root"
#define BOB "arn:aws:iam::222222222222:user/Bob"
#define ADMIN "arn:aws:iam::222222222222:role/Admin"
#define SESSION "arn:aws:sts::222222222222:assumed-role/Admin/monday"

static enum policy_verdict
say(const char *document, const char *principal)
{
    static const struct policy_key keys[] = {
        { "aws:SourceIp", "192.0.2.7" },
        { "aws:SecureTransport", "true" },
        { "aws:TagKeys", "team" },
        { "aws:TagKeys", "stage" },
        { "x:n", "7" },
        { "x:d", "2026-11-23T10:00:00Z" },
        { "x:ip", "2001:db8::7" },
        { "x:b", "QUJD" },
        { "x:name", "test" },
        { "x:star", "te*t_1" },
    };
    struct policy_request request = {
        .principal = principal,
        .account = "222222222222",
        .action = "rekognition:CopyProjectVersion",
        .resource = MODEL,
        .keys = keys,
        .key_count = COUNT(keys),
    };

    return policy_evaluate(document, &request);
}

struct saying {
    const char *document;
    enum policy_verdict verdict;
};

static void
assert_all_say(const struct saying *sayings, size_t count, const char *principal)
{
    static const char *const names[] = { "be silent", "allow", "deny" };

    for (size_t i = 0; i < count; i++) {
        enum policy_verdict verdict = say(sayings[i].document, principal);

        if (verdict != sayings[i].verdict)
            fail_msg("to %s, %s should %s, not %s", principal, sayings[i].document,
                names[sayings[i].verdict], names[verdict]);
    }
}

static void
a_principal_is_matched_by_everyone_its_account_and_itself(void **state)
{
    static const struct saying sayings[] = {
        { WITH_PRINCIPAL("\"*\""), POLICY_ALLOWS },
        { WITH_AWS("\"*\""), POLICY_ALLOWS },
        { WITH_AWS("\"222222222222\""), POLICY_ALLOWS },
        { WITH_AWS("\"" ROOT "\""), POLICY_ALLOWS },
        { WITH_AWS("\"" BOB "\""), POLICY_ALLOWS },
        { WITH_AWS("[\"333333333333\",\"" BOB "\"]"), POLICY_ALLOWS },
        { WITH_PRINCIPAL("{\"Service\":\"ec2.amazonaws.com\",\"AWS\":\"" BOB "\"}"),
            POLICY_ALLOWS },
        { WITH_AWS("\"333333333333\""), POLICY_SILENT },
        { WITH_AWS("\"arn:aws:iam::333333333333:root\""), POLICY_SILENT },
        { WITH_AWS("\"arn:aws:iam::222222222222:user/bob\""), POLICY_SILENT },
        { WITH_AWS("\"arn:aws:iam::222222222222:user/team/Bob\""), POLICY_SILENT },
        { WITH_AWS("\"" ADMIN "\""), POLICY_SILENT },
        { WITH_PRINCIPAL("{\"Service\":\"ec2.amazonaws.com\"}"), POLICY_SILENT },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), BOB);
}

static void
a_session_is_matched_by_its_role(void **state)
{
    static const struct saying sayings[] = {
        { WITH_AWS("\"" SESSION "\""), POLICY_ALLOWS },
        { WITH_AWS("\"" ADMIN "\""), POLICY_ALLOWS },
        { WITH_AWS("\"arn:aws:iam::222222222222:role/a/path/Admin\""), POLICY_ALLOWS },
        { WITH_AWS("\"arn:aws:iam::222222222222:role/Admi\""), POLICY_SILENT },
        { WITH_AWS("\"arn:aws:iam::222222222222:role/Administrator\""), POLICY_SILENT },
        { WITH_AWS("\"arn:aws:iam::222222222222:user/Admin\""), POLICY_SILENT },
        { WITH_AWS("\"arn:aws:iam::333333333333:role/Admin\""), POLICY_SILENT },
        { WITH_AWS("\"arn:aws:sts::222222222222:assumed-role/Admin/tuesday\""), POLICY_SILENT },
        { WITH_CONDITION("{\"ArnEquals\":{\"aws:PrincipalArn\":\"" ADMIN "\"}}"), POLICY_ALLOWS },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), SESSION);
}

static void
of_a_caller_known_by_account_only_any_principal_of_it_will_do(void **state)
{
    static const struct saying sayings[] = {
        { WITH_AWS("\"" BOB "\""), POLICY_ALLOWS },
        { WITH_AWS("\"" SESSION "\""), POLICY_ALLOWS },
        { WITH_AWS("\"arn:aws:iam::333333333333:user/Bob\""), POLICY_SILENT },
        { DOCUMENT(
              "{\"Effect\":\"DENY\",\"Principal\":{\"AWS\":\"" ADMIN "\"}," ACTION RESOURCE "}"),
            POLICY_DENIES },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), ROOT);
}

static void
one_denial_outweighs_what_is_allowed(void **state)
{
    static const struct saying sayings[] = {
        { DOCUMENT("[]"), POLICY_SILENT },
        { DOCUMENT("[" STATEMENT ",{\"Effect\":\"Deny\"," PRINCIPAL ACTION RESOURCE "}]"),
            POLICY_DENIES },
        { DOCUMENT("[{\"Effect\":\"deny\"," PRINCIPAL ACTION RESOURCE "}," STATEMENT "]"),
            POLICY_DENIES },
        { DOCUMENT("[{\"Effect\":\"Deny\"," PRINCIPAL ACTION "\"Resource\":\"" VERSIONS
                   "other/*\"}," STATEMENT "]"),
            POLICY_ALLOWS },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), BOB);
}

static void
actions_have_no_case_and_resources_do(void **state)
{
    static const struct saying sayings[] = {
        { WITH_ACTION("\"*\""), POLICY_ALLOWS },
        { WITH_ACTION("\"REKOGNITION:copy*\""), POLICY_ALLOWS },
        { WITH_ACTION("[\"s3:*\",\"rekognition:CopyProjectVersio?\"]"), POLICY_ALLOWS },
        { WITH_ACTION("\"rekognition:Detect*\""), POLICY_SILENT },
        { WITH_ACTION("\"copyprojectversion\""), POLICY_SILENT },
        { WITH_RESOURCE("\"*\""), POLICY_ALLOWS },
        { WITH_RESOURCE("\"" VERSIONS "*\""), POLICY_ALLOWS },
        { WITH_RESOURCE("[\"x\",\"" VERSIONS "test_?/*\"]"), POLICY_ALLOWS },
        { WITH_RESOURCE("\"" VERSIONS "Test_1/*\""), POLICY_SILENT },
        { WITH_RESOURCE("\"" PROJECT "\""), POLICY_SILENT },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), BOB);
}

static void
identity_policies_need_no_principal_and_may_say_what_is_left_out(void **state)
{
    static const struct saying sayings[] = {
        { DOCUMENT("{" EFFECT ACTION RESOURCE "}"), POLICY_ALLOWS },
        { DOCUMENT("{" EFFECT "\"Action\":\"rekognition:*\",\"Resource\":\"*\"}"), POLICY_ALLOWS },
        { DOCUMENT("{" EFFECT "\"NotAction\":\"iam:*\"," RESOURCE "}"), POLICY_ALLOWS },
        { DOCUMENT("{" EFFECT "\"NotAction\":[\"iam:*\",\"REKOGNITION:*\"]," RESOURCE "}"),
            POLICY_SILENT },
        { DOCUMENT("{" EFFECT ACTION "\"NotResource\":\"" VERSIONS "other/*\"}"), POLICY_ALLOWS },
        { DOCUMENT("{" EFFECT ACTION "\"NotResource\":\"" VERSIONS "*\"}"), POLICY_SILENT },
        { DOCUMENT("{" EFFECT "\"NotPrincipal\":{\"AWS\":\"333333333333\"}," ACTION RESOURCE "}"),
            POLICY_ALLOWS },
        { DOCUMENT("{" EFFECT "\"NotPrincipal\":{\"AWS\":\"" BOB "\"}," ACTION RESOURCE "}"),
            POLICY_SILENT },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), BOB);
}

static void
conditions_compare_as_their_operators_say(void **state)
{
    static const struct saying sayings[] = {
        { WITH_CONDITION("{\"StringEquals\":{\"aws:PrincipalAccount\":\"222222222222\"}}"), 1 },
        { WITH_CONDITION("{\"StringEquals\":{\"AWS:principalaccount\":[1,222222222222]}}"), 1 },
        { WITH_CONDITION("{\"StringEquals\":{\"aws:PrincipalAccount\":\"333333333333\"}}"), 0 },
        { WITH_CONDITION("{\"StringEquals\":{\"aws:ResourceAccount\":\"111111111111\"}}"), 1 },
        { WITH_CONDITION("{\"StringEquals\":{\"aws:SourceIp\":\"192.0.2.*\"}}"), 0 },
        { WITH_CONDITION("{\"StringNotEquals\":{\"aws:PrincipalAccount\":[\"1\",\"2\"]}}"), 1 },
        { WITH_CONDITION(
              "{\"StringNotEquals\":{\"aws:PrincipalAccount\":[\"1\",\"222222222222\"]}}"),
            0 },
        { WITH_CONDITION("{\"StringEqualsIgnoreCase\":{\"aws:PrincipalArn\":"
                         "\"ARN:AWS:IAM::222222222222:USER/BOB\"}}"),
            1 },
        { WITH_CONDITION("{\"StringLike\":{\"aws:PrincipalArn\":\"arn:*/Bob\"}}"), 1 },
        { WITH_CONDITION("{\"StringLike\":{\"aws:PrincipalArn\":\"arn:*/bob\"}}"), 0 },
        { WITH_CONDITION("{\"StringNotLike\":{\"aws:PrincipalArn\":\"*Bob\"}}"), 0 },
        { WITH_CONDITION("{\"ArnEquals\":{\"aws:PrincipalArn\":\"arn:aws:iam::*:user/*\"}}"), 1 },
        { WITH_CONDITION("{\"ArnLike\":{\"aws:PrincipalArn\":\"arn:*:user/Bob\"}}"), 0 },
        { DOCUMENT("{" EFFECT "\"Principal\":\"*\"," ACTION "\"Resource\":\"*\",\"Condition\":"
                   "{\"ArnEquals\":{\"aws:PrincipalArn\":\"" BOB "\"}}}"),
            1 },
        { DOCUMENT("{" EFFECT "\"Principal\":\"*\"," ACTION "\"Resource\":\"*\",\"Condition\":"
                   "{\"ArnEquals\":{\"aws:PrincipalArn\":\"" ADMIN "\"}}}"),
            0 },
        { WITH_CONDITION("{\"ArnLike\":{\"aws:SourceIp\":\"*\"}}"), 0 },
        { WITH_CONDITION("{\"ArnNotLike\":{\"aws:PrincipalArn\":\"arn:aws:iam::*:role/*\"}}"), 1 },
        { WITH_CONDITION("{\"Bool\":{\"aws:SecureTransport\":true}}"), 1 },
        { WITH_CONDITION("{\"Bool\":{\"aws:SecureTransport\":\"False\"}}"), 0 },
        { WITH_CONDITION("{\"Bool\":{\"aws:PrincipalIsAWSService\":\"false\"}}"), 1 },
        { WITH_CONDITION("{\"Null\":{\"aws:SourceIp\":\"false\"}}"), 1 },
        { WITH_CONDITION("{\"Null\":{\"aws:SourceIp\":true}}"), 0 },
        { WITH_CONDITION("{\"Null\":{\"aws:SourceAccount\":\"true\"}}"), 1 },
        { WITH_CONDITION("{\"Null\":{\"aws:SourceAccount\":\"false\"}}"), 0 },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), BOB);
}

static void
every_key_of_every_operator_has_to_pass(void **state)
{
    static const struct saying sayings[] = {
        { WITH_CONDITION("{}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"Bool\":{\"aws:SecureTransport\":\"true\"},"
                         "\"StringEquals\":{\"aws:SourceIp\":\"192.0.2.7\"}}"),
            POLICY_ALLOWS },
        { WITH_CONDITION("{\"Bool\":{\"aws:SecureTransport\":\"true\"},"
                         "\"StringEquals\":{\"aws:SourceIp\":\"192.0.2.8\"}}"),
            POLICY_SILENT },
        { WITH_CONDITION("{\"StringEquals\":{\"aws:SourceIp\":\"192.0.2.7\","
                         "\"aws:PrincipalAccount\":\"1\"}}"),
            POLICY_SILENT },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), BOB);
}

static void
a_key_that_is_not_there_passes_only_what_is_negated_or_if_it_exists(void **state)
{
    static const struct saying sayings[] = {
        { WITH_CONDITION("{\"StringEquals\":{\"aws:SourceAccount\":\"1\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"StringLike\":{\"aws:SourceAccount\":\"*\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"StringNotEquals\":{\"aws:SourceAccount\":\"1\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"ArnNotLike\":{\"aws:SourceArn\":\"arn:*\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"StringEqualsIfExists\":{\"aws:SourceAccount\":\"1\"}}"),
            POLICY_ALLOWS },
        { WITH_CONDITION("{\"StringEqualsIfExists\":{\"aws:SourceIp\":\"1\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"StringNotEqualsIfExists\":{\"aws:SourceIp\":\"192.0.2.7\"}}"),
            POLICY_SILENT },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), BOB);
}

static void
of_several_values_any_or_all_are_asked(void **state)
{
    static const struct saying sayings[] = {
        { WITH_CONDITION("{\"ForAnyValue:StringEquals\":{\"aws:TagKeys\":\"team\"}}"), 1 },
        { WITH_CONDITION("{\"ForAnyValue:StringEquals\":{\"aws:TagKeys\":\"cost\"}}"), 0 },
        { WITH_CONDITION("{\"ForAllValues:StringEquals\":{\"aws:TagKeys\":\"team\"}}"), 0 },
        { WITH_CONDITION("{\"ForAllValues:StringLike\":{\"aws:TagKeys\":[\"team\",\"st*\"]}}"), 1 },
        { WITH_CONDITION("{\"ForAnyValue:StringNotEquals\":{\"aws:TagKeys\":\"team\"}}"), 1 },
        { WITH_CONDITION("{\"ForAllValues:StringNotEquals\":{\"aws:TagKeys\":\"team\"}}"), 0 },
        { WITH_CONDITION("{\"ForAnyValue:StringLike\":{\"a:absent\":\"*\"}}"), 0 },
        { WITH_CONDITION("{\"ForAnyValue:StringNotLike\":{\"a:absent\":\"*\"}}"), 0 },
        { WITH_CONDITION("{\"ForAllValues:StringLike\":{\"a:absent\":\"x\"}}"), 1 },
        { WITH_CONDITION("{\"ForAnyValue:StringLikeIfExists\":{\"a:absent\":\"x\"}}"), 1 },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), BOB);
}

/* Each of these is a statement with something in it that is not understood. */
#define BOTH_WAYS(rest)                                                                         \
    {                                                                                           \
        DOCUMENT("{\"Effect\":\"Allow\"," rest "}"), DOCUMENT("{\"Effect\":\"Deny\"," rest "}") \
    }

static void
what_is_not_understood_allows_nothing_and_denies(void **state)
{
    static const char *const unclear[][2] = {
        BOTH_WAYS(PRINCIPAL ACTION RESOURCE ",\"Condition\":{\"StringMatches\":{\"a:b\":\"\"}}"),
        BOTH_WAYS(PRINCIPAL ACTION RESOURCE ",\"Condition\":{\"StringEquals\":[]}"),
        BOTH_WAYS(PRINCIPAL ACTION RESOURCE ",\"Condition\":[]"),
        BOTH_WAYS(PRINCIPAL ACTION "\"Resource\":7"),
        BOTH_WAYS(PRINCIPAL ACTION "\"Resource\":\"*\",\"NotResource\":\"x\""),
        BOTH_WAYS(PRINCIPAL ACTION "\"Sid\":\"no resource\""),
        BOTH_WAYS("\"Principal\":\"222222222222\"," ACTION RESOURCE),
        BOTH_WAYS("\"Principal\":null," ACTION RESOURCE),
        BOTH_WAYS("\"NotPrincipal\":{\"AWS\":7}," ACTION RESOURCE),
        BOTH_WAYS("\"Principal\":\"*\",\"NotPrincipal\":\"*\"," ACTION RESOURCE),
    };

    (void)state;
    for (size_t i = 0; i < COUNT(unclear); i++) {
        if (say(unclear[i][0], BOB) != POLICY_SILENT)
            fail_msg("%s should be silent", unclear[i][0]);
        if (say(unclear[i][1], BOB) != POLICY_DENIES)
            fail_msg("%s should deny", unclear[i][1]);
    }
    assert_int_equal(say(WITH_EFFECT("\"Perhaps\""), BOB), POLICY_DENIES);
    assert_int_equal(say(DOCUMENT("7"), BOB), POLICY_DENIES);
    assert_int_equal(say("not JSON", BOB), POLICY_DENIES);
}

static void
numbers_dates_and_addresses_are_compared_as_such(void **state)
{
    static const struct saying sayings[] = {
        { WITH_CONDITION("{\"NumericEquals\":{\"x:n\":\"7.0\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"NumericNotEquals\":{\"x:n\":7}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"NumericLessThan\":{\"x:n\":8}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"NumericLessThan\":{\"x:n\":7}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"NumericLessThanEquals\":{\"x:n\":7}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"NumericGreaterThan\":{\"x:n\":\"6.9\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"NumericGreaterThanEquals\":{\"x:n\":\"7.1\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"NumericLessThanEquals\":{\"x:n\":\"many\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"NumericGreaterThanEquals\":{\"x:d\":1}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"DateEquals\":{\"x:d\":\"2026-11-23T10:00:00+00:00\"}}"),
            POLICY_ALLOWS },
        { WITH_CONDITION("{\"DateLessThan\":{\"x:d\":\"2026-11-24\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"DateLessThan\":{\"x:d\":\"2026-11-23\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"DateGreaterThan\":{\"x:d\":\"2026\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"DateGreaterThanEquals\":{\"x:d\":\"1795428000\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"DateNotEquals\":{\"x:d\":\"2026-11-23T10:00:00Z\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"DateLessThanEquals\":{\"x:d\":\"tomorrow\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.0/24\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"IpAddress\":{\"aws:SourceIp\":[\"10.0.0.0/8\",\"192.0.2.7\"]}}"),
            POLICY_ALLOWS },
        { WITH_CONDITION("{\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.0/30\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.4/30\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"IpAddress\":{\"aws:SourceIp\":\"0.0.0.0/0\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.0/33\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.0/\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"IpAddress\":{\"aws:SourceIp\":\"::/0\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"NotIpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"IpAddress\":{\"x:ip\":\"2001:db8::/32\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"IpAddress\":{\"x:ip\":\"2001:db8:1::/48\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"BinaryEquals\":{\"x:b\":\"QUJD\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"BinaryEquals\":{\"x:b\":\"qujd\"}}"), POLICY_SILENT },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), BOB);
}

static void
variables_are_filled_in_and_their_wildcards_are_not(void **state)
{
    static const struct saying sayings[] = {
        { WITH_RESOURCE("\"" VERSIONS "${aws:username}/*\""), POLICY_SILENT },
        { WITH_RESOURCE("\"" VERSIONS "${x:name}_1/*\""), POLICY_ALLOWS },
        { WITH_RESOURCE("\"" VERSIONS "${x:absent}*\""), POLICY_SILENT },
        { WITH_RESOURCE("\"" VERSIONS "${x:absent, 'test'}_1/*\""), POLICY_ALLOWS },
        { WITH_RESOURCE("\"" VERSIONS "${x:star}/*\""), POLICY_SILENT },
        { WITH_RESOURCE("\"" VERSIONS "test_${?}/*\""), POLICY_SILENT },
        { WITH_RESOURCE("\"" VERSIONS "${aws:TagKeys}*\""), POLICY_SILENT },
        { WITH_CONDITION("{\"StringEquals\":{\"aws:username\":\"${aws:username}\"}}"),
            POLICY_ALLOWS },
        { WITH_CONDITION("{\"StringEquals\":{\"x:star\":\"te${*}t_1\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"StringLike\":{\"x:star\":\"te${*}t_?\"}}"), POLICY_ALLOWS },
        { WITH_CONDITION("{\"StringLike\":{\"x:name\":\"te${*}t\"}}"), POLICY_SILENT },
        { WITH_CONDITION("{\"StringEquals\":{\"x:name\":\"${x:absent}\"}}"), POLICY_SILENT },
        { "{\"Version\":\"2008-10-17\",\"Statement\":{" EFFECT PRINCIPAL ACTION
          "\"Resource\":\"" VERSIONS "${x:name}_1/*\"}}",
            POLICY_SILENT },
    };

    (void)state;
    assert_all_say(sayings, COUNT(sayings), BOB);
}

static void
what_is_not_understood_does_not_matter_where_the_rest_does_not_fit(void **state)
{
    (void)state;
    assert_int_equal(say(DOCUMENT(
                             "{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"333333333333\"}," ACTION
                                 RESOURCE ",\"Condition\":{\"StringMatches\":{\"a:b\":\"::\"}}}"),
                         BOB),
        POLICY_SILENT);
}

static void
cut_anywhere_a_document_is_refused_and_denies(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(accepted); i++) {
        for (size_t length = 0; length < strlen(accepted[i]); length++) {
            char *cut = malloc(length + 1), why[256];

            assert_non_null(cut);
            memcpy(cut, accepted[i], length);
            cut[length] = '\0';
            assert_false(policy_is_well_formed(cut, PROJECT, why, sizeof why));
            assert_int_equal(say(cut, BOB), POLICY_DENIES);
            free(cut);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_as_the_guides_describe_them_are_taken),
        cmocka_unit_test(other_documents_are_refused_and_the_rule_is_named),
        cmocka_unit_test(a_reason_is_cut_to_the_room_there_is),
        cmocka_unit_test(a_principal_is_matched_by_everyone_its_account_and_itself),
        cmocka_unit_test(a_session_is_matched_by_its_role),
        cmocka_unit_test(of_a_caller_known_by_account_only_any_principal_of_it_will_do),
        cmocka_unit_test(one_denial_outweighs_what_is_allowed),
        cmocka_unit_test(actions_have_no_case_and_resources_do),
        cmocka_unit_test(identity_policies_need_no_principal_and_may_say_what_is_left_out),
        cmocka_unit_test(conditions_compare_as_their_operators_say),
        cmocka_unit_test(every_key_of_every_operator_has_to_pass),
        cmocka_unit_test(a_key_that_is_not_there_passes_only_what_is_negated_or_if_it_exists),
        cmocka_unit_test(of_several_values_any_or_all_are_asked),
        cmocka_unit_test(numbers_dates_and_addresses_are_compared_as_such),
        cmocka_unit_test(variables_are_filled_in_and_their_wildcards_are_not),
        cmocka_unit_test(what_is_not_understood_allows_nothing_and_denies),
        cmocka_unit_test(what_is_not_understood_does_not_matter_where_the_rest_does_not_fit),
        cmocka_unit_test(cut_anywhere_a_document_is_refused_and_denies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
