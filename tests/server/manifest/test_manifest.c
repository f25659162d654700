/* Lines of manifests: what is kept, what is noted, and where. In the lines below ' stands for ". */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/manifest/manifest.h"

static const struct manifest_limits limits = {
    .line = 100000,
    .labels = 3,
    .boxes = 3,
    .label_length = 255,
    .side_least = 64,
    .side_most = 4096,
};

#define REF "'source-ref':'s3://bucket/a b/1.jpg'"
#define CLASS(name, label)                                                  \
    "'" name "':1,'" name "-metadata':{'confidence':1,'class-name':'" label \
    "','human-annotated':'yes','creation-date':'2021-07-11T03:33:42.025Z'," \
    "'type':'groundtruth/image-classification'}"
#define SIZE "'image_size':[{'width':640,'height':480,'depth':3}]"
#define BOX(id, left, top, width, height) \
    "{'class_id':" #id ",'left':" #left ",'top':" #top ",'width':" #width ",'height':" #height "}"
#define META(objects, map)                                                              \
    "'BB-metadata':{'objects':[" objects "],'class-map':{" map "},'type':'groundtruth/" \
    "object-detection','human-annotated':'yes','creation-date':'2021-06-22'}"
#define BOXES(annotations, objects, map) \
    "'BB':{" SIZE ",'annotations':[" annotations "]}," META(objects, map)
#define SURE "{'confidence':1}"
#define ERROR(code, message) "{'code':'ERROR_" code "','message':'" message "'}"

static struct manifest *reader;

static int
open_reader(void **state)
{
    (void)state;
    reader = manifest_open();
    return 0;
}

static int
close_reader(void **state)
{
    (void)state;
    manifest_close(reader);
    return 0;
}

