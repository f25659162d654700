/*
 * The first two tables are what OpenJDK 17 printed: limits, numbers that the service prints, and some
 * drawn from a million that were compared. The third is where JDK 19 prints fewer digits than it did.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../server/json/java.h"
#include "../../../state/base/array.h"

static const struct {
    uint32_t bits;
    const char *text;
} floats[] = {
    { UINT32_C(0x00000001), "1.4E-45" },
    { UINT32_C(0x80000001), "-1.4E-45" },
    { UINT32_C(0x7f7fffff), "3.4028235E38" },
    { UINT32_C(0x4b189680), "1.0E7" },
    { UINT32_C(0x4b18967f), "9999999.0" },
    { UINT32_C(0x3a83126f), "0.001" },
    { UINT32_C(0x3a83126e), "9.999999E-4" },
    { UINT32_C(0x00000000), "0.0" },
    { UINT32_C(0x80000000), "-0.0" },
    { UINT32_C(0x3f800000), "1.0" },
    { UINT32_C(0x42c80000), "100.0" },
    { UINT32_C(0x42c7cccd), "99.9" },
    { UINT32_C(0x00000002), "2.8E-45" },
    { UINT32_C(0x501502f9), "1.0E10" },
    { UINT32_C(0x01391d15), "3.4E-38" },
    { UINT32_C(0x000116c2), "1.0E-40" },
    { UINT32_C(0x3dcccccd), "0.1" },
    { UINT32_C(0x3eaaaaab), "0.33333334" },
    { UINT32_C(0x4b800000), "1.6777216E7" },
    { UINT32_C(0x428aff0b), "69.49813" },
    { UINT32_C(0x41c5ab5b), "24.70867" },
    { UINT32_C(0x4294403a), "74.12544" },
    { UINT32_C(0x41c1223c), "24.141716" },
    { UINT32_C(0x41228a92), "10.158831" },
    { UINT32_C(0x428979c2), "68.73781" },
    { UINT32_C(0x42aca3b4), "86.31973" },
    { UINT32_C(0x404f0c57), "3.2351282" },
    { UINT32_C(0xca0ea690), "-2337188.0" },
    { UINT32_C(0x42c2c943), "97.39309" },
    { UINT32_C(0xc3269b8a), "-166.60757" },
    { UINT32_C(0x4139a069), "11.601663" },
    { UINT32_C(0x4b2b1840), "1.1212864E7" },
    { UINT32_C(0x4196a5cc), "18.830956" },
    { UINT32_C(0x0000066c), "2.304E-42" },
    { UINT32_C(0x000003e3), "1.394E-42" },
    { UINT32_C(0x0000038c), "1.272E-42" },
    { UINT32_C(0x000007c0), "2.78E-42" },
    { UINT32_C(0x000005c7), "2.073E-42" },
    { UINT32_C(0x00000657), "2.274E-42" },
    { UINT32_C(0x00000669), "2.3E-42" },
    { UINT32_C(0x000005d3), "2.09E-42" },
    { UINT32_C(0x00000531), "1.862E-42" },
    { UINT32_C(0x00000720), "2.556E-42" },
    { UINT32_C(0x00000338), "1.155E-42" },
    { UINT32_C(0x000003de), "1.387E-42" },
    { UINT32_C(0x00000718), "2.545E-42" },
    { UINT32_C(0x0000033a), "1.157E-42" },
};

static const struct {
    uint64_t bits;
    const char *text;
} doubles[] = {
    { UINT64_C(0x0000000000000001), "4.9E-324" },
    { UINT64_C(0x7fefffffffffffff), "1.7976931348623157E308" },
    { UINT64_C(0x0010000000000000), "2.2250738585072014E-308" },
    { UINT64_C(0x416312d000000000), "1.0E7" },
    { UINT64_C(0x416312cfe0000000), "9999999.0" },
    { UINT64_C(0x3f50624dd2f1a9fc), "0.001" },
    { UINT64_C(0x3f50624db774ca22), "9.999999E-4" },
    { UINT64_C(0x0000000000000000), "0.0" },
    { UINT64_C(0x8000000000000000), "-0.0" },
    { UINT64_C(0x3ff0000000000000), "1.0" },
    { UINT64_C(0x4059000000000000), "100.0" },
    { UINT64_C(0x4058f9999999999a), "99.9" },
    { UINT64_C(0x3fb999999999999a), "0.1" },
    { UINT64_C(0x3fd5555555555555), "0.3333333333333333" },
    { UINT64_C(0x4058ff5c20000000), "99.98999786376953" },
    { UINT64_C(0x4055e3fd60000000), "87.56233978271484" },
    { UINT64_C(0x3fee666660000000), "0.949999988079071" },
    { UINT64_C(0x3f60624dd2f1a9fc), "0.002" },
    { UINT64_C(0x4011666666666666), "4.35" },
    { UINT64_C(0x0000000000000007), "3.5E-323" },
    { UINT64_C(0xbff9028d40000000), "-1.5631229877471924" },
    { UINT64_C(0x4017cde580000000), "5.951070785522461" },
    { UINT64_C(0x4027340d20000000), "11.601662635803223" },
    { UINT64_C(0x40178968c0000000), "5.884188652038574" },
    { UINT64_C(0x4040cec5a0000000), "33.61540603637695" },
    { UINT64_C(0x40583292e0000000), "96.79021453857422" },
    { UINT64_C(0x404e441920000000), "60.53201675415039" },
    { UINT64_C(0x40570d01c0000000), "92.20323181152344" },
    { UINT64_C(0x4031ebc1a0000000), "17.920923233032227" },
    { UINT64_C(0x404dbe5720000000), "59.48703384399414" },
    { UINT64_C(0x404efe3ec0000000), "61.986289978027344" },
    { UINT64_C(0x4056e1d180000000), "91.52841186523438" },
    { UINT64_C(0x45d06c0a60000000), "2.0329492560848643E28" },
    { UINT64_C(0xbd32c22300000000), "-6.664303440692687E-14" },
    { UINT64_C(0x8b351521729f3da6), "-1.1232764229661454E-254" },
    { UINT64_C(0x0cba2939776083c8), "2.3385058649113476E-247" },
    { UINT64_C(0xc683b0cc40000000), "-4.992164392314353E31" },
    { UINT64_C(0x3c7802e600000000), "2.0826501999953915E-17" },
    { UINT64_C(0x3dd00895a0000000), "5.8329653607192E-11" },
    { UINT64_C(0xf7cd3fd67ea15244), "-1.2072094105850679E269" },
    { UINT64_C(0xbc3c7e093d18e7f1), "-1.5445722213597182E-18" },
    { UINT64_C(0xf718f38dff3aaeed), "-5.028412047807821E265" },
    { UINT64_C(0xb5594fa4b5369c1a), "-1.0570411491107334E-51" },
    { UINT64_C(0xb96ffb4020000000), "-4.9275221492437117E-32" },
};

static float
float_of(uint32_t bits)
{
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static double
double_of(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static void
floats_are_printed_as_java_17_prints_them(void **state)
{
    char made[JAVA_NUMBER_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(floats); i++) {
        java_float(made, float_of(floats[i].bits));
        assert_string_equal(made, floats[i].text);
    }
}

static void
doubles_are_printed_as_java_17_prints_them(void **state)
{
    char made[JAVA_NUMBER_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(doubles); i++) {
        java_double(made, double_of(doubles[i].bits));
        assert_string_equal(made, doubles[i].text);
    }
}

static void
where_java_17_has_digits_too_many_java_19_is_followed(void **state)
{
    static const struct {
        double value;
        const char *java_17, *java_19;
    } rows[] = {
        { 2e23, "1.9999999999999998E23", "2.0E23" },
        { 1e23, "9.999999999999999E22", "1.0E23" },
        { 8.41e21, "8.409999999999999E21", "8.41E21" },
        { 1e-323, "1.0E-323", "9.9E-324" },
    };
    char made[JAVA_NUMBER_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        java_double(made, rows[i].value);
        assert_string_equal(made, rows[i].java_19);
        assert_string_not_equal(made, rows[i].java_17);
    }
    java_float(made, 2.50053775E10f); /* as Java 17 has it */
    assert_string_equal(made, "2.5005378E10");
    java_float(made, 1.17549435E-38f);
    assert_string_equal(made, "1.1754944E-38");
}

static void
every_float_below_the_normal_range_reads_back(void **state)
{
    char made[JAVA_NUMBER_SIZE];

    (void)state;
    for (uint32_t bits = 1; bits < UINT32_C(0x00800000); bits += 97) {
        java_float(made, float_of(bits));
        assert_true(strtof(made, NULL) == float_of(bits));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_are_printed_as_java_17_prints_them),
        cmocka_unit_test(doubles_are_printed_as_java_17_prints_them),
        cmocka_unit_test(where_java_17_has_digits_too_many_java_19_is_followed),
        cmocka_unit_test(every_float_below_the_normal_range_reads_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
