#include "number.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Decimal digits; how many. */
static size_t
print_digits(char *out, uint64_t value)
{
    char digits[20];
    size_t count = 0;

    do
        digits[sizeof digits - ++count] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    memcpy(out, digits + sizeof digits - count, count);
    return count;
}

static uint64_t
size_of(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

/*
 * Real confidences read 99.99999237060547: 32-bit floats, widened, and printed with the fewest
 * digits that make the same double (observed). So 100 is printed as Java prints it, 100.0
 * (inferred; any number would do).
 */
size_t
json_print_float(char out[JSON_NUMBER_SIZE], double value)
{
    static float printed; /* the last, as who polls is told the same score again */
    static char print[JSON_NUMBER_SIZE] = "0.0";
    static size_t length = 3;

    assert(isfinite((float)value)); /* JSON has no other numbers */
    if ((float)value != printed || printed == 0) {
        printed = (float)value;
        java_double(print, (double)printed);
        length = strlen(print);
    }
    memcpy(out, print, length + 1);
    return length;
}

size_t
json_print_long(char out[JSON_NUMBER_SIZE], int64_t value)
{
    size_t length = value < 0;

    out[0] = '-';
    length += print_digits(out + length, size_of(value));
    out[length] = '\0';
    return length;
}

/* Seconds with three decimals: "1533422155.042". The SDKs read E notation as well; people do
 * not. */
size_t
json_print_timestamp(char out[JSON_NUMBER_SIZE], int64_t ms)
{
    size_t length = ms < 0;
    unsigned rest = (unsigned)(size_of(ms) % 1000);

    out[0] = '-';
    length += print_digits(out + length, size_of(ms) / 1000);
    out[length++] = '.';
    out[length++] = (char)('0' + rest / 100);
    out[length++] = (char)('0' + rest / 10 % 10);
    out[length++] = (char)('0' + rest % 10);
    out[length] = '\0';
    return length;
}

cJSON *
json_long(int64_t value)
{
    char made[JSON_NUMBER_SIZE];

    json_print_long(made, value);
    return cJSON_CreateRaw(made);
}

bool
json_number(const cJSON *json, double *value)
{
    char *end;

    if (cJSON_IsNumber(json)) {
        *value = json->valuedouble;
        return true;
    }
    if (!cJSON_IsRaw(json) || strspn(json->valuestring, "-0123456789") == 0)
        return false;
    *value = strtod(json->valuestring, &end);
    return *end == '\0';
}

int64_t
json_integer(const cJSON *json)
{
    double value = 0;

    json_number(json, &value);
    if (isnan(value))
        return 0;
    if (value >= 0x1p63)
        return INT64_MAX;
    if (value < -0x1p63)
        return INT64_MIN;
    return (int64_t)value;
}
