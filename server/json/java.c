#include "java.h"

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

void
java_double(char out[JAVA_NUMBER_SIZE], double value)
{
    char made[JAVA_NUMBER_SIZE];
    int digits = 15; /* any decimal of 15 digits survives a double, and 17 always suffice */

    if (not_finite(out, value))
        return;
    do
        snprintf(made, sizeof made, "%.*e", digits - 1, value);
    while (strtod(made, NULL) != value && digits++ < 17);
    rewrite(out, made);
}

void
java_float(char out[JAVA_NUMBER_SIZE], float value)
{
    char made[JAVA_NUMBER_SIZE];
    int digits = 6; /* likewise: 6 and 9 */

    if (not_finite(out, (double)value))
        return;
    do
        snprintf(made, sizeof made, "%.*e", digits - 1, (double)value);
    while (strtof(made, NULL) != value && digits++ < 9);
    rewrite(out, made);
}
