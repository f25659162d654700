#include "java.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lays out 0.d1d2d3… × 10^point: plainly from 10^-3 up to 10^7, else as 1.5E10
 * (Double.toString()). */
static void
lay_out(char *out, bool negative, const char *digits, int point)
{
    int count = (int)strlen(digits);
    const char *sign = negative ? "-" : "";

    if (point > 7 || point < -2)
        snprintf(out, JAVA_NUMBER_SIZE, "%s%c.%sE%d", sign, digits[0], count > 1 ? digits + 1 : "0",
            point - 1);
    else if (point <= 0)
        snprintf(out, JAVA_NUMBER_SIZE, "%s0.%.*s%s", sign, -point, "00", digits);
    else if (count > point)
        snprintf(out, JAVA_NUMBER_SIZE, "%s%.*s.%s", sign, point, digits, digits + point);
    else
        snprintf(out, JAVA_NUMBER_SIZE, "%s%s%.*s.0", sign, digits, point - count, "0000000");
}

/* Takes "-1.250e+02" apart and lays it out again. */
static void
rewrite(char *out, const char *scientific)
{
    bool negative = scientific[0] == '-';
    const char *exponent = strchr(scientific, 'e');
    char digits[JAVA_NUMBER_SIZE];
    int count = 0;

    for (const char *at = scientific; at < exponent; at++)
        if (*at >= '0' && *at <= '9')
            digits[count++] = *at;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    digits[count] = '\0';
    lay_out(out, negative, digits, digits[0] == '0' ? 1 : atoi(exponent + 1) + 1);
}

static bool
not_finite(char *out, double value)
{
    if (isfinite(value))
        return false;
    snprintf(out, JAVA_NUMBER_SIZE, "%s",
        isnan(value) ? "NaN" : (value > 0 ? "Infinity" : "-Infinity"));
    return true;
}

/*
 * Java's rule since JDK 19 (Double.toString(), Float.toString()): of the decimals that read back as the
 * number those with the fewest digits, but with two at least; of these the nearest. JDKs before it print
 * a digit too many now and then: of what was compared, only in numbers of 2^24 (2^53) or more, in those
 * below the normal range, and in some powers of two. On which one the service runs is not known; what it
 * is known to print, percentages and thresholds, reads the same on both, and the rule is the simpler one.
 *
 * In the normal range any decimal of `sure` digits reads back as itself, so a shorter one shows as zeros
 * at the end. Some powers of two get a digit more than the rule has it, as on old JDKs: there the
 * shortest is not the number rounded.
 */
static void
print_fewest(char *out, double value, bool is_float)
{
    bool is_normal = fabs(value) >= (is_float ? (double)FLT_MIN : DBL_MIN);
    int sure = is_float ? FLT_DIG : DBL_DIG, most = is_float ? FLT_DECIMAL_DIG : DBL_DECIMAL_DIG;
    int digits = is_normal ? sure : 2;
    char made[JAVA_NUMBER_SIZE];
    double read;

    do {
        snprintf(made, sizeof made, "%.*e", digits - 1, value);
        read = is_float ? (double)strtof(made, NULL) : strtod(made, NULL);
    } while (read != value && digits++ < most);
    rewrite(out, made);
}

void
java_double(char out[JAVA_NUMBER_SIZE], double value)
{
    if (!not_finite(out, value))
        print_fewest(out, value, false);
}

void
java_float(char out[JAVA_NUMBER_SIZE], float value)
{
    if (!not_finite(out, (double)value))
        print_fewest(out, (double)value, true);
}
