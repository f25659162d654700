#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../state/base/array.h"
#include "../../../server/json/json.h"
#include "../../../server/json/text.h"
#include "../../../server/model/validate.h"

#define ONE "1 validation error detected: "
#define FAILED " failed to satisfy constraint: "
#define UUID "01234567-89ab-cdef-0123-456789abcdef"
#define UUID_PATTERN "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

struct request {
    enum model_operation operation;
    const char *body;
    const char *message; /* NULL: it fits, or is refused without a word */
};

static void
assert_answers(const struct request *request, enum fit expected)
{
    cJSON *input = json_parse(request->body, strlen(request->body), NULL);
    struct findings findings;
    enum fit fit;

    assert_non_null(input);
    fit = validate(input, model_operations[request->operation].input, &findings);
    if (fit != expected)
        fail_msg("%s: %d, %s", request->body, fit, findings.message);
    if (request->message == NULL)
        assert_null(findings.message);
    else
        assert_string_equal(findings.message, request->message);
    findings_free(&findings);
    cJSON_Delete(input);
}

static void
requests_that_fit_are_taken(void **state)
{
    static const struct request requests[] = {
        { MODEL_CreateProject, "{\"ProjectName\":\"p\"}", NULL },
        { MODEL_CreateProject, "{\"ProjectName\":\"p\",\"Tags\":{\"k\":\"\"},\"Feature\":null}",
            NULL },
        { MODEL_CreateProject, "{\"ProjectName\":\"p\",\"Unknown\":{\"a\":[1]},\"projectname\":7}",
            NULL },
        { MODEL_DescribeProjects, "{}", NULL },
        { MODEL_DescribeProjects, "{\"MaxResults\":1.9,\"ProjectNames\":[\"a\",null]}", NULL },
        { MODEL_DetectText, "{\"Image\":{}}", NULL },
        { MODEL_DetectText, "{\"Image\":{\"Bytes\":\"AA==\"}}", NULL },
        { MODEL_DetectFaces, "{\"Image\":{},\"Attributes\":[]}", NULL },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++)
        assert_answers(&requests[i], FITS);
}