/* The text with " for ', in one of a few buffers. */
static const char *
quoted(const char *text)
{
    static char buffers[4][4096];
    static int next;
    char *out = buffers[next++ % 4];

    assert_true(strlen(text) < sizeof buffers[0]);
    strcpy(out, text);
    for (char *c = out; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    return out;
}

static const struct manifest_line *
read_line(const char *text)
{
    const char *line = quoted(text);

    return manifest_read(reader, &limits, line, strlen(line));
}

/* A line without fault: its labels, and itself again. */
static void
good(const char *text, const char *labels)
{
    const struct manifest_line *line = read_line(text);

    assert_true(line->kept);
    assert_null(line->errors);
    assert_false(line->has_errors);
    assert_string_equal(line->label_map, quoted(labels));
    assert_string_equal(line->line, quoted(text));
}

static void
dropped(const char *text, enum manifest_issue issue)
{
    const struct manifest_line *line = read_line(text);

    assert_false(line->kept);
    assert_string_equal(manifest_issues[line->issue].code, manifest_issues[issue].code);
}

/* A line that is kept with errors of the whole (NULL: none), and with `part` somewhere in it. */
static void
faulty(const char *text, const char *errors, const char *part)
{
    const struct manifest_line *line = read_line(text);

    assert_true(line->kept);
    assert_true(line->has_errors);
    if (errors == NULL)
        assert_null(line->errors);
    else
        assert_string_equal(line->errors, quoted(errors));
    if (part != NULL && strstr(line->line, quoted(part)) == NULL)
        fail_msg("%s\n  has no %s", line->line, quoted(part));
}

static void
image_level_labels_are_read(void **state)
{
    (void)state;
    good("{" REF "," CLASS("x", "rose") "}", "{'rose':0}");
    assert_true(read_line("{" REF "," CLASS("x", "rose") "}")->is_labeled);
    good("{" REF "," CLASS("x", "rose") "," CLASS("y", "tulip") "}", "{'rose':0,'tulip':0}");
    good("{" REF "," CLASS("x", "rose") "," CLASS("y", "rose") "}", "{'rose':0}");
    good("{" REF ",'workerid':'w'," CLASS("x", "rose") "}", "{'rose':0}");
}

static void
boxes_are_read(void **state)
{
    const struct manifest_line *line;

    (void)state;
    good("{" REF "," BOXES(BOX(1, 0, 0, 640, 480) "," BOX(1, 10, 10, 5, 5) "," BOX(0, 0, 0, 2, 2),
             SURE "," SURE ",{'confidence':0.5}", "'0':'dot','1':'echo'") "}",
        "{'echo':2,'dot':1}");
    line = read_line("{" REF "," BOXES(BOX(1, 1, 2, 3, 4), SURE, "'1':'echo'") "}");
    assert_int_equal(line->box_count, 1);
    assert_string_equal(line->boxes[0].label, "echo");
    assert_true(line->boxes[0].left == 1 && line->boxes[0].top == 2 && line->boxes[0].width == 3 &&
                line->boxes[0].height == 4 && line->boxes[0].image_width == 640 &&
                line->boxes[0].image_height == 480 && line->boxes[0].confidence == 1);
}

static void
an_image_without_labels_is_no_error(void **state)
{
    (void)state;
    good("{" REF "}", "{}");
    assert_false(read_line("{" REF "}")->is_labeled);
    good("{" REF "," BOXES("", "", "") "}", "{}");
    assert_false(read_line("{" REF "," BOXES("", "", "") "}")->is_labeled);
    assert_true(read_line("{" REF "," BOXES("", "", "") "}")->is_empty);
}

static void
space_between_tokens_goes_and_everything_else_stays(void **state)
{
    const char *spaced =
        "{ \"source-ref\" :\t\"s3://bucket/a  b\\\" .jpg\" , \"n\": 1.50e0,\r\n\"n-metadata\": 1 }";
    const struct manifest_line *line = manifest_read(reader, &limits, spaced, strlen(spaced));

    (void)state;
    assert_non_null(strstr(line->line, "\"source-ref\":\"s3://bucket/a  b"));
    spaced = "{ \"source-ref\" :\t\"s3://bucket/a  b\\\" .jpg\" }";
    line = manifest_read(reader, &limits, spaced, strlen(spaced));
    assert_string_equal(line->line, "{\"source-ref\":\"s3://bucket/a  b\\\" .jpg\"}");
}

static void
what_a_list_added_is_not_of_the_line(void **state)
{
    const struct manifest_line *line =
        read_line("{" REF "," CLASS("x", "rose") ",'cl-metadata':{'is_labeled':false},'cl-errors':["
                                                 "{'code':'ERROR_INVALID_IMAGE'}]}");

    (void)state;
    assert_true(line->kept && !line->has_errors && line->is_labeled);
    assert_string_equal(line->line, quoted("{" REF "," CLASS("x", "rose") "}"));
}

static void
lines_that_are_none_are_dropped(void **state)
{
    (void)state;
    dropped("", ERROR_INVALID_JSON_LINE);
    dropped("  ", ERROR_INVALID_JSON_LINE);
    dropped("[]", ERROR_INVALID_JSON_LINE);
    dropped("{" REF, ERROR_INVALID_JSON_LINE);
    dropped("{" REF "} x", ERROR_INVALID_JSON_LINE);
    dropped("{" REF "," REF "}", ERROR_INVALID_JSON_LINE);
    dropped("{'source_ref':'s3://bucket/1.jpg'}", ERROR_MISSING_SOURCE_REF);
    dropped("{}", ERROR_MISSING_SOURCE_REF);
    dropped("{'source-ref':1}", ERROR_INVALID_SOURCE_REF_FORMAT);
    dropped("{'source-ref':'https://bucket/1.jpg'}", ERROR_INVALID_SOURCE_REF_FORMAT);
    dropped("{'source-ref':'s3://bucket'}", ERROR_INVALID_SOURCE_REF_FORMAT);
    dropped("{'source-ref':'s3://bucket/'}", ERROR_INVALID_SOURCE_REF_FORMAT);
    dropped("{'source-ref':'s3:///1.jpg'}", ERROR_INVALID_SOURCE_REF_FORMAT);
}

/* "The maximum length is 100,000 characters": characters, not bytes. */
static void
a_line_may_have_so_many_characters(void **state)
{
    size_t length = strlen("{\"source-ref\":\"s3://bucket/1\",\"x\":\"\"}");
    char *line = malloc(300000);
    size_t at = (size_t)sprintf(line, "{\"source-ref\":\"s3://bucket/1\",\"x\":\"");

    (void)state;
    for (size_t i = length; i < 100000; i++, at += 2)
        memcpy(line + at, "\xc3\xa9", 2);
    strcpy(line + at, "\"}");
    assert_true(manifest_read(reader, &limits, line, strlen(line))->kept);
    strcpy(line + at, "e\"}");
    assert_false(manifest_read(reader, &limits, line, strlen(line))->kept);
    free(line);
}

static void
a_label_attribute_needs_its_metadata(void **state)
{
    static const char none[] = "[" ERROR("NO_LABEL_ATTRIBUTES", "No label attributes found.") "]";

    (void)state;
    faulty("{" REF ",'x':1}", none, NULL);
    faulty("{" REF ",'x-metadata':{'class-name':'rose'}}", none, NULL);
    faulty("{" REF ",'x':1,'x_metadata':{}}", none, NULL);
}

static void
the_format_of_an_attribute_is_noted_where_it_is(void **state)
{
    (void)state;
    faulty("{" REF ",'x':'1','x-metadata':{'confidence':1,'class-name':'r','human-annotated':'yes',"
           "'creation-date':'2','type':'groundtruth/image-classification'}}",
        "[" ERROR("INVALID_LABEL_ATTRIBUTE_FORMAT",
            "The format of the label attribute x is invalid.") "]",
        NULL);
    faulty("{" REF ",'BB':{'annotations':[]}," META("", "") "}", NULL,
        "'cl-errors':[" ERROR("INVALID_LABEL_ATTRIBUTE_FORMAT",
            "The format of the label attribute BB is invalid.") "]},'BB-metadata'");
    faulty("{" REF ",'BB':{" SIZE ",'annotations':[{'class_id':1}]}," META(SURE, "'1':'a'") "}",
        NULL, "ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT");
}

static void
every_required_member_of_metadata_is_missed(void **state)
{
    static const char *const members[] = { "'confidence':1", "'class-name':'r'",
        "'human-annotated':'yes'", "'creation-date':'2'",
        "'type':'groundtruth/image-classification'" };

    (void)state;
    for (int left_out = 0; left_out < 5; left_out++) {
        char line[512] = "{" REF ",'x':1,'x-metadata':{'job-name':'j'";

        for (int i = 0; i < 5; i++)
            if (i != left_out)
                strcat(strcat(line, ","), members[i]);
        strcat(line, "}}");
        faulty(line, NULL,
            "'cl-errors':[" ERROR("INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT",
                "The format of the label attribute metadata is invalid.") "]}}");
    }
    faulty("{" REF ",'x':1,'x-metadata':1}",
        "[" ERROR("INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT",
            "The format of the label attribute metadata is invalid.") "]",
        NULL);
    faulty("{" REF ",'x':1,'x-metadata':{'confidence':1.5,'class-name':'r','human-annotated':'yes',"
           "'creation-date':'2','type':'groundtruth/image-classification'}}",
        NULL, "ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT");
}

static void
boxes_need_confidence_and_class(void **state)
{
    (void)state;
    faulty("{" REF "," BOXES(BOX(1, 1, 1, 9, 9) "," BOX(1, 1, 1, 9, 9), SURE, "'1':'a'") "}", NULL,
        "'cl-errors':[" ERROR("MISSING_BOUNDING_BOX_CONFIDENCE",
            "One or more bounding boxes has a missing confidence value.") "]}}");
    faulty("{" REF "," BOXES(BOX(1, 1, 1, 9, 9), "{}", "'1':'a'") "}", NULL,
        "ERROR_MISSING_BOUNDING_BOX_CONFIDENCE");
    faulty("{" REF "," BOXES(BOX(2, 1, 1, 9, 9), SURE, "'1':'a'") "}", NULL,
        "'cl-errors':[" ERROR("MISSING_CLASS_MAP_ID",
            "One of more class ids is missing from the class map.") "]}}");
}

static void
what_is_checked_first_stops_the_rest(void **state)
{
    const struct manifest_line *line = read_line("{" REF "," BOXES(BOX(2, -1, 1, 9, 9), SURE,
        "'1':'a'") ",'x':1,'x-metadata':{'type':'t'}}");

    (void)state;
    assert_non_null(strstr(line->line, "MISSING_CLASS_MAP_ID"));
    assert_null(strstr(line->line, "ERROR_INVALID_BOUNDING_BOX"));
    assert_null(strstr(line->line, "ERROR_UNSUPPORTED_USE_CASE_TYPE"));
    assert_int_equal(line->label_count, 0);
}

/* The example of the Developer Guide. */
static void
an_unsupported_type_is_noted_twice(void **state)
{
    (void)state;
    faulty("{" REF ",'BB':{" SIZE
           ",'annotations':[]},'BB-metadata':{'type':'groundtruth/wrongtype'}}",
        "[" ERROR("NO_VALID_LABEL_ATTRIBUTES", "No valid label attributes found.") "]",
        "'type':'groundtruth/wrongtype','cl-errors':[" ERROR("UNSUPPORTED_USE_CASE_TYPE",
            "The use case type of the BB-metadata label attribute metadata is unsupported. Check "
            "the type field.") "]}}");
    assert_true(read_line("{" REF ",'BB':1,'BB-metadata':{'type':'w'}}")->is_labeled);
    faulty("{" REF "," CLASS("x", "rose") ",'y':1,'y-metadata':{'type':'w'}}", NULL,
        "ERROR_UNSUPPORTED_USE_CASE_TYPE");
    assert_int_equal(read_line("{" REF "," CLASS("x", "rose") ",'y':1,'y-metadata':{'type':'w'}}")
                         ->label_count,
        1);
}

static void
a_broken_box_is_left_out_and_the_others_are_used(void **state)
{
    const struct manifest_line *line;

    (void)state;
    line = read_line(
        "{" REF "," BOXES(BOX(1, 600, 0, 41, 9) "," BOX(1, 0, 0, 1, 9) "," BOX(2, 0, 0, 9, 9),
            SURE "," SURE "," SURE, "'1':'a','2':'b'") "}");
    assert_string_equal(line->label_map, "{\"b\":1}");
    assert_null(line->errors);
    assert_non_null(
        strstr(line->line, quoted("'height':9,'cl-errors':[" ERROR("INVALID_BOUNDING_BOX",
                               "The bounding box has off frame values.") "]}")));
    assert_non_null(
        strstr(line->line, quoted("'height':9,'cl-errors':[" ERROR("BOUNDING_BOX_TOO_SMALL",
                               "The height and width of the bounding box is too small.") "]}")));
    faulty("{" REF "," BOXES(BOX(1, 0, 479, 9, 2), SURE, "'1':'a'") "}",
        "[" ERROR("NO_VALID_ANNOTATIONS", "No valid annotations found.") "]",
        "ERROR_INVALID_BOUNDING_BOX");
    faulty("{" REF "," BOXES(BOX(1, -1, 0, 9, 9), SURE, "'1':'a'") "}",
        "[" ERROR("NO_VALID_ANNOTATIONS", "No valid annotations found.") "]", NULL);
}

/* "resizes an image if any of its dimensions are greater than 1280 pixels" */
static void
a_box_of_a_large_image_is_measured_as_it_is_trained_with(void **state)
{
#define LARGE(width)                                                                             \
    "{" REF ",'BB':{'image_size':[{'width':2560,'height':480,'depth':3}],'annotations':[" BOX(1, \
        0, 0, width, 9) "]}," META(SURE, "'1':'a'") "}"
    (void)state;
    faulty(LARGE(2), "[" ERROR("NO_VALID_ANNOTATIONS", "No valid annotations found.") "]",
        "ERROR_BOUNDING_BOX_TOO_SMALL");
    good(LARGE(3), "{'a':1}");
}

static void
limits_of_an_image_are_kept(void **state)
{
    char line[1024], name[300];

    (void)state;
    faulty("{" REF "," BOXES(BOX(1, 0, 0, 9, 9) "," BOX(1, 0, 0, 9, 9) "," BOX(1, 0, 0, 9,
                                 9) "," BOX(1, 0, 0, 9, 9),
               SURE "," SURE "," SURE "," SURE, "'1':'a'") "}",
        "[" ERROR("NO_VALID_LABEL_ATTRIBUTES", "No valid label attributes found.") "]",
        "],"
        "'cl-errors':[" ERROR("TOO_MANY_BOUNDING_BOXES",
            "There are more bounding boxes than the allowed maximum.") "]},'BB-metadata'");
    faulty("{" REF ",'BB':{'image_size':[{'width':63,'height':480,'depth':3}]}," META("", "") "}",
        "[" ERROR("NO_VALID_LABEL_ATTRIBUTES", "No valid label attributes found.") "]",
        "ERROR_INVALID_IMAGE_DIMENSION");
    faulty("{" REF
           "," CLASS("a", "a") "," CLASS("b", "b") "," CLASS("c", "c") "," CLASS("d", "d") "}",
        "[" ERROR("NO_VALID_LABEL_ATTRIBUTES", "No valid label attributes found.") "]", NULL);
    memset(name, 'n', 256);
    name[256] = '\0';
    snprintf(line, sizeof line,
        "{" REF ",'x':1,'x-metadata':{'confidence':1,'class-name':'%s','human-annotated':'yes',"
        "'creation-date':'2','type':'groundtruth/image-classification'}}",
        name);
    faulty(line, "[" ERROR("NO_VALID_LABEL_ATTRIBUTES", "No valid label attributes found.") "]",
        "ERROR_INVALID_LABEL_NAME_LENGTH");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_level_labels_are_read),
        cmocka_unit_test(boxes_are_read),
        cmocka_unit_test(an_image_without_labels_is_no_error),
        cmocka_unit_test(space_between_tokens_goes_and_everything_else_stays),
        cmocka_unit_test(what_a_list_added_is_not_of_the_line),
        cmocka_unit_test(lines_that_are_none_are_dropped),
        cmocka_unit_test(a_line_may_have_so_many_characters),
        cmocka_unit_test(a_label_attribute_needs_its_metadata),
        cmocka_unit_test(the_format_of_an_attribute_is_noted_where_it_is),
        cmocka_unit_test(every_required_member_of_metadata_is_missed),
        cmocka_unit_test(boxes_need_confidence_and_class),
        cmocka_unit_test(what_is_checked_first_stops_the_rest),
        cmocka_unit_test(an_unsupported_type_is_noted_twice),
        cmocka_unit_test(a_broken_box_is_left_out_and_the_others_are_used),
        cmocka_unit_test(a_box_of_a_large_image_is_measured_as_it_is_trained_with),
        cmocka_unit_test(limits_of_an_image_are_kept),
    };

    return cmocka_run_group_tests(tests, open_reader, close_reader);
}
