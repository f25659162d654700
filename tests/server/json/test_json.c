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

static enum json_fault
fault_of(const char *bytes, size_t length)
{
    enum json_fault fault;
    char *exact =
        malloc(length + 1); /* without the NUL of a literal, so that a sanitizer sees its end */
    cJSON *json;

    memcpy(exact, bytes, length);
    exact = realloc(exact, length > 0 ? length : 1);
    json = json_parse(exact, length, &fault);
    assert_true((json != NULL) == (fault == JSON_FINE));
    cJSON_Delete(json);
    free(exact);
    return fault;
}

struct document {
    const char *text;
    enum json_fault fault;
};

static void
documents_are_taken_or_refused(void **state)
{
    static const struct document documents[] = {
        { "{}", JSON_FINE },
        { " \t\r\n{ \"a\" : [ 1 , -0.5e+3 , true , false , null , \"\" ] } \n", JSON_FINE },
        { "null", JSON_FINE },
        { "-0", JSON_FINE },
        { "\"x\"", JSON_FINE },
        { "[1E5,0e0,1.25]", JSON_FINE },
        { "{\"\":{\"\":[]}}", JSON_FINE },
        { "", JSON_EMPTY },
        { " \n", JSON_EMPTY },
        { "{", JSON_MALFORMED },
        { "}", JSON_MALFORMED },
        { "{}{}", JSON_MALFORMED },
        { "{} x", JSON_MALFORMED },
        { "{\"a\":1,}", JSON_MALFORMED },
        { "{,}", JSON_MALFORMED },
        { "{\"a\"}", JSON_MALFORMED },
        { "{\"a\":}", JSON_MALFORMED },
        { "{\"a\" 1}", JSON_MALFORMED },
        { "{\"a\":1 \"b\":2}", JSON_MALFORMED },
        { "{a:1}", JSON_MALFORMED },
        { "{'a':1}", JSON_MALFORMED },
        { "{1:1}", JSON_MALFORMED },
        { "[1,]", JSON_MALFORMED },
        { "[,1]", JSON_MALFORMED },
        { "[1 2]", JSON_MALFORMED },
        { "[1}", JSON_MALFORMED },
        { "[", JSON_MALFORMED },
        { "01", JSON_MALFORMED },
        { "-", JSON_MALFORMED },
        { "-01", JSON_MALFORMED },
        { "1.", JSON_MALFORMED },
        { ".5", JSON_MALFORMED },
        { "+1", JSON_MALFORMED },
        { "1e", JSON_MALFORMED },
        { "1e+", JSON_MALFORMED },
        { "0x10", JSON_MALFORMED },
        { "NaN", JSON_MALFORMED },
        { "Infinity", JSON_MALFORMED },
        { "nul", JSON_MALFORMED },
        { "nullx", JSON_MALFORMED },
        { "True", JSON_MALFORMED },
        { "// comment\n{}", JSON_MALFORMED },
        { "\xEF\xBB\xBF{}", JSON_MALFORMED }, /* byte order mark */
        { "\"", JSON_MALFORMED },
        { "\"abc", JSON_MALFORMED },
        { "\"\\", JSON_MALFORMED },
        { "\"\\x41\"", JSON_MALFORMED },
        { "\"\\u12\"", JSON_MALFORMED },
        { "\"\\u12g4\"", JSON_MALFORMED },
        { "\"\t\"", JSON_BAD_TEXT },
        { "\"\x1F\"", JSON_BAD_TEXT },
        { "\"\x7F\"", JSON_FINE },
        { "\"12345678\n\"", JSON_BAD_TEXT },
        { "\"\\u0000\"", JSON_BAD_TEXT },
        { "{\"a\\u0000b\":1}", JSON_BAD_TEXT },
        { "\"\\\\u0000\"", JSON_FINE },
        { "\"\\uD83D\\uDE00\"", JSON_FINE },
        { "\"\\uD83D\"", JSON_BAD_TEXT },
        { "\"\\uD83Dx\"", JSON_BAD_TEXT },
        { "\"\\uD83D\\n\"", JSON_BAD_TEXT },
        { "\"\\uD83D\\uD83D\"", JSON_BAD_TEXT },
        { "\"\\uDE00\"", JSON_BAD_TEXT },
        { "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"", JSON_FINE },
        { "\"\xC3\"", JSON_BAD_TEXT },
        { "\"\xC3", JSON_BAD_TEXT },
        { "\"\xF0\x9F\x98", JSON_BAD_TEXT },
        { "\"\x80\"", JSON_BAD_TEXT },
        { "\"\xFF\"", JSON_BAD_TEXT },
        { "\"\xC0\xAF\"", JSON_BAD_TEXT }, /* overlong */
        { "\"\xE0\x80\xAF\"", JSON_BAD_TEXT },
        { "\"\xF0\x80\x80\xAF\"", JSON_BAD_TEXT },
        { "\"\xED\xA0\x80\"", JSON_BAD_TEXT },     /* a surrogate in UTF-8 */
        { "\"\xF4\x90\x80\x80\"", JSON_BAD_TEXT }, /* beyond U+10FFFF */
        { "\"\xF4\x8F\xBF\xBF\"", JSON_FINE },
        { "1e308", JSON_FINE },
        { "1e400", JSON_BAD_NUMBER },
        { "{\"a\":[-1e999]}", JSON_BAD_NUMBER },
        { "1e-999", JSON_FINE },
        { "{\"a\":1,\"b\":2}", JSON_FINE },
        { "{\"a\":1,\"a\":1}", JSON_DUPLICATE_MEMBER },
        { "{\"a\":1,\"A\":1}", JSON_FINE },
        { "{\"a\":1,\"b\":1,\"\\u0061\":1}", JSON_DUPLICATE_MEMBER },
        { "[{\"x\":{\"\":1,\"\":1}}]", JSON_DUPLICATE_MEMBER },
        { "[{\"a\":1},{\"a\":1}]", JSON_FINE },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(documents); i++) {
        enum json_fault fault = fault_of(documents[i].text, strlen(documents[i].text));

        if (fault != documents[i].fault)
            fail_msg("%s: %s", documents[i].text, json_fault_text(fault));
    }
}

static void
a_nul_byte_is_refused_wherever_it_is(void **state)
{
    (void)state;
    assert_int_equal(fault_of("{\"a\0b\":1}", 9), JSON_BAD_TEXT);
    assert_int_equal(fault_of("{}\0", 3), JSON_MALFORMED);
    assert_int_equal(fault_of("\0{}", 3), JSON_MALFORMED);
    assert_int_equal(fault_of("[1\0]", 4), JSON_MALFORMED);
    assert_int_equal(fault_of("\"\\\0\"", 4), JSON_MALFORMED);
}

/* `depth` lists within each other. */
static enum json_fault
fault_of_depth(size_t depth, bool closed)
{
    char *bytes = malloc(2 * depth);
    enum json_fault fault;

    memset(bytes, '[', depth);
    memset(bytes + depth, ']', depth);
    fault = fault_of(bytes, closed ? 2 * depth : depth);
    free(bytes);
    return fault;
}

static void
what_nests_too_deep_is_refused(void **state)
{
    (void)state;
    assert_int_equal(fault_of_depth(JSON_DEPTH_MAX, true), JSON_FINE);
    assert_int_equal(fault_of_depth(JSON_DEPTH_MAX + 1, true), JSON_TOO_DEEP);
    assert_int_equal(fault_of_depth(5000000, true), JSON_TOO_DEEP);
    assert_int_equal(fault_of_depth(5000000, false), JSON_TOO_DEEP);
}

static void
a_number_of_more_than_63_characters_is_refused(void **state)
{
    char digits[65];

    (void)state;
    memset(digits, '1', sizeof digits);
    assert_int_equal(fault_of(digits, 63), JSON_FINE);
    assert_int_equal(fault_of(digits, 64), JSON_BAD_NUMBER);
}

static void
a_duplicate_is_found_among_a_hundred_thousand(void **state)
{
    size_t length = 1;
    char *bytes = malloc(100001 * 16);

    (void)state;
    bytes[0] = '{';
    for (int i = 0; i < 100000; i++)
        length += (size_t)sprintf(bytes + length, "\"k%d\":0,", i);
    bytes[length - 1] = '}';
    assert_int_equal(fault_of(bytes, length), JSON_FINE);
    length += (size_t)sprintf(bytes + length - 1, ",\"k7\":0}") - 1;
    assert_int_equal(fault_of(bytes, length), JSON_DUPLICATE_MEMBER);
    free(bytes);
}

static void
an_image_of_megabytes_is_read(void **state)
{
    size_t length = 7 << 20;
    char *bytes = malloc(length);
    cJSON *json;

    (void)state;
    memset(bytes, 'A', length);
    bytes[0] = bytes[length - 1] = '"';
    json = json_parse(bytes, length, NULL);
    assert_non_null(json);
    assert_int_equal(strlen(json->valuestring), length - 2);
    cJSON_Delete(json);
    free(bytes);
}

#define assert_prints(kind, value, expected)                                \
    do {                                                                    \
        char made[JSON_NUMBER_SIZE];                                        \
                                                                            \
        assert_int_equal(json_print_##kind(made, value), strlen(expected)); \
        assert_string_equal(made, expected);                                \
    } while (0)

static void
floats_are_printed_as_the_service_prints_them(void **state)
{
    (void)state;
    assert_prints(float, 99.99999, "99.99999237060547");
    assert_prints(float, 100, "100.0");
    assert_prints(float, 0, "0.0");
    assert_prints(float, -0.5, "-0.5");
    assert_prints(float, 0.1, "0.10000000149011612");
    assert_prints(float, 0.001953125, "0.001953125");
    assert_prints(float, 0.0009765625, "9.765625E-4");
    assert_prints(float, 9999999, "9999999.0");
    assert_prints(float, 16777216, "1.6777216E7");
}

static void
longs_and_timestamps_are_plain_digits(void **state)
{
    (void)state;
    assert_prints(long, 1000000000000000, "1000000000000000");
    assert_prints(long, INT64_MAX, "9223372036854775807");
    assert_prints(long, INT64_MIN, "-9223372036854775808");
    assert_prints(timestamp, 1533422155042, "1533422155.042");
    assert_prints(timestamp, 0, "0.000");
    assert_prints(timestamp, -1500, "-1.500");
}

static void
numbers_are_read_back_raw_or_not(void **state)
{
    cJSON *raw = cJSON_CreateRaw("1533422155.042");
    cJSON *number = cJSON_CreateNumber(1e300);
    cJSON *text = cJSON_CreateString("1");
    double value;

    (void)state;
    assert_true(json_number(raw, &value) && value == 1533422155.042);
    assert_false(json_number(text, &value));
    assert_true(json_integer(number) == INT64_MAX);
    cJSON_Delete(raw);
    cJSON_Delete(number);
    cJSON_Delete(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_taken_or_refused),
        cmocka_unit_test(a_nul_byte_is_refused_wherever_it_is),
        cmocka_unit_test(what_nests_too_deep_is_refused),
        cmocka_unit_test(a_number_of_more_than_63_characters_is_refused),
        cmocka_unit_test(a_duplicate_is_found_among_a_hundred_thousand),
        cmocka_unit_test(an_image_of_megabytes_is_read),
        cmocka_unit_test(floats_are_printed_as_the_service_prints_them),
        cmocka_unit_test(longs_and_timestamps_are_plain_digits),
        cmocka_unit_test(numbers_are_read_back_raw_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