static void
the_first_wrong_type_is_named(void **state)
{
    static const struct request requests[] = {
        { MODEL_DescribeProjects, "null", NULL },
        { MODEL_DescribeProjects, "7", NULL },
        { MODEL_DescribeProjects, "\"x\"", NULL },
        { MODEL_DescribeProjects, "true", NULL },
        { MODEL_DescribeProjects, "[]", "Start of list found where not expected" },
        { MODEL_DescribeProjects, "{\"MaxResults\":\"1\"}",
            "STRING_VALUE can not be converted to an Integer" },
        { MODEL_DescribeProjects, "{\"MaxResults\":true}",
            "TRUE_VALUE can not be converted to an Integer" },
        { MODEL_DescribeProjects, "{\"MaxResults\":false}",
            "FALSE_VALUE can not be converted to an Integer" },
        { MODEL_DescribeProjects, "{\"MaxResults\":[]}", "Start of list found where not expected" },
        { MODEL_DescribeProjects, "{\"MaxResults\":{}}",
            "Start of structure or map found where not expected." },
        { MODEL_DescribeProjects, "{\"ProjectNames\":\"x\"}", "Expected list or null" },
        { MODEL_DescribeProjects, "{\"ProjectNames\":{}}",
            "Start of structure or map found where not expected." },
        { MODEL_DescribeProjects, "{\"ProjectNames\":[1.5]}",
            "NUMBER_VALUE can not be converted to a String" },
        { MODEL_DescribeProjects, "{\"NextToken\":true}",
            "TRUE_VALUE can not be converted to a String" },
        { MODEL_CreateProject, "{\"Tags\":\"x\"}", "Expected map or null" },
        { MODEL_CreateProject, "{\"Tags\":[]}", "Start of list found where not expected" },
        { MODEL_CreateProject, "{\"Tags\":{\"k\":1}}",
            "NUMBER_VALUE can not be converted to a String" },
        { MODEL_DetectText, "{\"Image\":\"x\"}", "Expected null" },
        { MODEL_DetectText, "{\"Image\":[]}", "Start of list found where not expected" },
        { MODEL_DetectText, "{\"Image\":{\"Bytes\":1}}",
            "NUMBER_VALUE can not be converted to a Blob" },
        { MODEL_DetectText, "{\"Image\":{\"Bytes\":true}}",
            "TRUE_VALUE can not be converted to a Blob" },
        { MODEL_DetectLabels, "{\"MinConfidence\":\"1\"}",
            "STRING_VALUE can not be converted to a Float" },
        { MODEL_ListDatasetEntries, "{\"Labeled\":\"true\"}",
            "STRING_VALUE can not be converted to a Boolean" },
        { MODEL_ListDatasetEntries, "{\"Labeled\":1}",
            "NUMBER_VALUE can not be converted to a Boolean" },
        { MODEL_StartStreamProcessor, "{\"StopSelector\":{\"MaxDurationInSeconds\":\"1\"}}",
            "STRING_VALUE can not be converted to a Long" },
        /* in the order of the document, and before any constraint */
        { MODEL_DescribeProjects, "{\"NextToken\":1,\"MaxResults\":\"1\"}",
            "NUMBER_VALUE can not be converted to a String" },
        { MODEL_DescribeProjects, "{\"MaxResults\":0,\"NextToken\":1}",
            "NUMBER_VALUE can not be converted to a String" },
        /* a float without limits has nobody else to refuse what is not finite */
        { MODEL_CreateStreamProcessor, "{\"RegionsOfInterest\":[{\"Polygon\":[{\"X\":\"NaN\"}]}]}",
            "STRING_VALUE can not be converted to a Float" },
        { MODEL_CreateStreamProcessor, "{\"RegionsOfInterest\":[{\"Polygon\":[{\"X\":1e39}]}]}",
            "NUMBER_VALUE can not be converted to a Float" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++)
        assert_answers(&requests[i], WRONG_TYPE);
}

static void
blobs_must_be_base64(void **state)
{
    static const struct {
        const char *blob, *message;
    } blobs[] = {
        { "23456", "'23456' can not be converted to a Blob: "
                   "Base64 encoded length is expected a multiple of 4 bytes but found: 5" },
        { "=+/=", "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='" },
        { "A===", "'A===' can not be converted to a Blob: Invalid Base64 character: '='" },
        { "QQ==QQ==", "'QQ==QQ==' can not be converted to a Blob: Invalid Base64 character: '='" },
        { "ab-_", "'ab-_' can not be converted to a Blob: Invalid Base64 character: '-'" },
        { "abc ", "'abc ' can not be converted to a Blob: Invalid Base64 character: ' '" },
        { "ab\xC3\xA9",
            "'ab\xC3\xA9' can not be converted to a Blob: Invalid Base64 character: '\xC3\xA9'" },
        { "+/+=", "'+/+=' can not be converted to a Blob: "
                  "Invalid last non-pad Base64 character dectected" },
        { "QR==", "'QR==' can not be converted to a Blob: "
                  "Invalid last non-pad Base64 character dectected" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(blobs); i++) {
        char body[64];

        snprintf(body, sizeof body, "{\"Image\":{\"Bytes\":\"%s\"}}", blobs[i].blob);
        assert_answers(&(struct request){ MODEL_DetectText, body, blobs[i].message }, WRONG_TYPE);
    }
}

static void
a_violation_names_value_place_and_constraint(void **state)
{
    static const struct request requests[] = {
        { MODEL_CreateProject, "{}",
            ONE "Value null at 'projectName'" FAILED "Member must not be null" },
        { MODEL_CreateProject, "{\"ProjectName\":null}",
            ONE "Value null at 'projectName'" FAILED "Member must not be null" },
        { MODEL_CreateProject, "{\"ProjectName\":\"a b\"}",
            ONE "Value 'a b' at 'projectName'" FAILED
                "Member must satisfy regular expression pattern: [a-zA-Z0-9_.\\-]+" },
        { MODEL_CreateProject, "{\"ProjectName\":\"p\",\"Feature\":\"X\"}",
            ONE "Value 'X' at 'feature'" FAILED
                "Member must satisfy enum value set: [CONTENT_MODERATION, CUSTOM_LABELS]" },
        { MODEL_DescribeProjects, "{\"MaxResults\":101}",
            ONE "Value '101' at 'maxResults'" FAILED
                "Member must have value less than or equal to 100" },
        { MODEL_DescribeProjects, "{\"MaxResults\":-0.5}",
            ONE "Value '0' at 'maxResults'" FAILED
                "Member must have value greater than or equal to 1" },
        { MODEL_DescribeProjects, "{\"MaxResults\":99999999999}",
            ONE "Value '2147483647' at 'maxResults'" FAILED
                "Member must have value less than or equal to 100" },
        { MODEL_StartStreamProcessor,
            "{\"Name\":\"n\",\"StopSelector\":{\"MaxDurationInSeconds\":1e300}}",
            ONE "Value '9223372036854775807' at 'stopSelector.maxDurationInSeconds'" FAILED
                "Member must have value less than or equal to 120" },
        { MODEL_DetectLabels, "{\"Image\":{},\"MinConfidence\":-1}",
            ONE "Value '-1.0' at 'minConfidence'" FAILED
                "Member must have value greater than or equal to 0" },
        { MODEL_DetectLabels, "{\"Image\":{},\"MinConfidence\":100.1}",
            ONE "Value '100.1' at 'minConfidence'" FAILED
                "Member must have value less than or equal to 100" },
        { MODEL_DetectLabels, "{\"Image\":{},\"MinConfidence\":1e39}",
            ONE "Value 'Infinity' at 'minConfidence'" FAILED
                "Member must have value less than or equal to 100" },
        { MODEL_DetectLabels, "{\"Image\":{},\"MinConfidence\":\"NaN\"}",
            ONE "Value 'NaN' at 'minConfidence'" FAILED
                "Member must have value less than or equal to 100" },
        { MODEL_DetectLabels, "{\"Image\":{},\"MinConfidence\":\"-Infinity\"}",
            ONE "Value '-Infinity' at 'minConfidence'" FAILED
                "Member must have value greater than or equal to 0" },
        { MODEL_DetectText, "{\"Image\":{\"Bytes\":\"\"}}",
            ONE "Value 'java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]' at 'image.bytes'" FAILED
                "Member must have length greater than or equal to 1" },
        { MODEL_DetectText, "{\"Image\":{\"S3Object\":{\"Bucket\":\"ab\"}}}",
            ONE "Value 'ab' at 'image.s3Object.bucket'" FAILED
                "Member must have length greater than or equal to 3" },
        { MODEL_DeleteFaces, "{\"CollectionId\":\"c\",\"FaceIds\":[]}",
            ONE "Value '[]' at 'faceIds'" FAILED
                "Member must have length greater than or equal to 1" },
        { MODEL_DeleteFaces, "{\"CollectionId\":\"c\",\"FaceIds\":[\"x\",\"" UUID "\",\"y\"]}",
            ONE "Value '[x, " UUID ", y]' at 'faceIds'" FAILED
                "Member must satisfy constraint: [Member must satisfy regular expression "
                "pattern: " UUID_PATTERN "]" },
        { MODEL_DescribeProjects, "{\"ProjectNames\":[\"\"]}",
            ONE
            "Value '[]' at 'projectNames'" FAILED
            "Member must satisfy constraint: [Member must have length less than or equal to 255, "
            "Member must have length greater than or equal to 1, "
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.\\-]+]" },
        { MODEL_DetectFaces, "{\"Image\":{},\"Attributes\":[\"ALL\",\"X\"]}",
            ONE "Value '[ALL, X]' at 'attributes'" FAILED
                "Member must satisfy constraint: [Member must satisfy enum value set: [GENDER, "
                "ALL, DEFAULT, "
                "MOUTH_OPEN, EYES_OPEN, SMILE, MUSTACHE, FACE_OCCLUDED, BEARD, EYE_DIRECTION, "
                "EMOTIONS, "
                "EYEGLASSES, AGE_RANGE, SUNGLASSES]]" },
        { MODEL_CreateProject, "{\"ProjectName\":\"p\",\"Tags\":{\"aws:x\":\"1\",\"k\":\"2\"}}",
            ONE
            "Value '{aws:x=1, k=2}' at 'tags'" FAILED
            "Map keys must satisfy constraint: [Member must have length less than or equal to 128, "
            "Member must have length greater than or equal to 1, Member must satisfy regular "
            "expression "
            "pattern: ^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*$]" },
        { MODEL_CreateProject, "{\"ProjectName\":\"p\",\"Tags\":{\"k\":\"!\"}}",
            ONE "Value '{k=!}' at 'tags'" FAILED "Map value must satisfy constraint: [Member must "
                "have length less than or equal to 256, "
                "Member must have length greater than or equal to 0, Member must satisfy regular "
                "expression "
                "pattern: ^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$]" },
        { MODEL_DistributeDatasetEntries, "{\"Datasets\":[{}]}",
            "2 validation errors detected: Value '[DistributeDataset(arn=null)]' at "
            "'datasets'" FAILED "Member must have length greater than or equal to 2; Value null at "
            "'datasets.1.member.arn'" FAILED "Member must not be null" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++)
        assert_answers(&requests[i], VIOLATION);
}

static void
structures_are_echoed_as_java_prints_them(void **state)
{
    struct text body = { 0 }, message = { 0 };

    (void)state;
    text_add_string(&body,
        "{\"Name\":\"n\",\"Input\":{},\"Output\":{},\"Settings\":{},"
        "\"RoleArn\":\"arn:aws:iam::123456789012:role/r\",\"RegionsOfInterest\":[");
    text_add_string(&message, ONE "Value '[");
    for (int i = 0; i < 11; i++) {
        text_add_string(&body, i > 0 ? "," : "");
        text_add_string(&body, "{\"BoundingBox\":{\"Width\":0.5},\"Polygon\":[{\"X\":1}]}");
        text_add_string(&message, i > 0 ? ", " : "");
        text_add_string(&message,
            "RegionOfInterest(boundingBox=BoundingBox(width=0.5, height=null, "
            "left=null, top=null), polygon=[Point(x=1.0, y=null)])");
    }
    text_add_string(&body, "]}");
    text_add_string(&message,
        "]' at 'regionsOfInterest'" FAILED "Member must have length less than or equal to 10");
    assert_answers(&(struct request){ MODEL_CreateStreamProcessor, body.bytes, message.bytes },
        VIOLATION);
    free(body.bytes);
    free(message.bytes);
}

static void
violations_come_in_the_order_of_a_java_hash_map(void **state)
{
    static const struct request requests[] = {
        { MODEL_AssociateFaces, "{}",
            "3 validation errors detected: Value null at 'faceIds'" FAILED
            "Member must not be null; "
            "Value null at 'collectionId'" FAILED "Member must not be null; "
            "Value null at 'userId'" FAILED "Member must not be null" },
        { MODEL_ListUsers, "{\"CollectionId\":\"\"}",
            "2 validation errors detected: Value '' at 'collectionId'" FAILED
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.\\-]+; Value '' at "
            "'collectionId'" FAILED "Member must have length greater than or equal to 1" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++)
        assert_answers(&requests[i], VIOLATION);
}

static void
a_message_has_at_most_ten_items(void **state)
{
    struct text body = { 0 }, message = { 0 };

    (void)state;
    text_add_string(&body, "{\"Settings\":{\"ChallengePreferences\":[{}");
    text_add_string(&message, "10 validation errors detected: ");
    for (int i = 1; i <= 10; i++) {
        text_add_string(&body, ",{}");
        text_add_format(&message, "%sValue null at 'settings.challengePreferences.%d.member.type'",
            i > 1 ? "; " : "", i);
        text_add_string(&message, FAILED "Member must not be null");
    }
    text_add_string(&body, "]}}");
    assert_answers(&(struct request){ MODEL_CreateFaceLivenessSession, body.bytes, message.bytes },
        VIOLATION);
    free(body.bytes);
    free(message.bytes);
}

/* CreateProject with a tag whose value is `count` times U+20000, a letter of two UTF-16 units. */
static enum fit
fit_of_tag(int count)
{
    struct text body = { 0 };
    struct findings findings;
    cJSON *input;
    enum fit fit;

    text_add_string(&body, "{\"ProjectName\":\"p\",\"Tags\":{\"k\":\"");
    for (int i = 0; i < count; i++)
        text_add_string(&body, "\xF0\xA0\x80\x80");
    text_add_string(&body, "\"}}");
    input = json_parse(body.bytes, body.length, NULL);
    fit = validate(input, MODEL(CreateProject)->input, &findings);
    findings_free(&findings);
    cJSON_Delete(input);
    free(body.bytes);
    return fit;
}

static void
lengths_are_counted_in_utf16_units(void **state)
{
    (void)state;
    assert_int_equal(fit_of_tag(128), FITS);
    assert_int_equal(fit_of_tag(129), VIOLATION);
}

/* What is said about a request with four million times e acute between `before` and `after`. */
static char *
message_for(enum model_operation operation, const char *before, const char *after)
{
    struct text body = { 0 };
    struct findings findings;
    cJSON *input;

    text_add_string(&body, before);
    for (int i = 0; i < 4000000; i++)
        text_add(&body, "\xC3\xA9", 2);
    text_add_string(&body, after);
    input = json_parse(body.bytes, body.length, NULL);
    assert_int_not_equal(validate(input, model_operations[operation].input, &findings), FITS);
    cJSON_Delete(input);
    free(body.bytes);
    cJSON_Delete(findings.violations);
    return findings.message;
}

static void
what_a_message_repeats_is_bounded_and_still_text(void **state)
{
    char *message = message_for(MODEL_CreateProject, "{\"ProjectName\":\"x", "\"}");

    (void)state;
    assert_true(strlen(message) < 1000000);
    assert_non_null(strstr(message, "\xC3\xA9' at 'projectName'")); /* no half of a character */
    assert_non_null(strstr(message, "Member must have length less than or equal to 255"));
    free(message);
    message = message_for(MODEL_DetectText, "{\"Image\":{\"Bytes\":\"x", "\"}}");
    assert_true(strlen(message) < 2000);
    assert_non_null(strstr(message, "\xC3\xA9' can not be converted to a Blob: "));
    free(message);
}

static void
what_fits_is_normalised(void **state)
{
    static const char body[] =
        "{\"Image\":{\"Bytes\":null,\"Junk\":1},\"MaxLabels\":7.9,\"MinConfidence\":99.9,"
        "\"Features\":[null,\"GENERAL_LABELS\",null],\"x\":{\"y\":[]}}";
    cJSON *input = json_parse(body, strlen(body), NULL);
    struct findings findings;
    char *printed;

    (void)state;
    assert_int_equal(validate(input, MODEL(DetectLabels)->input, &findings), FITS);
    printed = cJSON_PrintUnformatted(input);
    assert_string_equal(printed, "{\"Image\":{},\"MaxLabels\":7,\"MinConfidence\":99.9000015258789,"
                                 "\"Features\":[\"GENERAL_LABELS\"]}");
    cJSON_free(printed);
    printed = cJSON_PrintUnformatted(findings.ignored);
    assert_string_equal(printed, "[\"image.Junk\",\"x\"]");
    cJSON_free(printed);
    findings_free(&findings);
    cJSON_Delete(input);
}

static void
violations_are_told_one_by_one(void **state)
{
    static const char body[] = "{\"ProjectName\":\"a; b\",\"Feature\":\"x\",\"Tags\":{\"\":\"\"}}";
    cJSON *input = json_parse(body, strlen(body), NULL), *violation;
    struct findings findings;
    struct text again = { 0 };

    (void)state;
    assert_int_equal(validate(input, MODEL(CreateProject)->input, &findings), VIOLATION);
    assert_int_equal(cJSON_GetArraySize(findings.violations), 3);
    text_add_string(&again, "3 validation errors detected: ");
    cJSON_ArrayForEach(violation, findings.violations)
    {
        assert_memory_equal(violation->valuestring, "Value '", strlen("Value '"));
        text_add_string(&again, violation->valuestring);
        text_add_string(&again, violation->next == NULL ? "" : "; ");
    }
    assert_string_equal(again.bytes, findings.message);
    free(again.bytes);
    findings_free(&findings);
    cJSON_Delete(input);
}

static void
of_a_million_ignored_members_few_are_named(void **state)
{
    struct text body = { 0 };
    struct findings findings;
    cJSON *input;

    (void)state;
    for (int i = 0; i < 1000; i++)
        text_add_format(&body, "%s\"m%d\":%d", i == 0 ? "{" : ",", i, i);
    text_add_string(&body, "}");
    input = json_parse(body.bytes, body.length, NULL);
    assert_int_equal(validate(input, MODEL(DescribeProjects)->input, &findings), FITS);
    assert_int_equal(cJSON_GetArraySize(findings.ignored), 20);
    findings_free(&findings);
    cJSON_Delete(input);
    free(body.bytes);
}

/* ---- replies --------------------------------------------------------------------------------- */

static void
assert_output(enum model_operation operation, const char *body, const char *expected)
{
    cJSON *output = cJSON_Parse(body);
    char *why;

    assert_non_null(output);
    assert_int_equal(output_fits(output, model_operations[operation].output, &why),
        expected == NULL);
    if (expected == NULL)
        assert_null(why);
    else
        assert_string_equal(why, expected);
    free(why);
    cJSON_Delete(output);
}

static void
nothing_is_forgiven_in_a_reply(void **state)
{
    (void)state;
    assert_output(MODEL_DescribeProjects, "{}", NULL);
    assert_output(MODEL_DescribeProjects, "[]", "at '': the value has the wrong type");
    assert_output(MODEL_DescribeProjects, "{\"Projects\":[]}",
        "at 'projects': the shape has no such member");
    assert_output(MODEL_DeleteProjectPolicy, "{\"X\":1}", "at 'x': the shape has no such member");
    assert_output(MODEL_DescribeProjects, "{\"NextToken\":null}",
        "at 'nextToken': the value has the wrong type");
    assert_output(MODEL_DescribeProjects, "{\"NextToken\":\"a\",\"NextToken\":\"a\"}",
        "at 'nextToken': the member is there twice");
    assert_output(MODEL_DescribeProjects, "{\"ProjectDescriptions\":[{\"Status\":\"OK\"}]}",
        "at 'projectDescriptions.1.member.status': Member must satisfy enum value set: "
        "[DELETING, CREATED, CREATING]");
    assert_output(MODEL_GetFaceLivenessSessionResults, "{}",
        "at 'sessionId': the member is required");
    assert_output(MODEL_ListTagsForResource, "{\"Tags\":{\"k\":\"!\"}}",
        "at 'tags.k.member': Member must satisfy regular expression pattern: "
        "^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$");
    assert_output(MODEL_DescribeCollection, "{\"FaceCount\":1.5}",
        "at 'faceCount': the value has the wrong type");
    assert_output(MODEL_DescribeCollection, "{\"FaceCount\":1000000000000000}",
        "at 'faceCount': the value has the wrong type");
}

static void
raw_numbers_of_a_reply_are_understood(void **state)
{
    cJSON *output = cJSON_CreateObject();
    char *why;

    (void)state;
    cJSON_AddItemToObject(output, "FaceCount", json_long(INT64_MAX));
    cJSON_AddItemToObject(output, "CreationTimestamp", cJSON_CreateRaw("1533422155.042"));
    assert_true(output_fits(output, MODEL(DescribeCollection)->output, &why));
    cJSON_ReplaceItemInObjectCaseSensitive(output, "FaceCount", json_long(-1));
    assert_false(output_fits(output, MODEL(DescribeCollection)->output, &why));
    assert_string_equal(why, "at 'faceCount': Member must have value greater than or equal to 0");
    free(why);
    cJSON_ReplaceItemInObjectCaseSensitive(output, "FaceCount", cJSON_CreateRaw("1.0"));
    assert_false(output_fits(output, MODEL(DescribeCollection)->output, &why));
    free(why);
    cJSON_Delete(output);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_that_fit_are_taken),
        cmocka_unit_test(the_first_wrong_type_is_named),
        cmocka_unit_test(blobs_must_be_base64),
        cmocka_unit_test(a_violation_names_value_place_and_constraint),
        cmocka_unit_test(structures_are_echoed_as_java_prints_them),
        cmocka_unit_test(violations_come_in_the_order_of_a_java_hash_map),
        cmocka_unit_test(a_message_has_at_most_ten_items),
        cmocka_unit_test(lengths_are_counted_in_utf16_units),
        cmocka_unit_test(what_a_message_repeats_is_bounded_and_still_text),
        cmocka_unit_test(what_fits_is_normalised),
        cmocka_unit_test(violations_are_told_one_by_one),
        cmocka_unit_test(of_a_million_ignored_members_few_are_named),
        cmocka_unit_test(nothing_is_forgiven_in_a_reply),
        cmocka_unit_test(raw_numbers_of_a_reply_are_understood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
